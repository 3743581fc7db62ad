"""Asking a scorer: lines in; values, a refusal or a crash out."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec

from claimbench.conformance import gold
from claimbench.conformance.scorers import Line, Scorer
from claimbench.errors import InputError
from claimbench.reading.corpus import Corpus
from claimbench.tasks import task as task_by_name

Verdict = Literal["pass", "fail", "not applicable"]
Values = Mapping[str, float | None]
EXACT = 1e-9
"""What counts as the same score."""


class NotApplicableError(Exception):
    """A check says nothing about this scorer; the message says why."""


class CrashedError(Exception):
    """The scorer raised something that is no refusal."""


class Finding(msgspec.Struct, frozen=True):
    """Whether a rule held, and the numbers that show it."""

    held: bool
    numbers: Mapping[str, Any]


class Check(msgspec.Struct, frozen=True):
    """One rule about a scorer, in a sentence, and how to test it on the tasks it concerns."""

    name: str
    rule: str
    tasks: tuple[str, ...]
    test: Callable[[Bench], Finding]


class Result(msgspec.Struct, frozen=True):
    """What became of one check on one task."""

    task: str
    check: str
    rule: str
    verdict: Verdict
    numbers: Mapping[str, Any]
    note: str


class Bench(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A scorer on one task of one corpus, with lines made from the gold of its test split."""

    task: str
    corpus: Corpus
    folder: Path
    scorer: Scorer
    _known: dict[str, Mapping[str, Any]] = msgspec.field(default_factory=dict)

    @cached_property
    def perfect(self) -> list[dict[str, Any]]:
        """Lines of a system that had read the gold."""
        return gold.perfect(self.corpus, self.task)

    @cached_property
    def wrong(self) -> list[dict[str, Any]]:
        """Lines that are wrong on every item."""
        return [gold.wrong(self.corpus, self.task, line) for line in self.perfect]

    @cached_property
    def mixed(self) -> list[dict[str, Any]]:
        """Lines of a middling system: some right, some wrong, some in part."""
        return [gold.blurred(self.corpus, self.task, line) for line in self.perfect]

    def some(self, most: int = 8) -> list[int]:
        """Return positions of lines to try one by one; few where scoring is slow."""
        most = 3 if self.task == "extraction" else most
        return sorted(random.Random(self.task).sample(range(len(self.perfect)), min(most, len(self.perfect))))

    def raw(self, lines: Sequence[Line]) -> Mapping[str, Any]:
        """Return what the scorer gives for lines.

        Raises InputError or ValueError where it refuses them, CrashedError where it crashes.
        """
        key = json.dumps(lines)
        if key not in self._known:
            self._known[key] = self.ask([copy.deepcopy(dict(line)) for line in lines])
        return self._known[key]

    def ask(self, lines: list[dict[str, Any]]) -> Mapping[str, Any]:
        """Return what the scorer gives for these very lines, asked anew."""
        try:
            return self.scorer(self.task, self.folder, lines)
        except (InputError, ValueError):
            raise
        except Exception as error:
            raise CrashedError(f"{type(error).__name__}: {error}") from error

    def values(self, lines: Sequence[Line]) -> Values:
        """Return the metrics of lines of one system; NaN and infinite values are no scores."""
        found = self.raw(lines)
        for name, value in found.items():
            if value is not None and (not isinstance(value, (int, float)) or not math.isfinite(value)):
                raise CrashedError(f"{name} is {value}")
        return found

    @property
    def headline_name(self) -> str:
        """The metric the checks look at: the task's headline where given, else the first."""
        given = self.values(self.perfect)
        ours = task_by_name(self.task).headline
        return ours if ours in given else next(iter(given))

    def headline(self, lines: Sequence[Line]) -> float:
        """Return the headline of lines; undefined is worth nothing."""
        return self.values(lines).get(self.headline_name) or 0.0

    def metric(self, name: str, lines: Sequence[Line]) -> float | None:
        """Return a metric by name. Raises NotApplicableError where the scorer has none of that name."""
        given = self.values(lines)
        if name not in given:
            raise NotApplicableError(f"gives no metric '{name}'")
        return given[name]

    def refuses(self, lines: Sequence[Line]) -> str | None:
        """Return the first line of the refusal; None where the lines are scored."""
        try:
            self.raw(lines)
        except (InputError, ValueError) as error:
            return _first_line(error)
        return None

    def declines(self) -> str | None:
        """Return why the scorer does not do the task at all; None where it scores right answers."""
        try:
            return self.refuses(self.perfect)
        except CrashedError:
            return None


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def run_check(check: Check, bench: Bench) -> Result:
    """Return a check's result; a crash fails it, a refusal of its input makes it not applicable."""
    verdict: Verdict
    numbers: Mapping[str, Any] = {}
    note = ""
    try:
        finding = check.test(bench)
        verdict, numbers = ("pass" if finding.held else "fail"), finding.numbers
    except CrashedError as error:
        verdict, note = "fail", f"the scorer crashed: {error}"
    except NotApplicableError as error:
        verdict, note = "not applicable", str(error)
    except (InputError, ValueError) as error:
        verdict, note = "not applicable", f"the scorer refuses the input: {_first_line(error)}"
    return Result(bench.task, check.name, check.rule, verdict, numbers, note)
