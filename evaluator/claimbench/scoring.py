"""From predictions to a report: read, join by id, count, estimate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from claimbench._version import __version__
from claimbench.errors import Problem, UsageError, nearest
from claimbench.estimating import Procedure, procedure, scores
from claimbench.reading.corpus import Corpus, load_corpus
from claimbench.reading.jsonl import Problems, decode, read_bytes
from claimbench.records import SPLITS, Prediction, Split
from claimbench.report import ClusterSums, Counts, ItemRows, Report, Run, Score, Slice, picked
from claimbench.stats.estimators import Metric, Rows, pooled
from claimbench.stats.intervals import cluster_codes
from claimbench.tasks import task as task_by_name
from claimbench.tasks.base import Items, Settled, State, Task

PredictionSource = str | Path | Iterable[Mapping[str, Any]]
"""A JSONL file ("-" is standard input), or prediction lines as mappings."""


@dataclass(frozen=True)
class _Asked:
    """Which metrics are wanted, None for all, and how their intervals are made."""

    names: tuple[str, ...] | None
    how: Procedure

    def metrics(self, chosen: Task[Any], rows: Rows) -> tuple[Metric, ...]:
        """Return the wanted metrics bound to rows; the headline and its fallback are always among them."""
        if self.names is None:
            return chosen.metrics(rows)
        fallback = (chosen.fallback,) if chosen.fallback else ()
        return chosen.named(rows, (chosen.headline, *fallback, *self.names))


@dataclass(frozen=True)
class _Joined:
    """Predictions of the scored split by run and id, and how many lines belonged to other splits."""

    runs: dict[str, Mapping[str, Prediction]]
    other_split: Counter[str]
    signed: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Scored:
    """A report with what it was made from: the gold, and the predictions of each run by id."""

    report: Report
    corpus: Corpus
    predictions: Mapping[str, Mapping[str, Prediction]]


def score(
    task: str | Task[Any],
    predictions: PredictionSource | Sequence[str | Path],
    *,
    split: str = "test",
    corpus: Corpus | str | Path | None = None,
    by: Sequence[str] | None = None,
    run: str | None = None,
    metrics: Sequence[str] | None = None,
    ci: str = "jackknife",
    seed: int = 0,
) -> Report:
    """Return the report of predictions for a task: its name, or a variant of it that counts otherwise.

    ``predictions`` are one or several JSONL files, or lines as mappings. ``by`` names the fields to slice
    by; None takes all the task has. ``run`` scores only the run of that name or, where there is none, all
    seeds of that system. ``metrics`` are canonical names of those to give beside the headline; None gives
    all. ``ci`` is how intervals are made: "jackknife", "bootstrap" (from ``seed``) or "none". Gold sets the
    denominator: what is missing is wrong.

    Raises UsageError for an unknown task, split, field, metric or interval, ProblemsError with every mistake
    in the predictions, InputError where something cannot be read.
    """
    return scored(
        task, predictions, split=split, corpus=corpus, by=by, run=run, metrics=metrics, ci=ci, seed=seed
    ).report


def scored(
    task: str | Task[Any],
    predictions: PredictionSource | Sequence[str | Path],
    *,
    split: str = "test",
    corpus: Corpus | str | Path | None = None,
    by: Sequence[str] | None = None,
    run: str | None = None,
    metrics: Sequence[str] | None = None,
    ci: str = "jackknife",
    seed: int = 0,
) -> Scored:
    """Return what ``score`` returns together with the gold and predictions it was made from."""
    chosen = task_by_name(task) if isinstance(task, str) else task
    which = _split(split)
    asked = _Asked(None if metrics is None else tuple(metrics), procedure(ci, seed))
    gold = corpus if isinstance(corpus, Corpus) else load_corpus(corpus, only=chosen.needs)
    items = chosen.items(gold, which)
    if not items.ids:
        raise UsageError(
            f"{chosen.name} has no items in split '{split}'; sentences and articles are all in 'test'"
        )
    fields = _fields(items, by)
    joined = _join(chosen, gold, which, _named_bytes(predictions))
    if run is not None:
        joined = replace(joined, runs={name: joined.runs[name] for name in picked(run, joined.runs)})
    tables = {name: chosen.rows(gold, items, lines) for name, lines in sorted(joined.runs.items())}
    counts = {
        name: _counts(chosen, items, lines, joined.other_split[name]) for name, lines in joined.runs.items()
    }
    runs: tuple[Run, ...] = ()
    if len(tables) == 1:
        name, rows = next(iter(tables.items()))
        found = _scores(chosen, rows, items, asked)
        headline = _headline(chosen, [found])
        slices = _slices(chosen, rows, items, fields, headline, asked)
        table = _item_rows(items, rows)
    else:
        name, found, slices, table = "", {}, (), None
        runs = tuple(
            Run(
                run=name,
                metrics=_scores(chosen, rows, items, asked),
                counts=counts[name],
                sums=_cluster_sums(items, rows),
            )
            for name, rows in tables.items()
        )
        headline = _headline(chosen, [run.metrics for run in runs])
    total = counts[name] if table else _add_counts(list(counts.values()))
    report = Report(
        task=chosen.name,
        split=which,
        signature=_signature(
            chosen.name,
            which,
            gold,
            total,
            len(tables),
            {**joined.signed, **chosen.signed, "interval": str(asked.how)},
        ),
        headline=headline,
        metrics=found,
        counts=total,
        slices=slices,
        items=table,
        runs=runs,
        notes=joined.notes,
        version=__version__,
    ).sealed()
    return Scored(report, gold, joined.runs)


def one_run(
    task: str,
    predictions: PredictionSource | Sequence[str | Path],
    split: Split,
    corpus: Corpus,
    *,
    run: str | None = None,
) -> Mapping[str, Prediction]:
    """Return the checked predictions of one run, the one named or the only one, by id.

    Raises UsageError where there are several, and what ``score`` raises.
    """
    found = _join(task_by_name(task), corpus, split, _named_bytes(predictions)).runs
    names = list(found) if run is None else picked(run, found)
    if len(names) > 1:
        raise UsageError(f"the predictions for {task} hold {len(names)} runs, {', '.join(names)}; pick one")
    return found[names[0]]


def _split(name: str) -> Split:
    for split in SPLITS:
        if split == name:
            return split
    raise UsageError(f"unknown split '{name}'{nearest(name, SPLITS)}; one of {', '.join(SPLITS)}")


def _fields(items: Items, by: Sequence[str] | None) -> tuple[str, ...]:
    for field in by or ():
        if field not in items.fields:
            known = ", ".join(items.fields)
            raise UsageError(f"no field '{field}' to slice by{nearest(field, items.fields)}; one of {known}")
    return tuple(items.fields) if by is None else tuple(by)


def _named_bytes(
    predictions: PredictionSource | Sequence[str | Path],
) -> list[tuple[str, bytes]]:
    """Return (name, bytes) of every input; mappings become the lines they would be in a file."""
    if isinstance(predictions, (str, Path)):
        predictions = [predictions]
    parts = list(predictions)
    paths = [str(part) for part in parts if isinstance(part, (str, Path))]
    if paths and len(paths) == len(parts):
        return [(path, read_bytes(path)) for path in paths]
    lines = [json.dumps(part, ensure_ascii=False, default=_refuse) for part in parts]
    return [("predictions", "\n".join(lines).encode("utf-8", "surrogatepass"))]


def _refuse(value: object) -> None:
    raise UsageError(f"a prediction holds a {type(value).__name__}, which JSON cannot")


def _join(chosen: Task[Any], gold: Corpus, split: Split, inputs: list[tuple[str, bytes]]) -> _Joined:
    """Decode, check and join all inputs. Raises ProblemsError with every mistake."""
    known = chosen.splits(gold)
    problems = Problems()
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    runs: dict[str, dict[str, Prediction]] = {}
    other: Counter[str] = Counter()
    for name, data in inputs:
        for line in decode(name, data, chosen.schema, chosen.prediction, problems):
            prediction, run = line.record, line.record.run_name
            place = name, line.number
            found = runs.setdefault(run, {})
            if prediction.id not in known:
                hint = "" if problems.full else nearest(prediction.id, known)
                message = f"unknown id '{prediction.id}'{hint}"
                problems.add(Problem(name, line.number, "/id", message))
                continue
            first = seen.setdefault((run, prediction.id), place)
            if first != place:
                message = f"'{prediction.id}' is given twice, first at {first[0]}:{first[1]}"
                problems.add(Problem(name, line.number, "/id", message))
                continue
            for pointer, message in chosen.check(gold, prediction):
                problems.add(Problem(name, line.number, pointer, message))
            if known[prediction.id] == split:
                found[prediction.id] = prediction
            else:
                other[run] += 1
    settled = _settle(chosen, gold, runs)
    for run, result in settled.items():
        for item, pointer, message in result.problems:
            problems.add(Problem(*seen[run, item], pointer, message))
    problems.raise_if_any()
    return _Joined(
        {run: result.predictions for run, result in settled.items()},
        other,
        _one_signature([result.signed for result in settled.values()]),
        tuple(
            f"{run}: {note}" if len(settled) > 1 else note
            for run, result in sorted(settled.items())
            for note in result.notes
        ),
    )


def _settle(
    chosen: Task[Any], gold: Corpus, runs: Mapping[str, Mapping[str, Prediction]]
) -> dict[str, Settled[Prediction]]:
    """Return every run as its task settles it; one empty run where there is none."""
    settle = chosen.settle or (lambda gold, found: Settled(found))
    return {run: settle(gold, found) for run, found in (runs or {"": {}}).items()}


def _one_signature(parts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what the runs' signatures say by name; runs that differ are joined by a comma."""
    names = sorted({name for part in parts for name in part})
    return {name: ",".join(sorted({part[name] for part in parts if name in part})) for name in names}


def _counts(chosen: Task[Any], items: Items, found: Mapping[str, Prediction], other: int) -> Counts:
    states = Counter(chosen.state(found.get(item)) for item in items.expected)
    return Counts(
        items=len(items.expected),
        missing=states[State.MISSING],
        abstained=states[State.ABSTAINED],
        invalid=states[State.INVALID],
        other_split=other,
    )


def _add_counts(parts: list[Counts]) -> Counts:
    return Counts(
        items=parts[0].items,
        missing=sum(part.missing for part in parts),
        abstained=sum(part.abstained for part in parts),
        invalid=sum(part.invalid for part in parts),
        other_split=sum(part.other_split for part in parts),
    )


def _scores(chosen: Task[Any], rows: Rows, items: Items, asked: _Asked) -> dict[str, Score]:
    """Return every metric with its intervals."""
    clusters = cluster_codes(items.clusters)
    sources = cluster_codes(items.sources) if items.sources else None
    return scores(asked.metrics(chosen, rows), rows, clusters, sources, asked.how)


def _headline(chosen: Task[Any], runs: Sequence[Mapping[str, Score]]) -> str:
    """Return the task's headline, or its fallback where no run has a value for it."""
    defined = any(metrics[chosen.headline].value is not None for metrics in runs)
    return chosen.headline if defined or not chosen.fallback else chosen.fallback


def _slices(
    chosen: Task[Any], rows: Rows, items: Items, fields: Sequence[str], headline: str, asked: _Asked
) -> tuple[Slice, ...]:
    """Return the metrics on each value of each field; only the headline gets an interval."""
    slices = []
    for field in fields:
        values = np.array(items.fields[field])
        for value in sorted(set(items.fields[field]) - {""}):
            index = np.flatnonzero(values == value)
            part = rows.take(index)
            clusters = cluster_codes([items.clusters[i] for i in index])
            metrics = scores(asked.metrics(chosen, part), part, clusters, None, asked.how, only=headline)
            slices.append(Slice(field=field, value=value, items=len(index), metrics=metrics))
    return tuple(slices)


def _item_rows(items: Items, rows: Rows) -> ItemRows:
    return ItemRows(
        ids=rows.ids,
        clusters=items.clusters,
        sources=items.sources,
        columns=rows.columns,
        rows=_whole_numbers(rows),
        fields=dict(items.fields),
        families=items.families,
    )


def _cluster_sums(items: Items, rows: Rows) -> ClusterSums:
    codes = cluster_codes(items.clusters)
    return ClusterSums(
        clusters=tuple(sorted(set(items.clusters))),
        items=tuple(np.bincount(codes).tolist()),
        columns=rows.columns,
        sums=_whole_numbers(pooled(rows, codes)),
    )


def _whole_numbers(rows: Rows) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in rows.counts.tolist())


def _signature(
    task: str, split: str, gold: Corpus, counts: Counts, runs: int, signed: Mapping[str, str]
) -> str:
    """Return how a score was made, in the manner of sacrebleu."""
    parts = {
        "task": task,
        "split": split,
        "corpus": f"{gold.version}-{gold.digest[:12]}",
        "items": counts.items,
        **({"missing": counts.missing} if runs == 1 else {"runs": runs}),
        **signed,
        "version": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())
