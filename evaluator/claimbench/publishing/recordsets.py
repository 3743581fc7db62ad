"""The Parquet files as Croissant describes them: files, sets of files, and a record set for each config.

Croissant 1.0 has lists, but no lists of lists, and mlcroissant reads parts of a field one level deep.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

from claimbench.publishing.configs import Config
from claimbench.publishing.fields import meanings
from claimbench.publishing.manifest import parquet_path
from claimbench.publishing.shapes import Shape

Json: TypeAlias = dict[str, Any]

TYPES = {
    "string": "sc:Text",
    "json": "sc:Text",
    "bool": "sc:Boolean",
    "int64": "sc:Integer",
    "float64": "sc:Float",
}


def _paths(config: Config) -> list[str]:
    return [parquet_path(config.name, split) for split in config.splits]


def distribution(config: Config, files: Mapping[str, bytes]) -> list[Json]:
    """Return every file with its digest and, where a config has several, the set of them."""
    encoding = {"encodingFormat": "application/x-parquet"}
    nodes: list[Json] = [
        {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "contentSize": f"{len(files[path])} B",
            **encoding,
            "sha256": hashlib.sha256(files[path]).hexdigest(),
        }
        for path in _paths(config)
    ]
    if len(nodes) > 1:
        name = f"{config.name}-files"
        nodes.append(
            {"@type": "cr:FileSet", "@id": name, "name": name, **encoding, "includes": _paths(config)}
        )
    return nodes


def record_set(config: Config, purpose: str) -> Json:
    """Return the record set of a config; its description names the columns that it leaves out."""
    paths = _paths(config)
    # A file set joins the splits; of a single file mlcroissant checks the digest too.
    files = {"fileSet": {"@id": f"{config.name}-files"}} if paths[1:] else {"fileObject": {"@id": paths[0]}}
    told = meanings(config)
    fields = [
        _field(f"{config.name}/{name}", shape, told[name], files) for name, shape in config.fields.items()
    ]
    left_out = [column for name, shape in config.fields.items() for column in _left_out(name, shape)]
    note = f" Nested too deeply, hence only in the Parquet: {', '.join(left_out)}." if left_out else ""
    return {
        "@type": "cr:RecordSet",
        "@id": config.name,
        "name": config.name,
        "description": purpose + note,
        "key": {"@id": f"{config.name}/id"},
        "field": [field for field in fields if field],
    }


def _field(id_: str, shape: Shape, meaning: str, files: Json) -> Json | None:
    """Return the field of a column; None for a column of which nothing can be described."""
    column = id_.rpartition("/")[2]
    source = {**files, "extract": {"column": column}}
    field = {"@type": "cr:Field", "@id": id_, "name": column, "description": meaning}
    if leaf := _leaf(shape):
        return {**field, **leaf, "source": source}
    parts = [
        {
            "@type": "cr:Field",
            "@id": f"{id_}/{name}",
            "name": name,
            **leaf,
            "source": {**source, "transform": {"jsonPath": name}},
        }
        for name, inner in _parts(shape).items()
        if (leaf := _leaf(inner))
    ]
    repeated = {"repeated": True} if isinstance(shape, list) else {}
    return {**field, **repeated, "subField": parts} if parts else None


def _leaf(shape: Shape) -> Json | None:
    """Return the type of a scalar or of a list of scalars; None for anything deeper."""
    if isinstance(shape, list):
        return {"dataType": TYPES[shape[0]], "repeated": True} if isinstance(shape[0], str) else None
    return {"dataType": TYPES[shape]} if isinstance(shape, str) else None


def _parts(shape: Shape) -> Mapping[str, Shape]:
    inner = shape[0] if isinstance(shape, list) else shape
    return inner if isinstance(inner, dict) else {}


def _left_out(name: str, shape: Shape) -> list[str]:
    """Return what a field leaves out of a column: nothing, some parts or all of it."""
    if _leaf(shape):
        return []
    deep = [part for part, inner in _parts(shape).items() if not _leaf(inner)]
    return [f"`{name}`"] if len(deep) == len(_parts(shape)) else [f"`{name}.{part}`" for part in deep]
