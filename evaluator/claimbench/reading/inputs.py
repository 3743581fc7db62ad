"""Inputs of any size: files, globs, standard input, compressed or not, as shards of whole lines.

How an input is packed is told by its first bytes, never by its name. A shard is read block by block, so that
memory does not grow with the input. Paths that name a filesystem ("s3://…") are opened by fsspec.
"""

from __future__ import annotations

import glob
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from claimbench.errors import InputError, MissingExtraError

BLOCK = 1 << 18
"""Bytes read at once."""

STRETCH = 1 << 24
"""Bytes of a plain file that make one shard, so that one large file keeps several workers busy."""


@dataclass(frozen=True, slots=True)
class Shard:
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


def packing(first: bytes) -> str:
    """Return how an input is packed, by its first bytes: gzip, zstd, parquet, arrow, or "" for plain."""
    for magic, name in ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"PAR1", "parquet")):
        if first.startswith(magic):
            return name
    return "arrow" if first.startswith((b"ARROW1", b"\xff\xff\xff\xff")) else ""


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


def split(shard: Shard, size: int = STRETCH) -> list[Shard]:
    """Return the shards of a whole input: stretches of a plain file, else the input as it is."""
    with open_raw(shard.path) as file:
        first = file.read(8)
        total = file.seek(0, io.SEEK_END)
    packed = packing(first)
    if packed in ("parquet", "arrow"):
        from claimbench.reading.arrow import groups

        return [replace(shard, start=i, stop=i + 1) for i in range(groups(shard))]
    if packed or total <= size:
        return [shard]
    return [replace(shard, start=start, stop=start + size) for start in range(0, total, size)]


@contextmanager
def spooled(paths: Sequence[str]) -> Iterator[list[Shard]]:
    """Give each path as a shard; what can be read only once, as standard input, from a copy on disk."""
    import tempfile

    with (
        tempfile.TemporaryDirectory(prefix="claimbench-") if any(map(_once, paths)) else _nothing() as folder
    ):
        shards = []
        for number, path in enumerate(paths):
            if not _once(path):
                shards.append(Shard(path, path))
                continue
            copy = Path(str(folder), str(number))
            with copy.open("wb") as target:
                source = sys.stdin.buffer if path == "-" else open_raw(path)
                while data := source.read(BLOCK):
                    target.write(data)
            shards.append(Shard(str(copy), path))
        yield shards


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _once(path: str) -> bool:
    """Whether a path can be read only once."""
    if path == "-":
        return True
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def blocks(shard: Shard) -> Iterator[bytes]:
    """Yield the lines of a shard of JSON, many at a time, each block ending at the end of a line.

    Raises InputError for what cannot be read or unpacked, and for UTF-16.
    """
    with open_raw(shard.path) as raw:
        packed = packing(raw.read(8))
        raw.seek(0)
        if not packed:
            yield from _stretch(raw, shard)
            return
        kept = b""
        first = True
        for data in _unpacked(raw, packed, shard.name):
            if first:
                data = _without_mark(data, shard.name)
            first = False
            end = data.rfind(b"\n") + 1
            if end:
                yield kept + data[:end]
                kept = data[end:]
            else:
                kept += data
        if first:
            raise InputError(f"{shard.name}: holds nothing once unpacked, which is refused")
        if kept:
            yield kept


def _stretch(raw: IO[bytes], shard: Shard) -> Iterator[bytes]:
    """Yield the lines that begin in the shard's stretch of a plain file."""
    position = max(shard.start - 1, 0)
    raw.seek(position)
    if shard.start:
        position += len(raw.readline())
    while shard.stop is None or position < shard.stop:
        size = BLOCK if shard.stop is None else min(BLOCK, shard.stop - position)
        data = raw.read(size)
        if not data and position == 0:
            raise InputError(f"{shard.name}: the file is empty (0 bytes), which is refused")
        if not data:
            return
        if not data.endswith(b"\n"):
            data += raw.readline()
        at_start, position = position == 0, position + len(data)
        yield _without_mark(data, shard.name) if at_start else data


def _without_mark(data: bytes, name: str) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name}: looks like UTF-16; save it as UTF-8")
    return data.removeprefix(b"\xef\xbb\xbf")


def _unpacked(raw: IO[bytes], packed: str, name: str) -> Iterator[bytes]:
    """Yield the unpacked bytes. Raises InputError where they are cut off or corrupt."""
    opened, errors = _UNPACK[packed]()
    corrupt: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        with opened(raw) as file:
            while data := file.read(BLOCK):
                yield data
    except EOFError:
        raise InputError(f"{name}: the {packed} data end too early") from None
    except corrupt as error:
        raise InputError(f"{name}: the {packed} data are corrupt: {error}") from None


Opener = Callable[[IO[bytes]], Any]


def _gzip() -> tuple[Opener, tuple[type[Exception], ...]]:
    import gzip
    import zlib

    return lambda raw: gzip.GzipFile(fileobj=raw), (zlib.error,)


def _zstd() -> tuple[Opener, tuple[type[Exception], ...]]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14

        return lambda raw: zstd.ZstdFile(raw), (zstd.ZstdError,)
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("reading zstd", "bulk") from None
    return _Whole, (zstandard.ZstdError,)


_FRAME_BYTES = 1 << 12
"""Packed bytes unpacked at once: few, because a hostile frame grows thirty thousand times."""


class _Whole:
    """Zstandard frames one after the other; a frame that is cut off is an EOFError, not the end."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def __enter__(self) -> _Whole:
        import zstandard

        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._open = False
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, size: int) -> bytes:
        import zstandard

        while True:
            data = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._open = zstandard.ZstdDecompressor().decompressobj(), False
            data = data or self._raw.read(_FRAME_BYTES)
            if not data:
                if self._open:
                    raise EOFError
                return b""
            self._open = True
            if found := self._frame.decompress(data):
                return found


_UNPACK: dict[str, Callable[[], tuple[Opener, tuple[type[Exception], ...]]]] = {"gzip": _gzip, "zstd": _zstd}
