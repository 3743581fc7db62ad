"""The tables of fields in the dataset card, described by the JSON Schemas."""

from __future__ import annotations

from typing import Any

from claimbench.publishing.configs import Config
from claimbench.publishing.shapes import Shape
from claimbench.reading.corpus import KINDS
from claimbench.reading.schemas import schema

_COMMON = "urn:claimbench:schema:common#/$defs/"

ADDED: dict[str, dict[str, str]] = {
    "verification": {
        "evidence_texts": "The sentences of `evidence`, in the same order. Added for convenience.",
    },
    "questions": {
        "evidence_texts": "The sentences of `evidence`, in the same order. Added for convenience.",
    },
    "sentences": {
        "id": "Id of the sentence: article id, number sign, number from 1.",
        "article": "Id of the article.",
        "source": "The original the article is a version of.",
        "language": "Language of the article (ISO 639-1); some page matter is in another one.",
        "segment": "The part of the text it stands in: title, body, caption and the like.",
        "text": "The sentence.",
        "checkworthy": "Whether a claim of check-worthiness 2 starts in it: the gold of detection.",
        "checkworthiness": "The highest grade of the claims that start in it; null where none does.",
    },
}
"""What the schemas do not describe: columns that are not in the canonical records."""


def field_tables(configs: list[Config]) -> str:
    """Return a Markdown table of columns, types and meanings for every config."""
    return "\n\n".join(_table(config) for config in configs)


def _table(config: Config) -> str:
    lines = [f"### `{config.name}`", "", "| field | type | meaning |", "|---|---|---|"]
    told = meanings(config)
    lines += [f"| `{name}` | {_type(shape)} | {told[name]} |" for name, shape in config.fields.items()]
    return "\n".join(lines)


def meanings(config: Config) -> dict[str, str]:
    """Return what each column of a config means."""
    known = schema(KINDS[config.name][0])["properties"] if config.name in KINDS else {}
    added = ADDED.get(config.name, {})
    return {name: added.get(name) or _description(known[name]) for name in config.fields}


def _description(field: dict[str, Any]) -> str:
    if "description" in field:
        return str(field["description"])
    name = field["$ref"].removeprefix(_COMMON)
    return str(schema("common")["$defs"][name]["description"])


def _type(shape: Shape) -> str:
    if isinstance(shape, dict):
        return "{" + ", ".join(f"{name}: {_type(inner)}" for name, inner in shape.items()) + "}"
    if isinstance(shape, list):
        return f"list of {_type(shape[0])}"
    return "JSON text" if shape == "json" else shape
