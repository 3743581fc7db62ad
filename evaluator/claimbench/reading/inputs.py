"""Inputs of any size: files, globs, standard input, compressed or not, as shards of whole lines.

How an input is packed is told by its first bytes, never by its name. A shard is read block by block, so that
memory does not grow with the input. Paths that name a filesystem ("s3://…") are opened by fsspec.
"""

from __future__ import annotations

import glob
import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO

import msgspec
from msgspec.structs import replace

from claimbench.errors import InputError, MissingExtraError
from claimbench.reading.packed import NOTHING, packing, standard_input, unpacked, without_mark

BLOCK = 1 << 18
"""Bytes read at once."""

STRETCH = 1 << 22
"""Bytes of a plain file that make one shard, so that one large file keeps several workers busy."""


class Shard(msgspec.Struct, frozen=True):
    """A stretch of one input: the lines that begin in the bytes from ``start`` to before ``stop``.

    For Parquet and Arrow ``start`` and ``stop`` count row groups. ``stop`` None is the end. ``name`` is what
    messages call the input, ``run`` the run its lines belong to where the file names it.
    """

    path: str
    name: str
    run: str | None = None
    start: int = 0
    stop: int | None = None


def expand(patterns: Sequence[str]) -> list[str]:
    """Return the paths that patterns name, globs sorted. Raises InputError for a glob without files."""
    paths: list[str] = []
    for pattern in patterns:
        if not glob.has_magic(pattern) or os.path.exists(pattern):
            paths.append(pattern)
            continue
        found = sorted(_remote(pattern) if "://" in pattern else glob.glob(pattern, recursive=True))
        if not found:
            raise InputError(f"{pattern}: no file has such a name")
        paths += found
    return paths


def _remote(pattern: str) -> list[str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtraError(f"reading {pattern}", "bulk") from None
    filesystem, path = url_to_fs(pattern)
    return [str(filesystem.unstrip_protocol(found)) for found in filesystem.glob(path)]


def is_arrow(shard: Shard) -> bool:
    """Whether an input is Parquet or Arrow. Raises InputError where it cannot be opened."""
    with open_raw(shard.path) as file:
        return packing(file.read(8)) in ("parquet", "arrow")


def open_raw(path: str) -> IO[bytes]:
    """Return an input's bytes as stored. Raises InputError where it cannot be opened."""
    try:
        if "://" not in path:
            return open(path, "rb")
        try:
            import fsspec
        except ImportError:
            raise MissingExtraError(f"reading {path}", "bulk") from None
        found: IO[bytes] = fsspec.open(path, "rb").open()
        return found
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder, expected a file of JSON lines") from None
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def split(shard: Shard) -> list[Shard]:
    """Return the shards of a whole input: stretches of a plain file, row groups of a table, else itself."""
    with open_raw(shard.path) as file:
        first = file.read(8)
        total = file.seek(0, io.SEEK_END)
    packed = packing(first)
    if packed in ("parquet", "arrow"):
        from claimbench.reading.arrow import stretches

        return [replace(shard, start=start, stop=stop) for start, stop in stretches(shard)]
    if packed or total <= STRETCH:
        return [shard]
    return [replace(shard, start=start, stop=start + STRETCH) for start in range(0, total, STRETCH)]


@contextmanager
def spooled(paths: Sequence[str]) -> Iterator[list[Shard]]:
    """Give each path as a shard; what can be read only once, as standard input, from a copy on disk."""
    if not any(map(_once, paths)):
        yield [Shard(path, path) for path in paths]
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="claimbench-") as folder:
        shards = []
        for number, path in enumerate(paths):
            stored = path
            if _once(path):
                stored = str(Path(folder, str(number)))
                with open(stored, "wb") as copy, _stream(path) as source:
                    shutil.copyfileobj(source, copy)
            shards.append(Shard(stored, path))
        yield shards


def _stream(path: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(standard_input()) if path == "-" else open_raw(path)


def _once(path: str) -> bool:
    """Whether a path can be read only once."""
    if path == "-":
        return True
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def blocks(shard: Shard, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the lines of a shard of JSON, some ``size`` bytes at a time, each block ending at a line's end.

    Raises InputError for what cannot be read or unpacked, for UTF-16, and for an input without anything.
    """
    blank = shard.start == 0 and shard.stop is None
    for block in _blocks(shard, size):
        if block:
            blank = blank and block.isspace()
            yield block
    if blank:
        raise InputError(f"{shard.name}: {NOTHING}")


def _blocks(shard: Shard, size: int) -> Iterator[bytes]:
    with open_raw(shard.path) as raw:
        packed = packing(raw.read(8))
        raw.seek(0)
        if not packed:
            yield from _stretch(raw, shard, size)
            return
        kept = b""
        first = True
        for data in unpacked(raw, packed, shard.name, size):
            if first:
                data = without_mark(data, shard.name)
            first = False
            end = data.rfind(b"\n") + 1
            if end:
                yield kept + data[:end]
                kept = data[end:]
            else:
                kept += data
        yield kept


def _stretch(raw: IO[bytes], shard: Shard, most: int) -> Iterator[bytes]:
    """Yield the lines that begin in the shard's stretch of a plain file."""
    position = max(shard.start - 1, 0)
    raw.seek(position)
    if shard.start:
        position += len(raw.readline())
    while shard.stop is None or position < shard.stop:
        size = most if shard.stop is None else min(most, shard.stop - position)
        data = raw.read(size)
        if not data:
            return
        if not data.endswith(b"\n"):
            data += raw.readline()
        at_start, position = position == 0, position + len(data)
        yield without_mark(data, shard.name) if at_start else data
