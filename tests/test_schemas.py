"""The JSON Schemas say what they should, and the typed records say the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from claimbench.reading.corpus import KINDS
from claimbench.reading.jsonl import Problems, decode
from claimbench.reading.paths import schema_path
from claimbench.reading.schemas import schema, violations
from claimbench.records import Record
from claimbench.validation import record_kinds
from claimbench.validation.predictions import PREDICTIONS

Json = Any

EXAMPLES = schema_path() / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.json"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.json"))
CORPUS_RECORDS: dict[str, type[Record]] = dict(KINDS.values())
FREE_OBJECTS = {"/properties/meta/anyOf/0"}
"""Objects that may hold anything: a system's own remarks."""


def kind_of(path: Path) -> str:
    return path.name.partition(".")[0]


def load(path: Path) -> Json:
    return json.loads(path.read_text(encoding="utf-8"))


def subschemas(value: Json, at: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    if isinstance(value, dict):
        yield at, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from subschemas(part, f"{at}/{key}")


@pytest.mark.parametrize("kind", [*record_kinds(), "common"])
def test_schema_is_closed_and_described(kind: str) -> None:
    """Every schema is valid 2020-12 with an $id, closes every object and describes every property."""
    whole = schema(kind)
    Draft202012Validator.check_schema(whole)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert whole["$id"] == f"urn:claimbench:schema:{kind}"
    common = schema("common")["$defs"]
    for at, part in subschemas(whole):
        if part.get("type") == "object" and at not in FREE_OBJECTS:
            # A map has no named properties; its values are held against a schema of their own.
            closed = part.get("additionalProperties")
            assert closed is False or ("properties" not in part and isinstance(closed, dict)), at
        conditional = at.rpartition("/")[0].endswith("anyOf")  # "abstain is true" names no new property
        for name, field in {} if conditional and "type" not in part else part.get("properties", {}).items():
            own = whole.get("$defs", {}) | common
            described = field if "description" in field else own[field["$ref"].rpartition("/")[2]]
            assert described["description"], f"{at}/properties/{name}"


def test_every_kind_has_examples() -> None:
    """Every record kind has a valid example and several invalid ones."""
    assert {kind_of(path) for path in VALID} == set(record_kinds())
    for kind in record_kinds():
        assert sum(kind_of(path) == kind for path in INVALID) >= 3, kind


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_example_passes(path: Path) -> None:
    """A valid example passes its schema."""
    assert list(violations(kind_of(path), load(path))) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_example_raises_what_it_names(path: Path) -> None:
    """An invalid example breaks exactly the keyword at the pointer that it names."""
    example = load(path)
    found = [{"pointer": at, "keyword": key} for at, key, _ in violations(kind_of(path), example["record"])]
    assert found == [example["expect"]]


@pytest.mark.parametrize(
    "path", [p for p in VALID if kind_of(p) in CORPUS_RECORDS], ids=lambda path: path.stem
)
def test_corpus_record_decodes_valid_examples(path: Path) -> None:
    """The typed record of a corpus kind takes every valid example and loses nothing of it."""
    record = msgspec.json.decode(path.read_bytes(), type=CORPUS_RECORDS[kind_of(path)], strict=True)
    assert json.loads(msgspec.json.encode(record)) == load(path)


TYPED = {"type", "enum", "required", "additionalProperties"}
REFUSED_BY_TYPES = [
    path for path in INVALID if kind_of(path) in CORPUS_RECORDS and load(path)["expect"]["keyword"] in TYPED
]


@pytest.mark.parametrize("path", REFUSED_BY_TYPES, ids=lambda path: path.stem)
def test_corpus_record_refuses_what_types_can_tell(path: Path) -> None:
    """What breaks a schema by type, enum or field names does not decode as a typed record either."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(load(path)["record"], CORPUS_RECORDS[kind_of(path)], strict=True)


def typed_accepts(kind: str, value: Json) -> bool:
    problems = Problems()
    lines = list(decode("lines.jsonl", json.dumps(value).encode(), kind, PREDICTIONS[kind], problems))
    assert bool(lines) != bool(problems.kept)
    return bool(lines)


def schema_accepts(kind: str, value: Json) -> bool:
    """The schema's verdict, without what typed decoding leaves to others.

    Ids of items and sentences are looked up in the gold, which refuses what a pattern would and repeated
    sentences too; that a line has a verdict at all is for the task to check.
    """
    left_to_others = ({"pattern", "minLength"}, {"uniqueItems"}, {"anyOf"})
    for at, keyword, _ in violations(kind, value):
        is_id = at == "/id" or at.startswith("/evidence/")
        patterns, repeats, verdict = left_to_others
        if (
            (is_id and keyword in patterns)
            or (at == "/evidence" and keyword in repeats)
            or (at == "" and keyword in verdict)
        ):
            continue
        return False
    return True


def places(value: Json, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a value but itself."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*way, key)
        yield from places(part, (*way, key))


# Numbers stay within what a float holds, as JSON Schema knows no bound.
SCALARS: list[Json] = [None, True, False, -1, 0, 1, 2, -0.5, 0.5, 1.0, 1.5, 1e-9, 10**25, [], {}]
SCALARS += ["", "x", "1", "supported", "Refuted", "v1-de", "alpha-buys-de#2"]
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "start", "end", "score", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)
NAMES = ["id", "score", "label", "claims", "evidence", "answer", "confidence", "probabilities", "system"]
NAMES += ["seed", "run", "abstain", "invalid", "meta", "text", "start", "end", "Label", "x"]
LINES = [path for path in VALID if kind_of(path) in PREDICTIONS]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Json]:
    """A valid prediction line with up to three fields replaced, removed or added."""
    path = draw(st.sampled_from(LINES))
    line = copy.deepcopy(load(path))
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
        *way, last = draw(st.sampled_from(list(places(line)) or [("id",)]))
        part = line
        for step in way:
            part = part[step]
        action = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add"]))
        if action == "replace":
            part[last] = draw(VALUES)
        elif action == "remove":
            part.pop(last, None) if isinstance(part, dict) else part.pop(last)
        elif isinstance(part, dict):
            part[draw(st.sampled_from(NAMES))] = draw(VALUES)
        else:
            part.append(draw(VALUES))
    return kind_of(path), line


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.stem)
def test_typed_predictions_agree_on_every_field(path: Path) -> None:
    """With any field of a valid line replaced by any simple value, both accept or both refuse it."""
    for *way, last in places(load(path)):
        for scalar in SCALARS:
            line = part = load(path)
            for step in way:
                part = part[step]
            part[last] = scalar
            kind = kind_of(path)
            assert typed_accepts(kind, line) == schema_accepts(kind, line), (*way, last, scalar)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(damaged())
def test_typed_predictions_agree_with_the_schema(case: tuple[str, Json]) -> None:
    """Typed decoding and jsonschema accept and refuse the same prediction lines."""
    kind, line = case
    assert typed_accepts(kind, line) == schema_accepts(kind, line), (kind, line, list(violations(kind, line)))


@pytest.mark.parametrize(
    "path", [p for p in INVALID if kind_of(p) in PREDICTIONS], ids=lambda path: path.stem
)
def test_typed_predictions_refuse_invalid_examples(path: Path) -> None:
    """Typed decoding refuses the invalid examples, but for those that the gold or the task refuses."""
    record = load(path)["record"]
    assert typed_accepts(kind_of(path), record) == schema_accepts(kind_of(path), record)


def test_damage_reaches_both_verdicts() -> None:
    """The random damage yields accepted and refused lines of every prediction kind."""
    seen = set()

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(damaged())
    def look(case: tuple[str, Json]) -> None:
        seen.add((case[0], schema_accepts(*case)))

    look()
    assert seen == {(kind, verdict) for kind in PREDICTIONS for verdict in (True, False)}
