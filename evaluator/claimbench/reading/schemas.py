"""The JSON Schemas and jsonschema's verdict on a record, in our words.

jsonschema is imported on first use: a clean prediction file never pays for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from claimbench.errors import nearest
from claimbench.reading.paths import schema_path

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

Json = Any
"""What json.loads returns."""


@cache
def schema(kind: str) -> dict[str, Json]:
    """Return the schema of a record kind. Raises FileNotFoundError for an unknown kind."""
    text = (schema_path() / f"{kind}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Json] = json.loads(text)
    return loaded


@cache
def validator(kind: str) -> Validator:
    """Return jsonschema's validator for a record kind, with the shared definitions resolved."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing import Registry, Resource

    common = schema("common")
    registry: Registry[Any] = Registry().with_resource(common["$id"], Resource.from_contents(common))
    whole = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict = extend(Draft202012Validator, type_checker=whole)
    return strict(schema(kind), registry=registry)


def _is_integer(_: object, value: object) -> bool:
    """1.0 is no integer here, as for the typed decoder."""
    return isinstance(value, int) and not isinstance(value, bool)


def violations(kind: str, record: Json) -> Iterator[tuple[str, str, str]]:
    """Yield (JSON pointer, keyword, message) for everything the schema refuses, sorted by pointer."""
    found = {_explain(leaf) for error in validator(kind).iter_errors(record) for leaf in _leaves(error)}
    yield from sorted(found)


def pointer(path: list[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Step into anyOf: the branch that fits the value's type says what is wrong."""
    if error.validator == "anyOf" and error.context:
        fitting = [e for e in error.context if not (e.validator == "type" and not e.relative_path)]
        branches = {e.relative_schema_path[0] for e in fitting}
        if len(branches) == 1:
            for inner in fitting:
                yield from _leaves(inner)
            return
    yield error


def _explain(error: ValidationError) -> tuple[str, str, str]:
    where = pointer(list(error.absolute_path))
    keyword = str(error.validator)
    return where, keyword, _message(error, keyword)


def _message(error: ValidationError, keyword: str) -> str:
    value, wanted = error.instance, error.validator_value
    if keyword == "additionalProperties" and isinstance(value, dict):
        known = error.schema.get("properties", {})
        extra = [key for key in value if key not in known]
        return "; ".join(f"unknown field {_show(key)}{nearest(key, known)}" for key in extra)
    if keyword == "required":
        missing = [key for key in wanted if key not in value]
        return "; ".join(f"field '{key}' is missing" for key in missing)
    if keyword == "enum":
        hint = nearest(value, [w for w in wanted if isinstance(w, str)]) if isinstance(value, str) else ""
        return f"expected one of {', '.join(map(_show, wanted))}, got {_show(value)}{hint}"
    if keyword == "type":
        return f"expected {_type_name(wanted)}, got {_kind(value)} {_show(value)}"
    if keyword == "anyOf":
        keys = [b["required"][0] for b in wanted if isinstance(b, dict) and "required" in b]
        if keys and isinstance(value, dict):
            return f"expected one of the fields {', '.join(map(repr, keys))}"
        types = [_type_name(b.get("type", "object")) for b in wanted if isinstance(b, dict)]
        return f"expected {' or '.join(types) or 'another value'}, got {_kind(value)} {_show(value)}"
    texts = {
        "minimum": f"must be at least {wanted}, got {_show(value)}",
        "maximum": f"must be at most {wanted}, got {_show(value)}",
        "minLength": "must not be empty",
        "minItems": f"needs at least {wanted} entries",
        "uniqueItems": "has repeated entries",
        "pattern": f"{_show(value)} does not look like {error.schema.get('description', wanted)}",
    }
    return texts.get(keyword, str(error.message)[:200])


_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def _type_name(wanted: str | list[str]) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    return " or ".join(_TYPES.get(name, name) for name in names)


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (dict, "object"), (list, "list"), (str, "string")):
        if isinstance(value, kind):
            return name
    return "number"


def _show(value: Json) -> str:
    """Return the value as short JSON that a terminal can print safely."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "…"
