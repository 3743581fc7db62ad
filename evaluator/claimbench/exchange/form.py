"""The fields of a claim as the plain texts and choices that annotation tools offer.

A field that is null, empty or false is left out, and back again it is what is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from claimbench.errors import nearest
from claimbench.reading.jsonl import parse
from claimbench.reading.schemas import Json, schema
from claimbench.records import Claim

ABSENT: dict[str, Json] = {
    "attribution": None,
    "quantities": [],
    "time": None,
    "presupposed": False,
    "duplicate_of": None,
}
"""What a field is when a tool leaves it out; all others must be given."""

STRUCTURED = ("attribution", "quantities", "time")
"""Fields that hold more than one value: JSON on one line."""

TEXTS = ("text", "text_en", "fact", "duplicate_of", *STRUCTURED)
"""Fields a person types, in the order a tool shows them."""


def choices() -> dict[str, tuple[str, ...]]:
    """Return the fields a person picks, with their options."""
    properties, shared = schema("claim")["properties"], schema("common")["$defs"]
    return {
        "kind": tuple(properties["kind"]["enum"]),
        "certainty": tuple(shared["certainty"]["enum"]),
        "checkworthiness": tuple(map(str, properties["checkworthiness"]["enum"])),
        "presupposed": ("true",),
    }


def fields(claim: Claim) -> dict[str, Json]:
    """Return a claim's fields as JSON values, without id, article, spans and what is absent."""
    record: dict[str, Json] = msgspec.json.decode(msgspec.json.encode(claim))
    return {
        name: value
        for name, value in record.items()
        if name not in ("id", "article", "spans") and (value or name not in ABSENT)
    }


def to_texts(claim: Claim) -> dict[str, str]:
    """Return the same fields as texts."""
    return {name: _text(name, value) for name, value in fields(claim).items()}


def _text(name: str, value: Json) -> str:
    if name in STRUCTURED or isinstance(value, bool | int):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def from_texts(texts: Mapping[str, str]) -> tuple[dict[str, Json], list[tuple[str, str]]]:
    """Return texts as JSON values, and (pointer, message) for what cannot be read; blank is left out."""
    known = (*TEXTS, *choices())
    values: dict[str, Json] = {}
    found: list[tuple[str, str]] = []
    for name, text in texts.items():
        if name not in known:
            found.append((f"/{name}", f"unknown field '{name}'{nearest(name, known)}"))
        elif text.strip():
            try:
                values[name] = _value(name, text)
            except ValueError as error:
                found.append((f"/{name}", str(error)))
    return values, found


def _value(name: str, text: str) -> Json:
    """Return the value of a text; what is no number or truth value stays text, for the schema to refuse."""
    if name in STRUCTURED:
        return parse(text.encode())
    if name == "checkworthiness" and text.isdecimal():
        return int(text)
    if name == "presupposed":
        return {"true": True, "false": False}.get(text, text)
    return text
