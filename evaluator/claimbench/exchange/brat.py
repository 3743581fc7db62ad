"""brat standoff: ``<article>.txt`` with ``<article>.ann``, offsets in code points.

A claim is one text-bound annotation: its type is the kind, its fragments the spans, its attributes certainty,
checkworthiness and presupposed. brat lets a person edit one note an annotation, so the note is a JSON object
with all other fields and the id. Like brat itself, the export splits a span at line breaks and tabs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from claimbench.errors import Problem
from claimbench.exchange.form import choices, fields, to_texts
from claimbench.exchange.marks import Mark, Marks, find_article, mark_of_texts, same_text
from claimbench.reading.corpus import Corpus
from claimbench.reading.jsonl import Problems, parse, read_bytes
from claimbench.reading.schemas import Json
from claimbench.records import Article, Claim, Span

SUFFIX = ".ann"
HINT = "Put the folder into brat's data folder; a new claim needs a note like the others', without an id."
ATTRIBUTES = ("certainty", "checkworthiness", "presupposed")

Fragment = tuple[int, int]

_BREAK = "\n\t"
_LINE_ENDS = str.maketrans({c: f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"})
_BOUND = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")


def settings() -> dict[str, bytes]:
    """Return brat's annotation.conf."""
    options = choices()
    attributes = [f"{a} Arg:<ENTITY>, Value:{'|'.join(options[a])}" for a in ATTRIBUTES[:2]]
    rows = ["[entities]", *options["kind"], "", "[relations]", _OVERLAP, "", "[events]", "", "[attributes]"]
    return {"annotation.conf": "\n".join([*rows, *attributes, "presupposed Arg:<ENTITY>", ""]).encode()}


_OVERLAP = "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"


def files(article: Article, claims: Sequence[Claim]) -> dict[str, bytes]:
    """Return the article's text and its claims."""
    rows: list[str] = []
    attributes = 0
    for number, claim in enumerate(claims, start=1):
        fragments = _fragments(claim.spans, article.text)
        places = ";".join(f"{start} {end}" for start, end in fragments)
        rows.append(f"T{number}\t{claim.kind} {places}\t{_quote(fragments, article.text)}")
        texts = to_texts(claim)
        for name in ATTRIBUTES:
            if name in texts:
                attributes += 1
                value = "" if name == "presupposed" else f" {texts[name]}"
                rows.append(f"A{attributes}\t{name} T{number}{value}")
        rest = {key: v for key, v in fields(claim).items() if key not in ("kind", *ATTRIBUTES)}
        note = json.dumps({"id": claim.id, **rest}, ensure_ascii=False).translate(_LINE_ENDS)
        rows.append(f"#{number}\tAnnotatorNotes T{number}\t{note}")
    text = "".join(row + "\n" for row in rows)
    return {f"{article.id}.txt": article.text.encode(), article.id + SUFFIX: text.encode()}


def _fragments(spans: Sequence[Span], text: str) -> list[Fragment]:
    """Return the spans as brat holds them: apart, on one line each, without white space at the ends."""
    result: list[Fragment] = []
    for span in spans:
        for found in re.finditer(f"[^{_BREAK}]+", text[span.start : span.end]):
            piece = found.group()
            start = span.start + found.start() + len(piece) - len(piece.lstrip())
            end = start + len(piece.strip())
            if result and result[-1][1] == start:
                result[-1] = (result[-1][0], end)
            elif end > start:
                result.append((start, end))
    return result


def _spans(fragments: Sequence[Fragment], text: str, known: Claim | None) -> tuple[Span, ...]:
    """Return brat's fragments as spans: the known ones if unchanged, else joined over line breaks."""
    if known is not None and _fragments(known.spans, text) == list(fragments):
        return known.spans
    whole: list[Fragment] = []
    for start, end in fragments:
        gap = text[whole[-1][1] : start] if whole else ""
        if gap.isspace() and any(c in gap for c in _BREAK):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return tuple(Span(start=start, end=end, quote=text[start:end]) for start, end in whole)


def _quote(fragments: Sequence[Fragment], text: str) -> str:
    return " ".join(text[start:end] for start, end in fragments)


class _Bound(msgspec.Struct):
    """A text-bound annotation with what later lines add to it."""

    line: int
    fragments: list[Fragment]
    texts: dict[str, str]
    note: dict[str, Json] = msgspec.field(default_factory=dict)


Bounds = dict[str, _Bound | None]
"""Text-bound annotations by brat's ids; None for one that could not be read."""


def read(path: Path, corpus: Corpus, problems: Problems) -> Marks:
    """Return the claims of a file, held against the text beside it."""
    file = str(path)
    article = find_article(file, path.stem, corpus.article_by_id, problems)
    if article is None:
        return {}
    beside = str(path.with_suffix(".txt"))
    try:
        text = read_bytes(beside).decode()
        rows = read_bytes(file).decode().split("\n") if path.stat().st_size else []
    except UnicodeDecodeError as error:
        problems.add(Problem(file, 0, "", f"file or text beside it: invalid UTF-8 at byte {error.start + 1}"))
        return {}
    if not same_text(beside, "", text, article, problems):
        return {}
    bounds: Bounds = {}
    numbered = [(number, row.rstrip("\r")) for number, row in enumerate(rows, start=1) if row.strip()]
    for number, row in sorted(numbered, key=lambda pair: not pair[1].startswith("T")):
        try:
            _read_row(number, row, article.text, bounds)
        except ValueError as error:
            problems.add(Problem(file, number, "", str(error)))
            if row.startswith("T"):
                bounds.setdefault(row.partition("\t")[0], None)
    known = {claim.id: claim for claim in corpus.claims}
    good = (bound for bound in bounds.values() if bound is not None)
    return {article.id: [_mark(file, bound, article, known, problems) for bound in good]}


def _read_row(number: int, row: str, text: str, bounds: Bounds) -> None:
    """Add what a row says to ``bounds``. Raises ValueError where it says nothing of a claim."""
    name, _, rest = row.partition("\t")
    data, _, tail = rest.partition("\t")
    if name.startswith("T"):
        if name in bounds:
            raise ValueError(f"{name} is on an earlier line already")
        bounds[name] = _read_bound(number, data, tail, text)
        return
    words = data.split()
    if name[:1] not in ("A", "M", "#") or len(words) < 2:
        raise ValueError(f"expected a text-bound annotation, an attribute or a note, got {row[:60]!r}")
    if words[1] not in bounds:
        raise ValueError(f"there is no {words[1]}")
    target = bounds[words[1]]
    if target is None:
        return
    if name.startswith("#"):
        _add_note(target, words[0], tail)
    elif words[0] in target.texts:
        raise ValueError(f"{words[1]} has '{words[0]}' already")
    else:
        target.texts[words[0]] = words[2] if len(words) > 2 else "true"


def _read_bound(number: int, data: str, tail: str, text: str) -> _Bound:
    match = _BOUND.fullmatch(data)
    if match is None:
        raise ValueError(f"expected a kind, a space and 'start end' pairs joined by ';', got {data[:60]!r}")
    pairs = (pair.split() for pair in match[2].split(";"))
    fragments = sorted((int(start), int(end)) for start, end in pairs)
    if any(end <= start or end > len(text) for start, end in fragments):
        raise ValueError(f"expected offsets in a text of {len(text)} code points, got {match[2]}")
    if tail != (found := _quote(fragments, text)):
        raise ValueError(f"expected the text at {match[2]}, {found!r}, got {tail!r}")
    return _Bound(number, fragments, {"kind": match[1]})


def _add_note(target: _Bound, kind: str, note: str) -> None:
    if kind != "AnnotatorNotes" or target.note:
        raise ValueError(f"expected one note of type AnnotatorNotes for each claim, got another ({kind})")
    record = parse(note.encode())
    if not isinstance(record, dict):
        raise ValueError("expected a JSON object as note")
    if repeated := record.keys() & {"article", "spans", "kind", *ATTRIBUTES}:
        raise ValueError(f"not in the note but by the annotation itself: {', '.join(sorted(repeated))}")
    target.note = record


def _mark(file: str, bound: _Bound, article: Article, known: dict[str, Claim], problems: Problems) -> Mark:
    note = dict(bound.note)
    name = str(note.pop("id", None) or "")
    spans = _spans(bound.fragments, article.text, known.get(name))
    mark = mark_of_texts(file, bound.line, "", name, spans, bound.texts, problems)
    return replace(mark, fields={**mark.fields, **note})
