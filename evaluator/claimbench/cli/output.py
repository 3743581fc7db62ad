"""Writing: safe text, files whole or not at all, JSON."""

from __future__ import annotations

import glob
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from claimbench.errors import InputError
from claimbench.text.printing import printable

__all__ = ["importing", "json_lines", "printable", "refuse_targets", "write_whole"]


def write_whole(path: str, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; "-" is standard output. Raises InputError where it cannot."""
    pieces = [data] if isinstance(data, bytes) else data
    if path == "-":
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    import tempfile

    target, temporary = Path(os.path.realpath(path)), None
    try:
        if target.exists() and not (target.is_file() or target.is_dir()):
            # What stands there is a device or a pipe, which must not be replaced by a file.
            with target.open("wb") as device:
                device.writelines(pieces)
            return
        with tempfile.NamedTemporaryFile(dir=target.parent, buffering=1 << 20, delete=False) as file:
            temporary = file.name
            file.writelines(pieces)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, target)
    except BaseException as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


@contextmanager
def importing(*modules: str) -> Iterator[None]:
    """Import what comes next while this waits for the disk."""
    thread = Thread(target=lambda: [import_module(module) for module in modules])
    thread.start()
    try:
        yield
    finally:
        thread.join()


def refuse_targets(targets: Iterable[str | None], sources: Iterable[str | None] = ()) -> None:
    """Raise InputError for a file that could not be written, or over something that is read or written too.

    Called before any work, so that none is lost and no other file is written. ``None`` is no file, "-" is
    standard output, which takes one thing.
    """
    targets = list(targets)
    if targets.count("-") > 1:
        raise InputError("standard output takes one thing: name a file for the others")
    read = (path for source in sources if source for path in glob.glob(source) or [source])
    taken = {os.path.realpath(path): "is read" for path in read}
    for target in targets:
        if not target or target == "-":
            continue
        path = os.path.realpath(target)
        if path in taken and (os.path.isfile(path) or not os.path.exists(path)):
            raise InputError(f"{target}: cannot be written: it {taken[path]}, too; name another file")
        if os.path.isdir(path):
            raise InputError(f"{target}: cannot be written: is a folder")
        if not os.path.isdir(folder := os.path.dirname(path)):
            raise InputError(f"{target}: cannot be written: there is no folder {folder}")
        if not os.access(path if os.path.exists(path) else folder, os.W_OK):
            raise InputError(f"{target}: cannot be written: permission denied")
        taken[path] = "is written"


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return records as JSON lines in UTF-8."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
