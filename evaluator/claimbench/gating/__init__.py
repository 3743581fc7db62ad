"""A gate: has a system become worse than its baseline, as far as the items can tell?"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from claimbench._version import __version__
from claimbench.comparing.changing import changes
from claimbench.comparing.joining import signed
from claimbench.errors import IncomparableError, UsageError
from claimbench.gating.deciding import worst
from claimbench.gating.decision import Decision, Gated, ItemChange, Verdict
from claimbench.gating.joining import Joined, joined, load_baseline
from claimbench.gating.measuring import View, gated, must_pass, row_of, whole_view
from claimbench.gating.naming import gauge
from claimbench.gating.settings import Gate, Settings, read_settings
from claimbench.gating.wording import Wording, wording
from claimbench.reading.corpus import Corpus, load_corpus, refuse_dangling
from claimbench.report import Report
from claimbench.scoring import PredictionSource, score
from claimbench.stats.estimators import Additive, point
from claimbench.stats.intervals import LEVEL
from claimbench.tasks import task as task_by_name

__all__ = ["Decision", "Gate", "Settings", "gate", "load_baseline", "read_settings"]


def gate(
    task: str,
    predictions: PredictionSource | Report,
    baseline: Report | str | Path,
    settings: Settings,
    *,
    corpus: Corpus | None = None,
) -> Decision:
    """Return whether predictions, or the report of some, are worse than a baseline report.

    ``settings`` say what is demanded; their ``task``, ``predictions`` and ``baseline`` are not looked at, and
    their ``corpus`` only where no other is given.

    Raises IncomparableError where the two were not made on the same task, gold, items or version,
    UsageError for settings that demand nothing or name a metric, slice or item that is not there, InputError
    for a report whose scores do not follow from its rows, ProblemsError for wrong predictions.
    """
    if not settings.must_pass and all(demand == Gate() for demand in settings.gates.values()):
        raise UsageError("nothing is gated; demand something, for example: --max-drop macro_f1=0.02")
    before = baseline if isinstance(baseline, Report) else load_baseline(baseline)
    for report in (before, predictions):
        if isinstance(report, Report) and report.format is not None:
            raise IncomparableError(
                f"reports of foreign formats, such as {report.format}, are not gated; "
                "`claimbench compare` takes them"
            )
    if before.task != task:
        raise IncomparableError(f"the baseline is a report on {before.task}, not on {task}")
    for name in (*settings.gates, *settings.show):
        task_by_name(task).refuse_unknown((gauge(name).metric,), gauge(name).field)
    gold = corpus or load_corpus(settings.corpus, only=task_by_name(task).needs)
    refuse_dangling(gold, task_by_name(task).needs)
    after = predictions
    if not isinstance(after, Report):
        after = score(task, after, split=settings.split, corpus=gold, by=())
    elif not signed(after.signature, "corpus").endswith(gold.digest[:12]):
        raise IncomparableError("the new report was made on another corpus than the one at hand; name it")
    return _decision(before, after, settings, gold)


def _decision(before: Report, after: Report, settings: Settings, gold: Corpus) -> Decision:
    both = joined(before, after, settings.on_new, settings.on_removed)
    words = wording(after.task, gold)
    _refuse_other_truth(both, words)
    items = task_by_name(after.task).items(gold, after.own_split)
    whole = whole_view(after.task, both, items.clusters)
    metrics = gated(settings, whole, both, items.fields, words)
    required = must_pass(settings, both, words)
    lacking = _lacking(after)
    failures = lacking if settings.on_missing == "fail" else ()
    changed_on = next((g.metric for g in metrics if g.verdict and "{" not in g.metric), after.headline)
    changed, count = _changed(changed_on, whole, words)
    return Decision(
        task=after.task,
        split=after.own_split,
        verdict=worst(_verdicts(metrics, [one.passed for one in required], bool(failures))),
        inconclusive=settings.inconclusive,
        signatures=(before.signature, after.signature),
        metrics=metrics,
        must_pass=required,
        failures=failures,
        warnings=both.warnings + (lacking if settings.on_missing == "warn" else ()),
        changed_on=changed_on,
        changed=changed,
        items_changed=count,
        unit=words.unit,
        level=LEVEL,
        baseline_reason=before.reason,
        version=__version__,
    )


def _refuse_other_truth(both: Joined, words: Wording) -> None:
    """Refuse a baseline whose rows show other gold than those of the same items now."""
    other = [
        item
        for i, item in enumerate(both.after.ids)
        if words.truth(row_of(both.before, i)) != words.truth(row_of(both.after, i))
    ]
    if other:
        raise IncomparableError(
            f"the gold of {len(other)} items is another in the baseline, such as that of '{other[0]}'; "
            "`claimbench compare --across` says what the change of gold did"
        )


def _verdicts(metrics: tuple[Gated, ...], right: list[bool], failed: bool) -> list[Verdict]:
    found: list[Verdict] = [one.verdict for one in metrics if one.verdict is not None]
    if failed or not all(right):
        found.append("regression")
    return found


def _lacking(report: Report) -> tuple[str, ...]:
    missing, total = report.counts.missing, report.counts.items
    return (f"{missing} of {total} items have no prediction and count as wrong",) if missing else ()


def _changed(name: str, whole: View, words: Wording) -> tuple[tuple[ItemChange, ...], int]:
    """Return the items that moved a metric most, in words, and how many changed in all."""
    _, metric = whole.metric(name)
    values = point(metric, whole.before), point(metric, whole.after)
    difference = None if values[0] is None or values[1] is None else values[1] - values[0]
    columns = metric.columns if isinstance(metric, Additive) else whole.after.columns
    places = np.flatnonzero((whole.before.select(columns) != whole.after.select(columns)).any(axis=1))
    place = {item: i for i, item in enumerate(whole.after.ids)}
    told = tuple(
        ItemChange(
            id=one.id,
            asks=words.asks(one.id),
            gold=words.gold(one.id),
            before=words.outcome(row_of(whole.before, place[one.id])),
            after=words.outcome(row_of(whole.after, place[one.id])),
            effect=one.effect,
        )
        for one in changes(metric, difference, whole.before, whole.after, places)
    )
    return told, len(places)
