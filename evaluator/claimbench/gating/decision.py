"""What a gate decided, as a frozen value that JSON round-trips."""

from __future__ import annotations

from typing import Literal

from claimbench.gating.settings import Inconclusive
from claimbench.records import Split
from claimbench.report import Document, Value
from claimbench.stats.paired import Paired

Verdict = Literal["pass", "regression", "inconclusive"]


class Gated(Value, frozen=True):
    """One metric before and after; ``verdict`` is None where it is only shown.

    ``difference`` is after - before, None where a score is undefined (0/0); ``test`` its paired interval and
    ``p_adjusted`` its p, adjusted by Holm for all metrics with a ``max_drop``. ``detectable`` is the true
    drop that is found 4 times in 5; ``more`` counts the propositions, questions or sentences that would
    settle an inconclusive difference if it stayed what it is.
    """

    metric: str
    items: int
    before: float | None
    after: float | None
    difference: float | None
    max_drop: float | None
    min: float | None
    max: float | None
    test: Paired | None
    p_adjusted: float | None
    detectable: float | None
    more: int | None
    verdict: Verdict | None
    reason: str


class MustPass(Value, frozen=True):
    """One item that has to be right; ``before`` is None where the baseline lacks it."""

    id: str
    passed: bool
    before: bool | None
    reason: str


class ItemChange(Value, frozen=True):
    """One item that came out differently, in words, and what it adds to the difference."""

    id: str
    asks: str
    gold: str
    before: str
    after: str
    effect: float | None


class Decision(Document, frozen=True):
    """Pass, regression or inconclusive, and why.

    ``changed`` are the items that changed ``changed_on`` most, of ``items_changed`` in all. ``unit`` is what
    ``Gated.more`` counts. ``baseline_reason`` is why the baseline was last updated.
    """

    task: str
    split: Split
    verdict: Verdict
    inconclusive: Inconclusive
    signatures: tuple[str, str]
    metrics: tuple[Gated, ...]
    must_pass: tuple[MustPass, ...]
    failures: tuple[str, ...]
    warnings: tuple[str, ...]
    changed_on: str
    changed: tuple[ItemChange, ...]
    items_changed: int
    unit: str
    level: float
    baseline_reason: str
    version: str

    @property
    def exit_code(self) -> int:
        """0 pass, 1 regression, 3 inconclusive unless the settings say pass or fail."""
        if self.verdict == "inconclusive":
            return {"report": 3, "pass": 0, "fail": 1}[self.inconclusive]
        return int(self.verdict == "regression")
