"""Checks that wrong offsets are noticed: refused, or some metric changes."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from claimbench.conformance.bench import Bench, Check, Finding, NotApplicableError, Values
from claimbench.conformance.joining import same
from claimbench.reading.corpus import load_corpus
from claimbench.reading.jsonl import lines

Line = dict[str, Any]
Move = Callable[[str, int], int]
"""Maps an offset into a text to the offset some other convention gives."""


ASTRAL = "\N{GRINNING FACE}"
"""One code point, two UTF-16 units."""


def with_astral_start(source: Path, target: Path) -> None:
    """Copy a corpus, putting one astral character before every article and moving all offsets by one."""
    shutil.copytree(source / "annotation", target / "annotation", dirs_exist_ok=True)
    (target / "articles").mkdir()

    def article(record: Line) -> Line:
        text = ASTRAL + record["text"]
        (target / "articles" / f"{record['id']}.txt").write_bytes(text.encode())
        parts = {name: [_shifted(x) for x in record[name]] for name in ("segments", "sentences", "nonclaims")}
        return {**record, **parts, "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}

    def claim(record: Line) -> Line:
        return {**record, "spans": [_shifted(x) for x in record["spans"]]}

    for name, change in (("articles", article), ("claims", claim)):
        path = target / "annotation" / f"{name}.jsonl"
        _rewrite(path, change)


def _shifted(part: Line) -> Line:
    return {**part, "start": part["start"] + 1, "end": part["end"] + 1}


def _rewrite(path: Path, change: Callable[[Line], Line]) -> None:
    records: Iterable[Line] = [json.loads(line) for _, line in lines(path.read_bytes())]
    written = (json.dumps(change(record), ensure_ascii=False) + "\n" for record in records)
    path.write_text("".join(written), encoding="utf-8")


def _moved(bench: Bench, move: Move) -> list[Line]:
    moved = []
    for line in bench.perfect:
        text = bench.corpus.article_by_id[line["id"]].text
        claims = [
            {**claim, "start": move(text, claim["start"]), "end": move(text, claim["end"])}
            for claim in line["claims"]
        ]
        moved.append({**line, "claims": claims})
    return moved


def _noticed(bench: Bench, move: Move) -> Finding:
    moved = _moved(bench, move)
    if moved == bench.perfect:
        raise NotApplicableError("no offset in this corpus differs")
    if bench.refuses(moved) is not None:
        return Finding(True, {"refused": True})
    before, after = bench.values(bench.perfect), bench.values(moved)
    return Finding(not same(before, after), _differences(before, after))


def _differences(before: Values, after: Values) -> dict[str, Any]:
    changed = [name for name in before if before[name] != after.get(name)]
    return {"refused": False, "metrics that changed": len(changed)} | {x: after.get(x) for x in changed[:3]}


def _off_by_one(bench: Bench) -> Finding:
    return _noticed(bench, lambda text, offset: min(offset + 1, len(text)))


def _utf16(bench: Bench) -> Finding:
    """Try it on a copy of the corpus in which every article starts with a character outside the BMP."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with_astral_start(bench.folder, folder)
        other = Bench(bench.task, load_corpus(folder), folder, bench.scorer)
        return _noticed(other, lambda text, offset: len(text[:offset].encode("utf-16-le")) // 2)


def _bytes(bench: Bench) -> Finding:
    return _noticed(bench, lambda text, offset: len(text[:offset].encode()))


def _beyond(bench: Bench) -> Finding:
    def move(text: str, offset: int) -> int:
        return offset + len(text)

    return _noticed(bench, move)


def _wrong_quotes(bench: Bench) -> Finding:
    """Quotes of where a span is, then of one code point further, with the span left in its place."""

    def quoted(shift: int) -> list[Line]:
        return [
            {**line, "claims": [_quoting(bench, line["id"], claim, shift) for claim in line["claims"]]}
            for line in bench.perfect
        ]

    before = bench.values(quoted(0))
    if bench.refuses(quoted(1)) is not None:
        return Finding(True, {"refused": True})
    after = bench.values(quoted(1))
    return Finding(not same(before, after), _differences(before, after))


def _quoting(bench: Bench, article: str, claim: Line, shift: int) -> Line:
    text = bench.corpus.article_by_id[article].text
    return {**claim, "quote": text[claim["start"] + shift : claim["end"] + shift]}


CHECKS = (
    Check("offsets_outside", "Spans beyond the text are noticed.", ("extraction",), _beyond),
    Check("off_by_one", "Spans shifted by one code point are noticed.", ("extraction",), _off_by_one),
    Check("utf16_offsets", "Offsets in UTF-16 units are noticed.", ("extraction",), _utf16),
    Check("byte_offsets", "Offsets in bytes are noticed.", ("extraction",), _bytes),
    Check(
        "wrong_quotes",
        "Quotes that are not the text of their span are noticed.",
        ("extraction",),
        _wrong_quotes,
    ),
)
