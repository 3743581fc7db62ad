"""The annotators' passes beside the gold: what each had, where they differed, and how it was settled.

The files are those of annotation/passes/, whose README says what a line is. A corpus without them has none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from claimbench.publishing.agreement import located, same_claims
from claimbench.reading.corpus import Corpus

NAMES = ("a", "b")
_FIELDS = ("text", "text_en", "kind", "certainty", "checkworthiness", "presupposed")

Row = dict[str, Any]


class PassClaim(msgspec.Struct, frozen=True):
    """A claim as one pass had it."""

    quotes: tuple[str, ...]
    fields: dict[str, Any]


class Settled(msgspec.Struct, frozen=True):
    """One difference or change, how it was settled and why; ``about`` are the ids that it concerns."""

    key: str
    kind: str
    about: tuple[str, ...]
    title: str
    before: tuple[tuple[str, str], ...]
    decision: str
    reason: str


class Passes(msgspec.Struct, frozen=True):
    """All that is kept: by claim and pass, by item and pass, and the record of settling."""

    claims: dict[str, dict[str, PassClaim]]
    items: dict[str, dict[str, Row]]
    settled: tuple[Settled, ...]


def read_passes(corpus: Corpus, folder: Path) -> Passes:
    """Return the passes of a corpus, claims matched with the gold by their spans."""
    if not (folder / "claims-a.jsonl").is_file():
        return Passes({}, {}, ())
    claims: dict[str, dict[str, PassClaim]] = {}
    numbers: dict[tuple[str, str, int], str] = {}
    texts: dict[tuple[str, str, int], str] = {}
    for name in NAMES:
        rows = [row for row in _rows(folder, f"claims-{name}") if "text" in row]
        texts |= {(name, row["article"], row["n"]): row["text"] for row in rows}
        for row, gold in _matched(corpus, rows):
            numbers[name, row["article"], row["n"]] = gold
            fields = {field: row[field] for field in _FIELDS}
            claims.setdefault(gold, {})[name] = PassClaim(tuple(row["quotes"]), fields)
    items: dict[str, dict[str, Row]] = {}
    for kind in ("verification", "questions"):
        for name in NAMES:
            for row in _rows(folder, f"{kind}-{name}"):
                items.setdefault(row["id"], {})[name] = {k: v for k, v in row.items() if k != "id"}
    settled = [
        *(
            _difference(i, row, numbers, texts)
            for i, row in enumerate(_rows(folder, "claims-differences"), 1)
        ),
        *(_change(i, row, numbers) for i, row in enumerate(_rows(folder, "claims-decisions"), 1)),
        *(_item(i, row) for i, row in enumerate(_rows(folder, "items-decisions"), 1)),
    ]
    return Passes(claims, items, tuple(settled))


def _rows(folder: Path, name: str) -> list[Row]:
    path = folder / f"{name}.jsonl"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [json.loads(line) for line in text.splitlines()]


def _matched(corpus: Corpus, rows: list[Row]) -> list[tuple[Row, str]]:
    """Return the claims of a pass with the gold claim that has the same spans, where there is one."""
    gold = [
        (claim.article, frozenset(i for span in claim.spans for i in range(span.start, span.end)))
        for claim in corpus.claims
    ]
    mine = [(row["article"], located(corpus.article_by_id[row["article"]], row)) for row in rows]
    return [(rows[i], corpus.claims[j].id) for i, j in same_claims(mine, gold)]


def _difference(
    i: int, row: Row, numbers: dict[tuple[str, str, int], str], texts: dict[tuple[str, str, int], str]
) -> Settled:
    places = [(name, row["article"], row[name]) for name in NAMES]
    about = [f"{row['article']}#{row['sentence']}", *(numbers[p] for p in places if p in numbers)]
    found = row["differences"]
    title = found if isinstance(found, str) else "differ in " + ", ".join(found)
    before = [(f"pass {p[0]}", texts.get(p, "not marked")) for p in places]
    if not isinstance(found, str):
        before += [(field, f"{_said(a)} (a), {_said(b)} (b)") for field, (a, b) in found.items()]
    return Settled(
        key=f"difference-{i}",
        kind="difference between the passes",
        about=tuple(dict.fromkeys(about)),
        title=title,
        before=tuple(before),
        decision=row["right"],
        reason=row["reason"],
    )


def _change(i: int, row: Row, numbers: dict[tuple[str, str, int], str]) -> Settled:
    claim = row["claim"]
    if isinstance(claim, str):
        about = [f"{row['article']}{part.strip()}" if part.strip().startswith("#") else part.strip()
                 for part in claim.split(",")]  # fmt: skip
    else:
        found = numbers.get(("a", row["article"], claim)) if isinstance(claim, int) else None
        about = [found] if found else [row["article"]]
    return Settled(
        key=f"change-{i}",
        kind="change on the way to the gold",
        about=tuple(about),
        title=row["field"],
        before=(("before", _said(row["a"])),),
        decision=_said(row["decision"]),
        reason=row["reason"],
    )


def _item(i: int, row: Row) -> Settled:
    return Settled(
        key=f"item-{i}",
        kind="difference from the gold of an item",
        about=(row["family"],) if "family" in row else (),
        title=row["item"],
        before=tuple(
            (title, _said(row[key]))
            for title, key in (("pass a", "a"), ("pass b", "b"), ("gold before", "gold"))
        ),
        decision=row["decision"],
        reason=row["reason"],
    )


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return " … ".join(map(_said, value)) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(part)}" for name, part in value.items())
    return str(value)
