"""The shape of a record type, and what it becomes in Parquet, in a dataset card and in a row.

A shape is a scalar's name, a list holding the shape of its elements, or a dict of fields. Types that
columns cannot hold (a value that may be a number, a string or a list) have the shape "json": text.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import msgspec
import msgspec.inspect as ms

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
Fields: TypeAlias = dict[str, Shape]


def fields_of(record: type[msgspec.Struct]) -> Fields:
    """Return the shape of a record type, field by field. Raises TypeError for a type without one."""
    return _fields(ms.type_info(record))


def _fields(info: ms.Type) -> Fields:
    if not isinstance(info, ms.StructType):
        raise TypeError(f"{info} is not a record type")
    return {field.encode_name: _shape(field.type) for field in info.fields}


def _shape(info: ms.Type) -> Shape:
    match info:
        case ms.StrType():
            return "string"
        case ms.BoolType():
            return "bool"
        case ms.IntType():
            return "int64"
        case ms.FloatType():
            return "float64"
        case ms.LiteralType(values=values):
            return "string" if isinstance(values[0], str) else "int64"
        case ms.VarTupleType(item_type=item):
            return [_shape(item)]
        case ms.StructType():
            return _fields(info)
        case ms.UnionType(types=types):
            return _union([t for t in types if not isinstance(t, ms.NoneType)])
    raise TypeError(f"no column type for {info}")


def _union(types: list[ms.Type]) -> Shape:
    shapes = [_shape(t) for t in types]
    if len(shapes) == 1:
        return shapes[0]
    return "float64" if all(shape in ("int64", "float64") for shape in shapes) else "json"


def arrow_type(shape: Shape) -> Any:
    """Return the pyarrow type of a shape."""
    import pyarrow as pa

    if isinstance(shape, dict):
        return pa.struct([pa.field(name, arrow_type(inner)) for name, inner in shape.items()])
    if isinstance(shape, list):
        # Named as Parquet names it, so that a table equals itself read back.
        return pa.list_(pa.field("element", arrow_type(shape[0])))
    return {
        "string": pa.string(),
        "json": pa.string(),
        "bool": pa.bool_(),
        "int64": pa.int64(),
        "float64": pa.float64(),
    }[shape]


def features(fields: Fields) -> list[dict[str, Any]]:
    """Return the ``features`` list of a dataset card."""
    return [{"name": name, **_feature(shape)} for name, shape in fields.items()]


def _feature(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, dict):
        return {"struct": features(shape)}
    if isinstance(shape, list):
        inner = _feature(shape[0])
        return {"list": inner.get("dtype") or inner.get("struct") or inner}
    return {"dtype": "string" if shape == "json" else shape}


def column_value(shape: Shape, value: Any) -> Any:
    """Return a JSON value as a row holds it: absent fields null, "json" as text, numbers as declared."""
    if value is None:
        return None
    if isinstance(shape, dict):
        return {name: column_value(inner, value.get(name)) for name, inner in shape.items()}
    if isinstance(shape, list):
        return [column_value(shape[0], item) for item in value]
    if shape == "json":
        return json.dumps(value, ensure_ascii=False)
    return float(value) if shape == "float64" else value
