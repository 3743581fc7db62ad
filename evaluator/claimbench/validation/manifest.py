"""Whether manifest.json describes the folder it lies in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from claimbench.reading.corpus import content_digest
from claimbench.reading.schemas import Json, pointer
from claimbench.validation.gold import Finding, show


def manifest_fits_folder(manifest: Json, folder: Path) -> Iterator[Finding]:
    """Yield where version, digest or sums of a manifest are not those of the folder."""
    versions = parquet_versions(folder)
    if versions and manifest["version"] not in versions:
        yield "/version", f"expected {' or '.join(versions)}, as the Parquet files, got {manifest['version']}"
    digest = content_digest(folder)
    if manifest["digest"] != digest:
        yield "/digest", f"expected {digest}, the digest of the canonical files, got {manifest['digest']}"
    for name, sha256 in manifest["files"].items():
        path = folder / name
        where = pointer(["files", name])
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            yield where, f"there is no file {show(name)} in the corpus folder"
        elif (right := hashlib.sha256(path.read_bytes()).hexdigest()) != sha256:
            yield where, f"expected {right}, got {sha256}"


def parquet_versions(folder: Path) -> list[str]:
    """Return the versions for which the folder holds Parquet files."""
    paths = (path.relative_to(folder) for path in folder.glob("v*/**/*.parquet"))
    return sorted({path.parts[0].removeprefix("v") for path in paths})
