"""Bytes as they come in: standard input, and packed inputs, told by their first bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

from claimbench.errors import InputError, MissingExtraError

NOTHING = "the file is empty, which is refused"
"""What is said of an input of no bytes, blank lines or no rows."""


def standard_input() -> IO[bytes]:
    """Return standard input. Raises InputError where it is closed."""
    if sys.stdin is None:
        raise InputError("-: cannot be read: standard input is closed")
    return sys.stdin.buffer


def packing(first: bytes) -> str:
    """Return how an input is packed, by its first bytes: gzip, zstd, parquet, arrow, or "" for plain."""
    for magic, name in ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"PAR1", "parquet")):
        if first.startswith(magic):
            return name
    return "arrow" if first.startswith((b"ARROW1", b"\xff\xff\xff\xff")) else ""


def without_mark(data: bytes, name: str) -> bytes:
    """Return the beginning of an input without a UTF-8 byte order mark. Raises InputError for UTF-16."""
    # JSON begins with a character of ASCII, which has a zero byte in UTF-16.
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:2]:
        raise InputError(f"{name}: looks like UTF-16; save it as UTF-8")
    return data.removeprefix(b"\xef\xbb\xbf")


def unpacked(raw: IO[bytes], packed: str, name: str, size: int) -> Iterator[bytes]:
    """Yield the unpacked bytes, piece by piece. Raises InputError where they are cut off or corrupt."""
    unpack, errors = {"gzip": _gzip, "zstd": _zstd}[packed]()
    corrupt: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield from filter(None, unpack(raw, size))
    except EOFError:
        raise InputError(f"{name}: the {packed} data end too early") from None
    except corrupt as error:
        raise InputError(f"{name}: the {packed} data are corrupt: {error}") from None


Unpack = Callable[[IO[bytes], int], Iterator[bytes]]


def _gzip() -> tuple[Unpack, tuple[type[Exception], ...]]:
    import gzip
    import zlib

    return lambda raw, size: _read(gzip.GzipFile(fileobj=raw), size), (zlib.error,)


def _zstd() -> tuple[Unpack, tuple[type[Exception], ...]]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
    except ImportError:
        try:
            import zstandard
        except ImportError:
            raise MissingExtraError("reading zstd", "bulk") from None
        return _frames, (zstandard.ZstdError,)
    return lambda raw, size: _read(zstd.ZstdFile(raw), size), (zstd.ZstdError,)


def _read(file: Any, size: int) -> Iterator[bytes]:
    while data := file.read(size):
        yield data


def _frames(raw: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield what Zstandard frames hold. Raises EOFError where the last is cut off.

    Few packed bytes are unpacked at once, because a hostile frame grows thirty thousand times.
    """
    import zstandard

    frame = None
    while data := raw.read(size >> 6):
        while data:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            yield frame.decompress(data)
            data, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame is not None:
        raise EOFError
