"""`croissant.json` is right by the library that reads it, and the card shows the gold it speaks of."""

import hashlib
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from claimbench import InputError, corpus_path, load_corpus
from claimbench.publishing import CANARY, VERSION, build
from claimbench.publishing.configs import configs
from claimbench.records import LABELS

# Deprecated by rdflib and pandas, still used by rdflib itself and by mlcroissant.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning:rdflib"),
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index:DeprecationWarning"),
]


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError("tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def mlcroissant() -> Any:
    return pytest.importorskip("mlcroissant")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(corpus_path(), tmp_path / "corpus"))


def metadata(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((root / "croissant.json").read_text(encoding="utf-8"))
    return loaded


def plain(value: Any) -> Any:
    """A record as a row holds it: names without the path of their field, text instead of bytes."""
    if isinstance(value, dict):
        return {key.rpartition("/")[2]: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.decode() if isinstance(value, bytes) else value


def described(row: Any, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """The part of a row that the fields describe; a structure that is null has nothing but nulls."""
    result = {}
    for field in fields:
        value, parts = (row or {}).get(field["name"]), field.get("subField")
        if parts and field.get("repeated"):
            value = [described(item, parts) for item in value]
        elif parts:
            value = described(value, parts)
        result[field["name"]] = value
    return result


def test_mlcroissant_finds_no_error(mlcroissant: Any) -> None:
    """The metadata is valid, and nothing recommended is missing but a date of publication."""
    issues = mlcroissant.Dataset(corpus_path() / "croissant.json").metadata.ctx.issues
    assert issues.errors == set()
    assert [text for text in issues.warnings if "datePublished" not in text] == []


def test_records_are_the_published_rows(mlcroissant: Any) -> None:
    """Every record set gives the rows of its config over all splits, column by column, nested ones too."""
    dataset = mlcroissant.Dataset(corpus_path() / "croissant.json")
    record_sets = {entry["@id"]: entry for entry in metadata(corpus_path())["recordSet"]}
    published = {config.name: config for config in configs(load_corpus())}
    assert set(record_sets) == set(published)
    for name, entry in record_sets.items():
        records = {record["id"]: record for record in map(plain, dataset.records(name))}
        rows = [row for rows in published[name].splits.values() for row in rows]
        assert records == {row["id"]: described(row, entry["field"]) for row in rows}


def test_records_have_the_canonical_texts(mlcroissant: Any) -> None:
    """Propositions, questions and claims come out of mlcroissant with the ids and texts people edit."""
    dataset = mlcroissant.Dataset(corpus_path() / "croissant.json")
    corpus = load_corpus()
    for name, column, canonical in (
        ("verification", "claim", {item.id: item.claim for item in corpus.verification}),
        ("questions", "question", {item.id: item.question for item in corpus.questions}),
        ("claims", "text", {claim.id: claim.text for claim in corpus.claims}),
    ):
        records = [plain(record) for record in dataset.records(name)]
        assert len(records) == len(canonical)
        assert {record["id"]: record[column] for record in records} == canonical


def test_what_is_left_out_is_said() -> None:
    """Every column and part of a column is a field or is named in the description of its record set."""
    published = {config.name: config for config in configs(load_corpus())}
    for entry in metadata(corpus_path())["recordSet"]:
        fields = {field["name"]: field for field in entry["field"]}
        for column, shape in published[entry["@id"]].fields.items():
            inner = shape[0] if isinstance(shape, list) else shape
            if column not in fields:
                assert f"`{column}`" in entry["description"]
            elif isinstance(inner, dict):
                parts = {part["name"] for part in fields[column]["subField"]}
                assert all(f"`{column}.{part}`" in entry["description"] for part in inner.keys() - parts)


def test_every_parquet_file_is_listed_with_its_digest(copy: Path) -> None:
    """The file objects are exactly the Parquet files, by relative path, with size and SHA-256."""
    listed = [node for node in metadata(copy)["distribution"] if node["@type"] == "cr:FileObject"]
    found = {path.relative_to(copy).as_posix(): path.read_bytes() for path in copy.glob("v*/**/*.parquet")}
    assert {node["contentUrl"]: (node["contentSize"], node["sha256"]) for node in listed} == {
        path: (f"{len(data)} B", hashlib.sha256(data).hexdigest()) for path, data in found.items()
    }


def test_an_altered_file_is_refused(mlcroissant: Any, copy: Path) -> None:
    """mlcroissant does not return records from a file whose digest is another one."""
    shutil.copy(copy / f"v{VERSION}/sentences/test.parquet", copy / f"v{VERSION}/claims/test.parquet")
    with pytest.raises(Exception, match="operation") as error:
        list(mlcroissant.Dataset(copy / "croissant.json").records("claims"))
    assert "not identical" in str(error.value.__cause__)


def test_the_metadata_speaks_of_this_release() -> None:
    """Version and canary are those of the release, and no address or date is made up."""
    content = metadata(corpus_path())
    assert content["version"] == VERSION
    assert CANARY in content["description"]
    assert content["url"] == f"urn:claimbench:corpus:{VERSION}"
    assert not [name for name in content if name.startswith("date")]
    assert "No licence for them is granted here" in content["license"]["description"]


def test_responsible_ai_properties_quote_the_card() -> None:
    """Every responsible-AI property has text, and every piece of it stands in the card."""
    card = " ".join((corpus_path() / "README.md").read_text(encoding="utf-8").split())
    quoted = {name: text for name, text in metadata(corpus_path()).items() if name.startswith("rai:")}
    assert set(quoted) == {
        "rai:dataAnnotationAnalysis",
        "rai:dataAnnotationProtocol",
        "rai:dataBiases",
        "rai:dataCollection",
        "rai:dataLimitations",
        "rai:dataReleaseMaintenancePlan",
        "rai:dataUseCases",
        "rai:personalSensitiveInformation",
    }
    for text in quoted.values():
        pieces = text if isinstance(text, list) else [text]
        assert pieces
        assert all(len(piece) > 20 and piece in card for piece in pieces)


def test_a_card_without_a_quoted_section_is_refused(copy: Path) -> None:
    """A card that lost a section which the metadata quotes is an error that names the section."""
    card = copy / "README.md"
    card.write_text(card.read_text(encoding="utf-8").replace("## Biases", "## Bias"), encoding="utf-8")
    with pytest.raises(InputError, match="section 'Biases'"):
        build(copy)


def test_metadata_follows_the_gold(mlcroissant: Any, copy: Path) -> None:
    """After a correction and a build, check and mlcroissant agree on the new text."""
    gold = copy / "annotation" / "claims.jsonl"
    text = load_corpus(copy).claims[0].text
    gold.write_text(gold.read_text(encoding="utf-8").replace(text, "Neu."), encoding="utf-8")
    assert "croissant.json" in build(copy, check=True)
    build(copy)
    first = next(iter(mlcroissant.Dataset(copy / "croissant.json").records("claims")))
    assert plain(first)["text"] == "Neu."


def shown(title: str) -> str:
    """What the card has under the title of an example."""
    card = (corpus_path() / "README.md").read_text(encoding="utf-8")
    example, _, _ = card.partition(f"#### {title}\n")[2].partition("<!-- generated: examples end")
    return example.partition("\n#### ")[0]


@pytest.mark.parametrize("label", LABELS)
def test_the_card_shows_an_example_of_every_label(label: str) -> None:
    """Each label has a proposition of it in three languages, with evidence in full and the rationale."""
    corpus = load_corpus()
    family = shown(f"`{label}`").split("`")[1]
    items = [item for item in corpus.verification if item.family == family]
    assert {item.label for item in items} == {label}
    for item in items:
        assert f"- {item.language}: {item.claim}\n" in shown(f"`{label}`")
    used = {sentence for group in items[0].evidence for sentence in group.sentences}
    assert all(f"`{s}` “{corpus.sentence_text(s)}”" in shown(f"`{label}`") for s in used)
    assert items[0].rationale in shown(f"`{label}`")
    in_train = [item for item in corpus.verification if item.label == label and item.split == "train"]
    assert items[0].split == "train" or not in_train


def test_the_card_shows_an_unanswerable_question() -> None:
    """The example of a question nobody can answer from the articles is one, in three languages."""
    example = shown("An unanswerable question")
    items = [q for q in load_corpus().questions if q.family == example.split("`")[1]]
    assert [item.answerable for item in items] == [False, False, False]
    assert all(f"- {item.language}: {item.question}\n" in example for item in items)


def test_the_card_counts_what_is_independent() -> None:
    """The card's composition has the numbers of sources, components, facts, propositions and questions."""
    corpus = load_corpus()
    card = (corpus_path() / "README.md").read_text(encoding="utf-8")
    sources = len({article.source for article in corpus.articles})
    assert f"{len(corpus.articles)} articles from {sources} sources" in card
    for name, column in (
        ("components", {(fact.split, fact.component) for fact in corpus.facts}),
        ("facts", {(fact.split, fact.id) for fact in corpus.facts}),
        ("propositions", {(item.split, item.family) for item in corpus.verification}),
        ("questions", {(item.split, item.family) for item in corpus.questions}),
    ):
        numbers = [sum(split == of for of, _ in column) for split in ("train", "validation", "test")]
        assert f"| {name} | {' | '.join(map(str, numbers))} | {len(column)} |" in card
