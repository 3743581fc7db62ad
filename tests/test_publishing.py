"""The published corpus says what the canonical files say, and `datasets` reads it so."""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from claimbench import InputError, corpus_path, load_corpus
from claimbench.errors import MissingExtraError
from claimbench.publishing import CANARY, VERSION, build, folder, rows_digest
from claimbench.reading.schemas import violations

CANONICAL = ("articles", "facts", "claims", "verification", "questions")
RELEASE = f"v{VERSION}"


def line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def fact(split: str) -> dict[str, Any]:
    reading = {
        "article": "meta-deal-de",
        "claims": ["meta-deal-de.c1"],
        "value": "2024-05-01",
        "status": "done",
        "certainty": "asserted",
        "attribution": None,
        "as_of": "2025-06-13",
    }
    return {
        "id": f"f-{split}",
        "statement": {"de": "Ä", "nl": "Ö", "en": "Ü"},
        "component": split,
        "split": split,
        "readings": [reading],
        "relations": [],
    }


def claim(number: int, checkworthiness: int, start: int, quantity: float) -> dict[str, Any]:
    return {
        "id": f"meta-deal-de.c{number}",
        "article": "meta-deal-de",
        "spans": [{"start": start, "end": start + 4, "quote": "Meta"}],
        "text": "„Meta“",
        "text_en": "Meta",
        "kind": "quantity",
        "certainty": "asserted",
        "attribution": None,
        "quantities": [
            {"quote": "x", "value": quantity, "unit": "money", "currency": None, "approximator": None}
        ],
        "time": None,
        "checkworthiness": checkworthiness,
        "presupposed": False,
        "duplicate_of": None,
        "fact": "f-test",
    }


def verification(number: int, language: str, split: str) -> dict[str, Any]:
    return {
        "id": f"v{number}-{language}",
        "claim": "Das war am 2025-06-13.",
        "language": language,
        "label": "supported",
        "evidence": [{"stance": "supports", "sentences": ["meta-deal-de#2", "meta-deal-de#1"]}],
        "facts": [f"f-{split}"],
        "family": f"v{number}",
        "contrast_of": None,
        "edit": None,
        "split": split,
        "sources_needed": 1,
        "rationale": "2025-06-13T10:00:00Z",
    }


def question(number: int, split: str, values: list[Any]) -> dict[str, Any]:
    answers = [{"language": "de", "text": "2025-06-13", "variants": ["2024-05-01"]}]
    answers += [{"language": "nl", "text": "x", "variants": [], "value": v, "unit": "USD"} for v in values]
    return {
        "id": f"q{number}-de",
        "question": "Wann?",
        "language": "de",
        "kind": "date",
        "answers": answers,
        "answerable": True,
        "evidence": [],
        "facts": [f"f-{split}"],
        "family": f"q{number}",
        "split": split,
        "sources_needed": 1,
        "rationale": "x",
    }


RECORDS: dict[str, list[dict[str, Any]]] = {
    "facts": [fact("test"), fact("train"), fact("validation")],
    "claims": [claim(1, 0, 0, 14300000000), claim(2, 2, 2, 14.3), claim(3, 1, 4, 49), claim(4, 1, 58, 49)],
    "verification": [
        verification(1, "de", "test"),
        verification(1, "nl", "test"),
        verification(2, "de", "train"),
        verification(3, "en", "validation"),
    ],
    "questions": [
        question(1, "test", [True, 14, 14.5, "2024-05-01", ["a", "ü"]]),
        question(2, "train", []),
        question(3, "validation", [10**15]),
    ],
}


def write_corpus(root: Path) -> Path:
    shipped = corpus_path()
    shutil.copytree(shipped / "articles", root / "articles")
    (root / "annotation").mkdir()
    shutil.copy(shipped / "annotation" / "articles.jsonl", root / "annotation")
    shutil.copy(shipped / "README.md", root)
    for kind, records in RECORDS.items():
        path = root / "annotation" / f"{kind}.jsonl"
        path.write_text("".join(map(line, records)), encoding="utf-8")
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def datasets(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    return pytest.importorskip("datasets")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    root = write_corpus(tmp_path / "corpus")
    build(root)
    return root


def manifest(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def canonical(row: dict[str, Any]) -> dict[str, Any]:
    """Undo what the card documents: added texts, JSON text, nulls for absent fields, float quantities."""
    row.pop("evidence_texts", None)
    for answer in row.get("answers", []):
        answer["value"] = answer["value"] and json.loads(answer["value"])
        for name in ("value", "unit"):
            if answer[name] is None:
                del answer[name]
    for quantity in row.get("quantities", []):
        whole = quantity["value"].is_integer()
        quantity["value"] = int(quantity["value"]) if whole else quantity["value"]
    return row


def check_loads(datasets: Any, root: Path, cache: Path) -> None:
    """Every split that load_dataset gives has the manifest's digest and, undone, the canonical lines."""
    for config, splits in manifest(root)["configs"].items():
        kept = {}
        for split, expected in splits.items():
            rows = datasets.load_dataset(str(root), config, split=split, cache_dir=str(cache))
            assert rows_digest(rows) == expected["sha256"]
            assert len(rows) == expected["rows"]
            assert "null" not in str(rows.features)
            kept |= {row["id"]: line(canonical(row)) for row in rows}
        if config in CANONICAL:
            written = (root / "annotation" / f"{config}.jsonl").read_text(encoding="utf-8")
            assert "".join(kept[json.loads(text)["id"]] for text in written.splitlines()) == written


def test_round_trip(built: Path, datasets: Any, tmp_path: Path) -> None:
    """What load_dataset returns is the canonical files byte for byte, documented additions undone."""
    assert set(manifest(built)["configs"]) == {*CANONICAL, "sentences"}
    check_loads(datasets, built, tmp_path / "cache")


def test_the_shipped_corpus_is_up_to_date() -> None:
    """Parquet, card, Croissant and manifest of the shipped corpus are those its canonical files give."""
    assert build(check=True) == []


def test_the_shipped_corpus_loads(datasets: Any, tmp_path: Path) -> None:
    """Every config and split of the shipped corpus loads, with the manifest's digest."""
    check_loads(datasets, corpus_path(), tmp_path / "cache")


def test_verification_is_the_default(built: Path, datasets: Any, tmp_path: Path) -> None:
    """Without a config load_dataset gives the verification items, their evidence with its texts."""
    loaded = datasets.load_dataset(str(built), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in loaded.items()} == {"train": 1, "validation": 1, "test": 2}
    corpus = load_corpus(built)
    row = loaded["test"][0]
    assert row["evidence_texts"] == [[corpus.sentence_text(s) for s in row["evidence"][0]["sentences"]]]


def test_features_are_declared(built: Path, datasets: Any, tmp_path: Path) -> None:
    """Columns that hold nothing but nulls and empty lists still have the types of the records."""
    text = datasets.Value("string")
    rows = datasets.load_dataset(str(built), "claims", split="test", cache_dir=str(tmp_path / "cache"))
    assert rows.features["attribution"] == {"speaker": text, "via": text}
    assert rows.features["time"] == {"quote": text, "value": text, "relative": datasets.Value("bool")}
    assert rows.features["duplicate_of"] == text
    assert rows.features["checkworthiness"] == datasets.Value("int64")
    assert rows.features["quantities"].feature["value"] == datasets.Value("float64")
    facts = datasets.load_dataset(str(built), "facts", split="test", cache_dir=str(tmp_path / "cache"))
    assert facts.features["relations"].feature["articles"] == datasets.List(text)


def test_dates_survive(built: Path, datasets: Any, tmp_path: Path) -> None:
    """ISO dates and times come back as they were written, in columns, structs and lists."""
    cache = str(tmp_path / "cache")
    item = datasets.load_dataset(str(built), "verification", split="test", cache_dir=cache)[0]
    assert item["rationale"] == "2025-06-13T10:00:00Z"
    answers = datasets.load_dataset(str(built), "questions", split="test", cache_dir=cache)[0]["answers"]
    assert (answers[0]["text"], answers[0]["variants"]) == ("2025-06-13", ["2024-05-01"])
    assert answers[4]["value"] == '"2024-05-01"'


def test_sentences_carry_their_best_claim(built: Path, datasets: Any, tmp_path: Path) -> None:
    """A sentence has the best grade of the claims that start in it; 2 is check-worthy."""
    rows = datasets.load_dataset(str(built), "sentences", split="test", cache_dir=str(tmp_path / "cache"))
    corpus = load_corpus(built)
    assert [row["id"] for row in rows] == list(corpus.sentences)
    assert all(row["text"] == corpus.sentence_text(row["id"]) for row in rows)
    graded = {row["id"]: (row["checkworthy"], row["checkworthiness"]) for row in rows}
    assert graded["meta-deal-de#1"] == (True, 2)
    assert graded["meta-deal-de#2"] == (False, 1)
    assert graded["meta-deal-de#3"] == (False, None)
    assert all(worthy == (grade == 2) for worthy, grade in graded.values())


def test_the_cache_follows_the_rows(built: Path, datasets: Any, tmp_path: Path) -> None:
    """After an edit that keeps every size, load_dataset returns the new rows from the same cache."""

    def claims() -> list[str]:
        rows = datasets.load_dataset(str(built), split="test", cache_dir=str(tmp_path / "cache"))
        return list(rows["claim"])

    before = claims()
    edit(built / "annotation" / "verification.jsonl", "Das war am", "Das ist am")
    build(built)
    assert claims() == [text.replace("war", "ist") for text in before]


def test_a_split_without_rows_is_left_out(tmp_path: Path, datasets: Any) -> None:
    """A config loads although one of its splits has no rows; that split is unknown."""
    root = write_corpus(tmp_path / "corpus")
    path = root / "annotation" / "questions.jsonl"
    path.write_text("".join(map(line, RECORDS["questions"][:2])), encoding="utf-8")
    build(root)
    loaded = datasets.load_dataset(str(root), "questions", cache_dir=str(tmp_path / "cache"))
    assert set(loaded) == {"train", "test"}


def test_what_a_corpus_lacks_is_said(tmp_path: Path) -> None:
    """Without questions, and with one label only, a corpus builds; its card says which examples it lacks."""
    root = write_corpus(tmp_path / "corpus")
    (root / "annotation" / "questions.jsonl").write_bytes(b"\n")
    build(root)
    card = (root / "README.md").read_text(encoding="utf-8")
    assert "#### `supported`\n\n`v2`, in train:\n" in card
    for title in ("`refuted`", "`conflicting`", "`not_enough_info`", "An unanswerable question"):
        assert f"#### {title}\n\nThe corpus has none.\n" in card
    metadata = json.loads((root / "croissant.json").read_text(encoding="utf-8"))
    assert "questions" not in {entry["@id"] for entry in metadata["recordSet"]}


def test_building_again_changes_nothing(built: Path) -> None:
    """The same canonical files give the same bytes, over an existing tree and from nothing."""
    first = tree(built)
    assert build(built) == []
    shutil.rmtree(built / RELEASE)
    (built / "manifest.json").unlink()
    assert f"{RELEASE}/verification/test.parquet" in build(built)
    assert tree(built) == first


def test_equal_rows_in_other_bytes_are_kept(built: Path) -> None:
    """A Parquet file from another writer that holds exactly the same table is not replaced."""
    pq = pytest.importorskip("pyarrow.parquet")
    path = built / RELEASE / "facts" / "test.parquet"
    before = path.read_bytes()
    pq.write_table(pq.ParquetFile(path).read(), path, compression="gzip")
    other = path.read_bytes()
    assert other != before
    assert build(built) == ["croissant.json", "manifest.json"]
    assert path.read_bytes() == other


def test_stale_trees_are_found(built: Path) -> None:
    """With check, edits of records, card, Parquet and guidelines are reported and nothing is written."""
    assert build(built, check=True) == []
    pieces = built / RELEASE / "questions"
    edit(built / "annotation" / "verification.jsonl", '"label": "supported"', '"label": "refuted"')
    edit(built / "README.md", "| `facts` | train | 1 |", "| `facts` | train | 2 |")
    (pieces / "train.parquet").write_bytes(b"no Parquet")
    (pieces / "test.parquet").unlink()
    (pieces / "extra.parquet").write_bytes(b"left over")
    before = tree(built)
    expected = [
        "README.md",
        "croissant.json",
        "manifest.json",
        *(f"{RELEASE}/questions/{name}.parquet" for name in ("extra", "test", "train")),
        *(f"{RELEASE}/verification/{name}.parquet" for name in ("test", "train", "validation")),
    ]
    assert build(built, check=True) == expected
    assert tree(built) == before
    assert build(built) == expected
    assert build(built, check=True) == []
    assert not (pieces / "extra.parquet").exists()


def test_every_file_is_in_the_manifest(built: Path) -> None:
    """The manifest holds the SHA-256 of all other files, so a changed guideline makes it stale."""
    found = {path: hashlib.sha256(data).hexdigest() for path, data in tree(built).items()}
    del found["manifest.json"]
    assert manifest(built)["files"] == found
    (built / "annotation" / "guidelines.md").write_text("new", encoding="utf-8")
    assert build(built, check=True) == ["manifest.json"]


def test_the_manifest_fits_its_schema(built: Path) -> None:
    """The manifest is valid and counts rows by label and language."""
    content = manifest(built)
    assert list(violations("manifest", content)) == []
    assert content["digest"] == load_corpus(built).digest
    assert content["counts"]["verification"]["test"] == {
        "rows": 2,
        "language=de": 1,
        "language=nl": 1,
        "label=supported": 2,
    }


def test_every_generated_file_carries_the_canary(built: Path) -> None:
    """Card, Croissant, manifest and the metadata of every Parquet file hold the canary string."""
    pq = pytest.importorskip("pyarrow.parquet")
    assert CANARY in (built / "croissant.json").read_text(encoding="utf-8")
    assert CANARY in (built / "README.md").read_text(encoding="utf-8")
    assert manifest(built)["canary"] == CANARY
    for path in (built / RELEASE).rglob("*.parquet"):
        assert pq.read_schema(path).metadata[b"claimbench.canary"] == CANARY.encode()


@pytest.mark.parametrize("step", ["manifest_bytes", "write"])
def test_a_failing_build_leaves_the_tree_alone(
    built: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """When building or writing fails midway, every file is as it was and no temporary one is left."""
    edit(built / "annotation" / "verification.jsonl", '"label": "supported"', '"label": "refuted"')
    before = tree(built)
    original = Path.write_bytes

    def fail(*args: Any) -> int:
        raise OSError("disk full")

    def fail_late(self: Path, data: bytes) -> int:
        return fail() if "README" in self.name else original(self, data)

    with monkeypatch.context() as patch:
        if step == "write":
            patch.setattr(Path, "write_bytes", fail_late)
        else:
            patch.setattr(folder, step, fail)
        with pytest.raises(OSError, match="disk full"):
            build(built)
    assert tree(built) == before


def test_a_card_without_markers_is_refused(built: Path) -> None:
    """A card in which a generated part cannot be placed is an error that names the marker."""
    edit(built / "README.md", "<!-- generated: counts end -->", "")
    with pytest.raises(InputError, match="generated: counts end"):
        build(built)


def test_evidence_that_does_not_exist_is_refused(built: Path) -> None:
    """Evidence in an unknown sentence stops the build with a message that names it."""
    edit(built / "annotation" / "verification.jsonl", "meta-deal-de#2", "meta-deal-de#2000")
    with pytest.raises(InputError, match="meta-deal-de#2000"):
        build(built)


def test_missing_pyarrow_names_the_extra(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the build says which extra to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"claimbench\[datasets\]"):
        build(built)
