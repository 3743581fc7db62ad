"""Claims to annotation tools and back, and the differences between corpora."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

import claimbench
from claimbench.cli.exchange import NAMES, diff_command, export_command, import_command
from claimbench.errors import InputError, ProblemsError
from claimbench.exchange import TOOLS, brat, difference, export_claims, import_claims

Json = Any
LAYER = "webanno.custom.Claim"
ARTICLE = "meta-talks-de"


def call(command: Any, *words: object) -> int:
    """Run a command as the group does: errors come through, the result is the exit code."""
    return command.main([str(word) for word in words], standalone_mode=False) or 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped corpus with few claims in four articles, and some in difficult places in the last."""
    root = tmp_path / "corpus"
    shutil.copytree(claimbench.corpus_path(), root, ignore=shutil.ignore_patterns("*.parquet", "passes"))
    text = _text(root)
    intel = text.index("Intel, AMD")  # after the only character that UTF-16 counts twice
    emoji = text.index("📊")
    break_at = text.index("21 Kommentare\nMeta")
    blank = text.index("\n\nNoch ist das Abkommen")
    nbsp = text.index("\xa0")
    starts = [intel, emoji, break_at, blank - 6, nbsp - 4, text.rindex("wird")]
    places = [(start, start + 22) for start in starts]
    kept = [
        line for line in _lines(root) if line["article"] == ARTICLE or line["id"].endswith((".c1", ".c2"))
    ]
    first = kept[0] | {"article": ARTICLE, "quantities": [], "time": None, "duplicate_of": None}
    last = max(_numbers(root))
    lines = [(break_at, break_at + 13), (break_at + 14, break_at + 18)]
    spans = [[place] for place in places] + [[places[4], places[0]], lines, [(69, 72), (72, 87)]]
    more = [
        first | {"id": f"{ARTICLE}.c{n}", "checkworthiness": n % 3, "spans": [_span(text, *p) for p in some]}
        for n, some in enumerate(spans, start=last + 1)
    ]
    more[0]["text"] = "Eine Zeile,\u2028noch eine."
    _write_claims(root, kept + more)
    return root


def _text(root: Path) -> str:
    return claimbench.load_corpus(root, only=("articles",)).article_by_id[ARTICLE].text


def _span(text: str, start: int, end: int) -> dict[str, Json]:
    return {"start": start, "end": end, "quote": text[start:end]}


def _lines(root: Path) -> list[dict[str, Json]]:
    return _rows(_canonical(root).decode())


def _rows(text: str) -> list[Json]:
    """The records of JSON lines; a line ends at a line feed and nowhere else."""
    return [json.loads(line) for line in text.split("\n") if line]


def _numbers(root: Path) -> list[int]:
    return [int(line["id"].rpartition(".c")[2]) for line in _lines(root) if line["article"] == ARTICLE]


def _canonical(root: Path) -> bytes:
    return (root / "annotation" / "claims.jsonl").read_bytes()


def _write_claims(root: Path, lines: list[dict[str, Json]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (root / "annotation" / "claims.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture
def export(folder: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Export that corpus to a tool and return the folder of files."""

    def to(tool: str) -> Path:
        call(export_command, "--to", tool, "--corpus", folder, "-o", tmp_path / tool)
        return tmp_path / tool

    return to


def back(files: Path, folder: Path) -> dict[str, dict[str, Json]]:
    """Import the files and return the claims by id, as JSON."""
    target = files.parent / "claims.jsonl"
    call(import_command, files, "--from", files.name, "--corpus", folder, "-o", target)
    return {line["id"]: line for line in _rows(target.read_text(encoding="utf-8"))}


def edit(path: Path, change: Callable[[Json], None]) -> None:
    """Change a JSON file, or every line of a JSONL file as one list."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        rows = _rows(text)
        change(rows)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return
    document = json.loads(text)
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def results(document: Json) -> list[Json]:
    """The results of the one annotation in a Label Studio file."""
    return document[0]["annotations"][0]["result"]


def of_claim(document: Json, name: str) -> list[Json]:
    """All results of the regions of one claim in a Label Studio file."""
    own = {r["id"] for r in results(document) if r["from_name"] == "claim" and r["value"]["text"] == [name]}
    return [r for r in results(document) if r["id"] in own]


def layer(document: Json) -> list[Json]:
    """The claim annotations in a CAS."""
    return [row for row in document["%FEATURE_STRUCTURES"] if row["%TYPE"] == LAYER]


def test_the_command_line_offers_every_tool():
    """export and import take exactly the tools there are."""
    assert tuple(TOOLS) == NAMES


@pytest.mark.parametrize("tool", NAMES)
def test_what_ships_comes_back_byte_for_byte(tool, tmp_path):
    """Exporting and importing the shipped claims without a change gives the file they came from."""
    call(export_command, "--to", tool, "-o", tmp_path / tool)
    call(import_command, tmp_path / tool, "--from", tool, "-o", tmp_path / "claims.jsonl")
    assert (tmp_path / "claims.jsonl").read_bytes() == _canonical(claimbench.corpus_path())


@pytest.mark.parametrize("tool", NAMES)
def test_difficult_places_come_back(tool, folder, export):
    """Spans after and around an emoji, with no-break spaces and over line breaks survive every tool."""
    files = export(tool)
    call(import_command, files, "--from", tool, "--corpus", folder, "-o", files / "back")
    assert (files / "back").read_bytes() == _canonical(folder)


def test_the_fixture_is_difficult(folder):
    """The claims added for the tests hold an emoji, a no-break space and a line break, and repeat a quote."""
    quotes = [span["quote"] for line in _lines(folder)[-9:] for span in line["spans"]]
    for char in ("📊", "\xa0", "\n"):
        assert any(char in quote for quote in quotes)


def test_each_tool_gets_its_unit(folder, export):
    """Label Studio and brat count code points, UIMA counts UTF-16 code units."""
    span = _lines(folder)[-9]["spans"][0]
    name = _lines(folder)[-9]["id"]
    studio = json.loads((export("label-studio") / f"{ARTICLE}.json").read_text(encoding="utf-8"))
    assert {(r["value"]["start"], r["value"]["end"]) for r in of_claim(studio, name)} == {
        (span["start"], span["end"])
    }
    cas = json.loads((export("inception") / f"{ARTICLE}.json").read_text(encoding="utf-8"))
    text = cas["%FEATURE_STRUCTURES"][0]["sofaString"].encode("utf-16-le")
    row = next(row for row in layer(cas) if row["claim"] == name)
    assert row["begin"] == span["start"] + 1
    assert text[2 * row["begin"] : 2 * row["end"]].decode("utf-16-le") == span["quote"]
    ann = (export("brat") / f"{ARTICLE}.ann").read_text(encoding="utf-8")
    assert f" {span['start']} {span['end']}\t{span['quote']}\n" in ann


def test_brat_rows_are_what_brat_demands(folder, export):
    """Every row's text is its fragments joined by spaces, and no fragment touches another or has a break."""
    files = export("brat")
    rows = [
        (path.with_suffix(".txt").read_text(encoding="utf-8"), row.split("\t"))
        for path in files.glob("*.ann")
        for row in path.read_text(encoding="utf-8").split("\n")
        if row.startswith("T")
    ]
    assert len(rows) == len(_lines(folder))
    for text, (_, data, quote) in rows:
        pairs = [tuple(map(int, p.split())) for p in data.split(" ", 1)[1].split(";")]
        fragments = [text[start:end] for start, end in pairs]
        assert quote == " ".join(fragments)
        assert not any(set(f) & {"\n", "\t"} or f != f.strip() for f in fragments)
        assert all(b[0] > a[1] for a, b in pairwise(pairs))


def test_brat_files_have_no_other_line_ends(folder, export):
    """Characters that some readers take for line ends are escaped in notes."""
    text = (export("brat") / f"{ARTICLE}.ann").read_text(encoding="utf-8")
    assert "Eine Zeile,\\u2028noch eine." in text
    assert text.splitlines() == text.split("\n")[:-1]


def test_brat_splits_at_tabs_too(folder):
    """A span over a tab becomes two fragments, for a tab ends a column of brat's files."""
    corpus = claimbench.load_corpus(folder)
    article = corpus.article_by_id[ARTICLE]
    claim = next(c for c in corpus.claims if c.article == ARTICLE and "\xa0" in c.spans[0].quote)
    tabbed = msgspec.structs.replace(article, text=article.text.replace("\xa0", "\t"))
    row = brat.files(tabbed, [claim])[f"{ARTICLE}.ann"].decode().split("\n")[0]
    assert row.count("\t") == 2
    assert row.count(";") == 1


def test_brat_configuration_covers_the_annotations(export):
    """annotation.conf declares every type, attribute and value that the files use."""
    files = export("brat")
    conf = (files / "annotation.conf").read_text(encoding="utf-8")
    declared = {row.split()[0]: row.rpartition("Value:")[2].split("|") for row in conf.split("\n") if row}
    for path in files.glob("*.ann"):
        for row in path.read_text(encoding="utf-8").splitlines():
            words = row.split("\t")[1].split()
            assert words[0] in declared or words[0] == "AnnotatorNotes"
            if row.startswith("A") and words[0] != "presupposed":
                assert words[2] in declared[words[0]]


def test_label_studio_configuration_covers_the_results(export):
    """Each result names a control of its type in the configuration, with that option."""
    files = export("label-studio")
    config = ElementTree.parse(files / "labelling-config.xml").getroot()
    controls = {tag.get("name"): tag for tag in config.iter() if tag.get("toName") == "article"}
    for path in files.glob("*.json"):
        for result in results(json.loads(path.read_text(encoding="utf-8"))):
            control = controls[result["from_name"]]
            assert control.tag.lower() == result["type"]
            if result["type"] != "textarea":
                assert set(result["value"][result["type"]]) <= {option.get("value") for option in control}


def test_label_studio_regions_begin_with_their_label(export):
    """The first result of each region is its label, from which the editor makes the region."""
    document = json.loads((export("label-studio") / f"{ARTICLE}.json").read_text(encoding="utf-8"))
    first = {result["id"]: result["type"] for result in reversed(results(document))}
    assert set(first.values()) == {"labels"}


def test_inception_layer_has_the_features(export):
    """The type system and the CAS declare every feature that an annotation carries."""
    files = export("inception")
    description = ElementTree.parse(files / "typesystem.xml").getroot()
    names = {tag.text for tag in description.iter() if tag.tag.endswith("}name")}
    cas = json.loads((files / f"{ARTICLE}.json").read_text(encoding="utf-8"))
    used = {key for row in layer(cas) for key in row if not key.startswith(("%", "@"))} - {"begin", "end"}
    assert used <= names
    assert used <= cas["%TYPES"][LAYER].keys()
    assert set(cas["%VIEWS"]["_InitialView"]["%MEMBERS"]) >= {row["%ID"] for row in layer(cas)}


def _relabel(tool: str, files: Path, name: str) -> None:
    """Give a claim of one span another text, kind and check-worthiness, and take a word off its span."""
    if tool == "brat":
        path = files / f"{ARTICLE}.ann"
        rows = path.read_text(encoding="utf-8").split("\n")
        at = next(i for i, row in enumerate(rows) if f'"id": "{name}"' in row)
        bound = rows[at].split()[2]
        note = json.loads(rows[at].split("\t")[2]) | {"text": "Neu."}
        rows[at] = f"#1\tAnnotatorNotes {bound}\t{json.dumps(note)}"
        for i, row in enumerate(rows):
            if row.startswith(f"{bound}\t"):
                _, data, quote = row.split("\t")
                start, end = data.split()[1:]
                word = quote.rpartition(" ")[2]
                rows[i] = f"{bound}\ttime {start} {int(end) - len(word) - 1}\t{quote[: -len(word) - 1]}"
            elif f"checkworthiness {bound} " in row:
                rows[i] = row[:-1] + "0"
        path.write_text("\n".join(rows), encoding="utf-8")
        return

    def studio(document: Json) -> None:
        for result in of_claim(document, name):
            value = result["value"]
            word = value["text"].rpartition(" ")[2] if result["type"] == "labels" else ""
            new = {"text": ["Neu."], "checkworthiness": ["0"], "kind": ["time"]}.get(result["from_name"])
            if new:
                value[{"textarea": "text"}.get(result["type"], result["type"])] = new
            if word:
                value |= {"end": value["end"] - len(word) - 1, "text": value["text"][: -len(word) - 1]}

    def inception(document: Json) -> None:
        text = document["%FEATURE_STRUCTURES"][0]["sofaString"]
        row = next(row for row in layer(document) if row["claim"] == name)
        end = text.rindex(" ", row["begin"], row["end"])
        row |= {"text": "Neu.", "kind": "time", "checkworthiness": "0", "end": end}

    def plain(rows: Json) -> None:
        row = next(row for row in rows if row["id"] == name)
        span = row["spans"][0]
        span["quote"] = span["quote"].rpartition(" ")[0]
        row |= {"text": "Neu.", "kind": "time", "checkworthiness": 0}

    change = {"label-studio": studio, "inception": inception, "jsonl": plain}[tool]
    edit(files / f"{ARTICLE}{TOOLS[tool].SUFFIX}", change)


@pytest.mark.parametrize("tool", NAMES)
def test_corrections_come_through_and_nothing_else(tool, folder, export):
    """A changed text, kind, check-worthiness and span arrive in their claim; all others stay as they were."""
    files = export(tool)
    old = {line["id"]: line for line in _lines(folder)}
    name = f"{ARTICLE}.c1"
    _relabel(tool, files, name)
    new = back(files, folder)
    quote = old[name]["spans"][0]["quote"].rpartition(" ")[0]
    changed = {"text": "Neu.", "kind": "time", "checkworthiness": 0, "spans": [_cut(old[name], quote)]}
    assert new == old | {name: old[name] | changed}


def _cut(claim: dict[str, Json], quote: str) -> dict[str, Json]:
    start = claim["spans"][0]["start"]
    return {"start": start, "end": start + len(quote), "quote": quote}


NEW = {"text": "Neu.", "text_en": "New.", "fact": "f-new"}


def _replace_last(tool: str, files: Path, name: str) -> None:
    """Delete a claim and mark „Andreas Frischholz“ and „Meta“, at the start, as a new one in two parts."""
    parts = [(69, 87), (0, 4)]
    if tool == "brat":
        path = files / f"{ARTICLE}.ann"
        rows = path.read_text(encoding="utf-8").split("\n")
        bound = next(row for row in rows if f'"id": "{name}"' in row).split()[2]
        rows = [row for row in rows if not re.search(rf"(^|^\S+\t\S+ ){bound}\b", row)]
        note = json.dumps(NEW)
        rows += [f"{bound}\tevent 0 4;69 87\tMeta Andreas Frischholz", f"A9998\tcertainty {bound} asserted"]
        rows += [f"A9999\tcheckworthiness {bound} 0", f"#9999\tAnnotatorNotes {bound}\t{note}", ""]
        path.write_text("\n".join(rows), encoding="utf-8")
        return

    def studio(document: Json) -> None:
        gone = of_claim(document, name)
        results(document)[:] = [r for r in results(document) if r not in gone]
        for n, (start, end) in enumerate(parts):
            given = {"kind": "event", "claim": "mine"}
            given |= {} if n else NEW | {"certainty": "asserted", "checkworthiness": "0"}
            for field, text in given.items():
                way = {"kind": "labels", "certainty": "choices", "checkworthiness": "choices"}.get(field)
                value = {"start": start, "end": end, "text": document[0]["data"]["text"][start:end]}
                row = {"id": f"new{n}", "from_name": field, "to_name": "article", "type": way or "textarea"}
                results(document).append(row | {"value": value | {way or "text": [text]}})

    def inception(document: Json) -> None:
        rows = document["%FEATURE_STRUCTURES"]
        members = document["%VIEWS"]["_InitialView"]["%MEMBERS"]
        for row in [row for row in layer(document) if row["claim"] == name]:
            members.remove(row["%ID"])
        for n, (start, end) in enumerate(parts):
            number = len(rows) + 1
            row = {"%ID": number, "%TYPE": LAYER, "@sofa": 1, "begin": start, "end": end, "claim": "mine"}
            given = {} if n else NEW | {"kind": "event", "certainty": "asserted", "checkworthiness": "0"}
            rows.append(row | given)
            members.append(number)

    def plain(rows: Json) -> None:
        rows[:] = [row for row in rows if row["id"] != name]
        spans = [
            {"sentence": f"{ARTICLE}#2", "quote": "Andreas Frischholz"},
            {"sentence": f"{ARTICLE}#1", "quote": "Meta"},
        ]
        rows.append({"spans": spans, **NEW, "kind": "event", "certainty": "asserted", "checkworthiness": 0})

    change = {"label-studio": studio, "inception": inception, "jsonl": plain}[tool]
    edit(files / f"{ARTICLE}{TOOLS[tool].SUFFIX}", change)


@pytest.mark.parametrize("tool", NAMES)
def test_new_claims_get_new_ids_and_deleted_ones_go(tool, folder, export):
    """A new claim in two parts gets a number nobody had, even though the last claim is deleted."""
    files = export(tool)
    last = max(_numbers(folder))
    old = {line["id"]: line for line in _lines(folder)}
    gone, made = f"{ARTICLE}.c{last}", f"{ARTICLE}.c{last + 1}"
    _replace_last(tool, files, gone)
    new = back(files, folder)
    assert set(new) == set(old) - {gone} | {made}
    assert [span["quote"] for span in new[made]["spans"]] == ["Meta", "Andreas Frischholz"]
    assert new[made]["text_en"] == "New."
    assert (new[made]["attribution"], new[made]["quantities"], new[made]["presupposed"]) == (None, [], False)
    assert list(new) == [c.id for c in import_claims(files, tool, folder).claims]


def test_ids_in_errata_stay_retired(folder, export):
    """A number that only the errata still name is not given again."""
    last = max(_numbers(folder))
    entry = {"id": f"{ARTICLE}.c{last + 5}", "version": "0.9.0", "reason": "was no claim"}
    (folder / "annotation" / "errata.jsonl").write_text(json.dumps(entry) + "\n")
    files = export("jsonl")
    _replace_last("jsonl", files, f"{ARTICLE}.c{last}")
    assert import_claims(files, "jsonl", folder).added == (f"{ARTICLE}.c{last + 6}",)


def test_articles_without_a_file_keep_their_claims(folder, export, capsys):
    """One article's file can be imported alone; the others are named and stay as they are."""
    files = export("brat")
    for path in files.glob("*-de.ann"):
        path.unlink()
    assert list(back(files, folder)) == [line["id"] for line in _lines(folder)]
    assert "no file for google-exit-de, meta-bet-de, meta-deal-de, meta-talks-de" in capsys.readouterr().err


def test_an_article_may_lose_all_its_claims(folder, export):
    """An emptied file means that its article has no claims left."""
    for tool in ("brat", "jsonl"):
        files = export(tool)
        (files / f"{ARTICLE}{TOOLS[tool].SUFFIX}").write_bytes(b"")
        found = import_claims(files, tool, folder)
        assert len(found.removed) == len(_numbers(folder))
        assert {c.article for c in found.claims} == {c["article"] for c in _lines(folder)} - {ARTICLE}


def refused(files: Path, folder: Path) -> str:
    """Import into a file that exists; the file must stay, and the message is returned."""
    target = files.parent / "claims.jsonl"
    target.write_text("before")
    with pytest.raises(ProblemsError) as caught:
        call(import_command, files, "--from", files.name, "--corpus", folder, "-o", target)
    assert target.read_text() == "before"
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize("tool", ["label-studio", "brat", "jsonl"])
def test_a_quote_that_is_not_the_text_is_refused(tool, folder, export):
    """A quote other than the text at its place is named with file and place, and nothing is written."""
    files = export(tool)
    path = files / f"{ARTICLE}{TOOLS[tool].SUFFIX}"
    text = path.read_text(encoding="utf-8")
    quote = "Meta: 10 Mrd. Dollar für KI-Start-up"
    at = text.index(f'"{quote}"') + 1 if tool == "label-studio" else text.rindex(quote)
    path.write_text(text[:at] + "Meta: 11" + text[at + 8 :], encoding="utf-8")
    message = refused(files, folder)
    place = {
        "label-studio": "meta-talks-de.json /0/annotations/0/result/",
        "brat": f"meta-talks-de.ann:{text[:at].count(chr(10)) + 1}: ",
        "jsonl": f"meta-talks-de.jsonl:{text[:at].count(chr(10)) + 1} /spans/0: ",
    }
    assert place[tool] in message
    assert "Meta: 11" in message


@pytest.mark.parametrize("tool", ["label-studio", "brat", "inception"])
def test_another_text_is_refused(tool, folder, export):
    """Offsets into a text that is not the article's are refused, with the place where the two part."""
    files = export(tool)
    path = files / f"{ARTICLE}{'.txt' if tool == 'brat' else '.json'}"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Andreas Frischholz", "Andreas  Frischholz", 1), encoding="utf-8")
    message = refused(files, folder)
    assert f"{path}" in message
    assert f"not the text of {ARTICLE}: expected 'Frischholz" in message


def test_utf16_offsets_inside_a_character_are_refused(folder, export):
    """An annotation that ends in the middle of a surrogate pair is named by its pointer."""
    files = export("inception")
    emoji = _text(folder).index("📊")

    def halve(document: Json) -> None:
        layer(document)[0]["begin"] = emoji + 1

    edit(files / f"{ARTICLE}.json", halve)
    assert "/%FEATURE_STRUCTURES/" in (message := refused(files, folder))
    assert "expected begin and end at characters of the text" in message


def _set(**values: Json) -> Callable[[Json], None]:
    return lambda rows: rows[1].update(values)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_set(kind="plam"), "/kind: meta-talks-de.c2: expected one of"),
        (_set(checkworthiness=5), "/checkworthiness: meta-talks-de.c2: expected one of 0, 1, 2"),
        (_set(id="meta-talks-de.c999"), "/id: meta-talks-de.c999: meta-talks-de has no such claim"),
        (_set(id="meta-talks-de.c1"), "/id: meta-talks-de.c1: is there twice"),
        (_set(id="google-exit-de.c1"), "/id: google-exit-de.c1: meta-talks-de has no such claim"),
        (_set(id=7), "/id: expected a string, got 7"),
        (_set(spans="all"), "/spans: meta-talks-de.c2: expected a list"),
        (_set(spans=[]), "/spans: meta-talks-de.c2: needs at least 1 entries"),
        (
            _set(spans=[{"sentence": "meta-talks-de#1"}]),
            "/spans/0: meta-talks-de.c2: Object missing required",
        ),
        (_set(spans=[{"sentence": "meta-talks-de#99", "quote": "Meta"}]), "no sentence 'meta-talks-de#99'"),
        (_set(spans=[{"sentence": "meta-talks-de#1", "quote": "KI"}]), "contains 'KI' 2 times; say which"),
        (_set(spans=[{"sentence": "meta-talks-de#1", "quote": "Meta"}] * 2), "the end of the part before"),
        (_set(txt="x"), "unknown field 'txt' (did you mean 'text'?)".replace("'txt'", '"txt"')),
        (lambda rows: rows[1].pop("text_en"), "meta-talks-de.c2: field 'text_en' is missing"),
        (lambda rows: rows.append([]), ": expected an object, got []"),
    ],
)
def test_wrong_lines_are_named_with_line_and_pointer(change, expected, folder, export):
    """What does not fit the schema or the corpus is told with file, line, pointer and id."""
    files = export("jsonl")
    edit(files / f"{ARTICLE}.jsonl", change)
    message = refused(files, folder)
    assert expected in message
    assert f"{ARTICLE}.jsonl:" in message


def test_occurrence_chooses_among_equal_quotes(folder, export):
    """Where a quote is in its sentence twice, "occurrence" decides which one is meant."""
    files = export("jsonl")
    anchor = {"sentence": f"{ARTICLE}#1", "quote": "KI", "occurrence": 2}
    edit(files / f"{ARTICLE}.jsonl", _set(spans=[anchor]))
    start = _text(folder).index("KI", 26)
    assert back(files, folder)[f"{ARTICLE}.c2"]["spans"] == [
        {"start": start, "end": start + 2, "quote": "KI"}
    ]


def test_a_made_up_name_can_be_referred_to(folder, export):
    """duplicate_of may name a new claim by the name it has in the file; it gets the new id."""
    files = export("jsonl")

    def repeat(rows: Json) -> None:
        first = rows[0] | {"id": "mine"}
        rows[1]["duplicate_of"] = "mine"
        rows.append(first)

    edit(files / f"{ARTICLE}.jsonl", repeat)
    assert back(files, folder)[f"{ARTICLE}.c2"]["duplicate_of"] == f"{ARTICLE}.c{max(_numbers(folder)) + 1}"


def _two_parts(root: Path) -> dict[str, Json]:
    return next(line for line in _lines(root) if line["article"] == ARTICLE and len(line["spans"]) == 2)


def test_parts_that_disagree_are_refused(folder, export):
    """Two parts of one claim with different kinds are named, not guessed about."""
    files = export("inception")
    name = _two_parts(folder)["id"]

    def change(document: Json) -> None:
        [row for row in layer(document) if row["claim"] == name][1]["kind"] = "time"

    edit(files / f"{ARTICLE}.json", change)
    assert f"{name} /kind: the parts of one claim disagree" in refused(files, folder)


@pytest.mark.parametrize("tool", ["label-studio", "inception"])
def test_a_claim_outlives_its_first_part(tool, folder, export):
    """When the part that carries the fields is deleted, the claim keeps them and loses that span only."""
    files = export(tool)
    claim = _two_parts(folder)

    def studio(document: Json) -> None:
        first = of_claim(document, claim["id"])[0]["id"]
        results(document)[:] = [r for r in results(document) if r["id"] != first]

    def inception(document: Json) -> None:
        first = next(row for row in layer(document) if row["claim"] == claim["id"])
        document["%FEATURE_STRUCTURES"].remove(first)
        document["%VIEWS"]["_InitialView"]["%MEMBERS"].remove(first["%ID"])

    edit(files / f"{ARTICLE}.json", {"label-studio": studio, "inception": inception}[tool])
    assert back(files, folder)[claim["id"]] == claim | {"spans": claim["spans"][1:]}


def test_an_emptied_field_is_empty(folder, export):
    """Deleting the text of an optional field deletes the field; it does not come back from the corpus."""
    claim = next(c for c in _lines(folder) if c["article"] == ARTICLE and c["duplicate_of"])
    files = export("label-studio")

    def change(document: Json) -> None:
        results(document)[:] = [
            r
            for r in results(document)
            if r not in of_claim(document, claim["id"]) or r["from_name"] != "duplicate_of"
        ]

    edit(files / f"{ARTICLE}.json", change)
    assert back(files, folder)[claim["id"]]["duplicate_of"] is None


def test_label_studio_exports_all_tasks_in_one_file(folder, export):
    """A project's own export, one list with all tasks and cancelled annotations in it, is read too."""
    files = export("label-studio")
    tasks = []
    for path in sorted(files.glob("*.json")):
        tasks += json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
    for task in tasks:
        task["annotations"].insert(0, {"result": [], "was_cancelled": True})
    (files / "project-1.json").write_text(json.dumps(tasks), encoding="utf-8")
    assert list(back(files, folder).values()) == _lines(folder)


def test_a_cas_may_have_any_name(folder, export):
    """INCEpTION names files by the person who annotated; the text says which article it is."""
    files = export("inception")
    (files / f"{ARTICLE}.json").rename(files / "admin.json")
    assert list(back(files, folder).values()) == _lines(folder)


def test_two_annotations_of_a_task_are_refused(folder, export):
    """Which of two people's annotations counts is not for the import to decide."""
    files = export("label-studio")
    edit(files / f"{ARTICLE}.json", lambda document: document[0]["annotations"].append({"result": []}))
    assert f"expected one annotation of {ARTICLE}, got 2 annotations" in refused(files, folder)


def test_brat_joins_what_it_split_at_a_line_break(folder, export):
    """A span drawn over a line break, which brat stores in two fragments, is one span again."""
    files = export("brat")
    text = _text(folder)
    row = f"T999\tevent 77 87;88 101\t{text[77:87]} {text[88:101]}\n"
    rest = "A998\tcertainty T999 asserted\nA999\tcheckworthiness T999 0\n"
    with (files / f"{ARTICLE}.ann").open("a", encoding="utf-8") as file:
        file.write(row + rest + f"#999\tAnnotatorNotes T999\t{json.dumps(NEW)}\n")
    made = f"{ARTICLE}.c{max(_numbers(folder)) + 1}"
    assert back(files, folder)[made]["spans"] == [_span(text, 77, 101)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("R1\tsame Arg1:T1 Arg2:T2", "expected a text-bound annotation, an attribute or a note"),
        ("T998\tevent 0\tMeta", "expected a kind, a space and 'start end' pairs"),
        ("T998\tevent 0 99999\tMeta", "expected offsets in a text of 2650 code points"),
        ("T1\tevent 0 4\tMeta", "T1 is on an earlier line already"),
        ("A998\tcertainty T998 asserted", "there is no T998"),
        ("A998\tcertainty T1 asserted", "T1 has 'certainty' already"),
        ("A998\tcertitude T1 asserted", "unknown field 'certitude' (did you mean 'certainty'?)"),
        ("#998\tAnnotatorNotes T1\t{}", "expected one note of type AnnotatorNotes"),
        ("T998\tevent 0 4\tMeta\n#998\tAnnotatorNotes T998\twhy?", "not JSON at column 1"),
        ("T998\tevent 0 4\tMeta\n#998\tAnnotatorNotes T998\t[]", "expected a JSON object as note"),
        (
            'T998\tevent 0 4\tMeta\n#998\tAnnotatorNotes T998\t{"kind": "plan"}',
            "by the annotation itself: kind",
        ),
    ],
)
def test_wrong_brat_rows_are_named_with_their_line(row, expected, folder, export):
    """A row that says nothing of a claim is refused with its line, never dropped."""
    files = export("brat")
    path = files / f"{ARTICLE}.ann"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + row + "\n", encoding="utf-8")
    message = refused(files, folder)
    assert expected in message
    if "certitude" not in row:  # an unknown attribute is told with its annotation
        assert f"{ARTICLE}.ann:{before.count(chr(10)) + 1 + row.count(chr(10))}: " in message


BROKEN = [
    b"{",
    b"[1]",
    b"5",
    b'{"%VIEWS": []}',
    b"\xff",
    b'[{"data": {"article": "x", "text": ""}}]',
    b"[[]]",
]


@pytest.mark.parametrize("tool", NAMES)
@pytest.mark.parametrize("data", BROKEN)
def test_broken_files_are_problems(tool, data, folder, export):
    """A file that is no such file gives a message with its name, whatever is in it."""
    files = export(tool)
    path = files / f"{ARTICLE}{TOOLS[tool].SUFFIX}"
    path.write_bytes(data)
    assert str(path) in refused(files, folder)


def test_a_file_of_no_article_is_refused(folder, export):
    """A file whose name is no article's is named, with the nearest article."""
    files = export("brat")
    (files / "meta-talk-de.ann").write_bytes(b"")
    assert "no article 'meta-talk-de' (did you mean 'meta-talks-de'?)" in refused(files, folder)


def test_folders_without_files_are_refused(tmp_path):
    """A folder that does not exist or holds nothing of the tool is wrong input."""
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match=r"no such folder|no files of brat"):
            import_claims(path, "brat")


def test_export_overwrites_nobodys_work(tmp_path):
    """A folder with anything in it is refused, and stays as it is."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty"):
        call(export_command, "--to", "brat", "-o", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_export_refuses_claims_that_misquote(folder):
    """Claims whose quotes are not in the text have no right place in any tool."""
    lines = _lines(folder)
    lines[0]["spans"][0]["quote"] = "something else"
    _write_claims(folder, lines)
    with pytest.raises(ProblemsError, match="something else"):
        export_claims(claimbench.load_corpus(folder), "brat")


def test_export_lists_its_files_as_json(tmp_path, capsys):
    """--json prints every written file with its size."""
    call(export_command, "--to", "brat", "-o", tmp_path / "out", "--json")
    rows = _rows(capsys.readouterr().out)
    assert {row["file"]: row["bytes"] for row in rows} == {
        str(path): path.stat().st_size for path in (tmp_path / "out").iterdir()
    }


def test_a_corpus_does_not_differ_from_itself(folder, capsys):
    """diff of a corpus with itself says so and exits 0."""
    assert call(diff_command, folder, folder) == 0
    assert capsys.readouterr().out == "no differences\n"


@pytest.fixture
def newer(folder: Path, tmp_path: Path) -> Path:
    """That corpus with one claim added, one removed and one changed, for a reason."""
    root = tmp_path / "newer"
    shutil.copytree(folder, root)
    lines = _lines(root)
    lines[0]["text"] += " Neu."
    lines[-1]["id"] = f"{ARTICLE}.c9999"
    _write_claims(root, lines)
    old = {"id": lines[0]["id"], "version": "1.0.1", "reason": "typo"}
    new = {"id": lines[0]["id"], "version": "1.1.0", "reason": "the text was incomplete"}
    (folder / "annotation" / "errata.jsonl").write_text(json.dumps(old) + "\n")
    (root / "annotation" / "errata.jsonl").write_text(f"{json.dumps(old)}\n{json.dumps(new)}\n")
    return root


def test_differences_come_with_fields_and_reasons(folder, newer):
    """Each added, removed and changed record is told once, with its fields and the errata since."""
    changes = difference(folder, newer)
    before = _lines(folder)
    assert {(c.kind, c.id, c.change) for c in changes} == {
        ("claims", before[0]["id"], "changed"),
        ("claims", before[-1]["id"], "removed"),
        ("claims", f"{ARTICLE}.c9999", "added"),
    }
    changed = next(c for c in changes if c.change == "changed")
    assert changed.fields == {"text": (before[0]["text"], before[0]["text"] + " Neu.")}
    assert [(r.version, r.reason) for r in changed.reasons] == [("1.1.0", "the text was incomplete")]


def test_diff_prints_where_values_part(folder, newer, capsys):
    """The table shows counts by kind, the changed end of a long text and the reason, and exits 1."""
    assert call(diff_command, folder, newer) == 1
    out = capsys.readouterr().out
    assert out.startswith("claims: 1 added, 1 removed, 1 changed\n")
    assert ' Neu."\n' in out
    assert "    why (1.1.0): the text was incomplete\n" in out
    assert max(map(len, out.splitlines())) < 160


def test_diff_as_json_has_whole_values(folder, newer, capsys):
    """--json prints one change a line with the whole old and new values."""
    assert call(diff_command, folder, newer, "--json") == 1
    rows = _rows(capsys.readouterr().out)
    changed = next(row for row in rows if row["change"] == "changed")
    text = _lines(folder)[0]["text"]
    assert changed["fields"] == {"text": {"old": text, "new": text + " Neu."}}
    assert changed["reasons"] == [{"version": "1.1.0", "reason": "the text was incomplete"}]


def test_wrong_errata_are_named_with_their_line(folder, newer):
    """An erratum that lacks a field or has another is refused with file and line."""
    (newer / "annotation" / "errata.jsonl").write_text('\n{"id": "v1-de", "reason": "x"}\n')
    with pytest.raises(ProblemsError, match=r"errata\.jsonl:2: .*version"):
        difference(folder, newer)


@pytest.mark.parametrize("command", [export_command, import_command, diff_command])
def test_help_ends_with_an_example(command, capsys):
    """--help of each command shows how to call it."""
    command.main(["--help"], standalone_mode=False)
    assert f"Example:  claimbench corpus {command.name} " in capsys.readouterr().out
