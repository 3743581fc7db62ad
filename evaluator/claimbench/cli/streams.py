"""Standard streams that may be closed, full, or read by somebody who has left."""

from __future__ import annotations

import io
import os
import sys
from typing import Any


class _Output(io.FileIO):
    """Where a standard stream leads. What nobody reads any more is dropped, so the exit code stays."""

    def write(self, data: Any) -> int:
        """Write, as a file does. Raises InputError where standard output cannot be written."""
        try:
            return super().write(data)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            if isinstance(error, BrokenPipeError) or self.fileno() == 2:
                return len(data)
            from claimbench.errors import InputError

            raise InputError(f"standard output: cannot be written: {error.strerror}") from None


def guard_streams() -> None:
    """Make standard output and standard error ones that can always be written, or fail with a message.

    One that is closed leads nowhere, as a pipe that closed does; closed standard input stays None, but no
    file that is opened takes its number.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if name != "stdin":
                setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8", closefd=False))
    sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)


def _guarded(stream: Any) -> Any:
    """Return a stream as one that takes every character and, where it is the process's own, is guarded."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="backslashreplace")
    file = getattr(stream.buffer, "raw", stream.buffer)
    if type(stream) is not io.TextIOWrapper or type(file) is not io.FileIO:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(file.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )
