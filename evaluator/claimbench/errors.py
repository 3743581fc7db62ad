"""Every error claimbench raises, as one tree.

ClaimbenchError
├── InputError           what was given cannot be read or is wrong (exit code 2)
│   ├── UsageError       an argument is wrong: unknown task, split, field, system
│   └── ProblemsError    a file is wrong; carries every problem found, up to a bound
├── FailedSystemError    a system that was plugged in does not work (exit code 2)
├── MissingExtraError    a feature needs packages that an extra installs (exit code 2)
└── IncomparableError    two reports cannot be compared (exit code 4)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


class ClaimbenchError(Exception):
    """Base of every error raised on purpose."""

    exit_code = 70


class InputError(ClaimbenchError):
    """What was given cannot be read or is wrong."""

    exit_code = 2


class UsageError(InputError):
    """An argument names something that does not exist or does not fit."""


class FailedSystemError(ClaimbenchError):
    """A system that was plugged in cannot be loaded, raises, or does not give lines for what it was asked."""

    exit_code = 2


class MissingExtraError(ClaimbenchError):
    """A feature needs packages that are not installed."""

    exit_code = 2

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra '{extra}': pip install 'claimbench[{extra}]'")


class IncomparableError(ClaimbenchError):
    """Two results were made on different items, corpora or scorers."""

    exit_code = 4


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with an input: where it is and what was expected.

    ``line`` counts from 1; 0 stands for the file as a whole. ``pointer`` is a JSON pointer into the
    line's record ("" for the record itself).
    """

    file: str
    line: int
    pointer: str
    message: str
    keyword: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        pointer = f" {self.pointer}" if self.pointer else ""
        return f"{place}{pointer}: {self.message}"


class ProblemsError(InputError):
    """A file holds mistakes; the message lists them in order."""

    def __init__(self, problems: Iterable[Problem], *, more: int = 0) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        self.more = more
        lines = [str(problem) for problem in self.problems]
        if more:
            lines.append(f"… and {more} more")
        super().__init__("\n".join(lines))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the known word closest to ``word``, or ""."""
    import difflib

    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.5)
    return f" (did you mean '{names[close[0]]}'?)" if close else ""
