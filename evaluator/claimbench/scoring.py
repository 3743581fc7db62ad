"""From predictions to a report: read, join by id, count, estimate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from claimbench._version import __version__
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.local import uncollected
from claimbench.bulk.runs import RunRows, run_scores, stacked_rows, table_rows
from claimbench.errors import Problem, UsageError, nearest
from claimbench.reading.corpus import Corpus, load_corpus
from claimbench.reading.inputs import Shard, blocks, expand, is_arrow, spooled
from claimbench.reading.jsonl import Problems, decode
from claimbench.records import SPLITS, Prediction, Split
from claimbench.report import Counts, Intervals, ItemRows, Report, Score, Slice
from claimbench.stats.estimators import Ints, Metric, Rows, point
from claimbench.stats.intervals import LEVEL, cluster_codes, jackknife
from claimbench.tasks import task as task_by_name
from claimbench.tasks.base import Items, State, Task

PredictionSource = str | Path | Iterable[Mapping[str, Any]]
"""A file or glob ("-" is standard input), or prediction lines as mappings."""

Engine = Literal["local", "ray"]


@dataclass(frozen=True)
class _Joined:
    """Predictions of the scored split by run and id, and how many lines belonged to other splits."""

    runs: dict[str, dict[str, Prediction]]
    other_split: Counter[str]


class _Input(NamedTuple):
    """An input's name, its lines, and the run they belong to where the file names it."""

    name: str
    data: bytes
    run: str | None


def score(
    task: str,
    predictions: PredictionSource | Sequence[str | Path],
    *,
    split: str = "test",
    corpus: Corpus | str | Path | None = None,
    by: Sequence[str] | None = None,
    run_from_name: bool = False,
    workers: int = 1,
    engine: Engine = "local",
    address: str | None = None,
) -> Report:
    """Return the report of predictions for a task.

    ``predictions`` are files or globs (JSON lines, plain, gzip or zstd; Parquet; Arrow; "-" is standard
    input), which form one set, or lines as mappings. ``by`` names the fields to slice by; None takes all the
    task has. Gold sets the denominator: what is missing is wrong.

    ``run_from_name`` makes each file a run. ``workers`` processes share the files; ``engine`` "ray" has them
    scored by the Ray cluster at ``address``. The report is the same, however the work is shared.

    Raises UsageError for an unknown task, split or field, ProblemsError with every mistake in the
    predictions, InputError where something cannot be read.
    """
    chosen = task_by_name(task)
    which = _split(split)
    gold = corpus if isinstance(corpus, Corpus) else load_corpus(corpus, only=chosen.needs)
    items = chosen.items(gold, which)
    if not items.ids:
        raise UsageError(f"{task} has no items in split '{split}'; sentences and articles are all in 'test'")
    fields = _fields(items, by)
    paths = _paths(predictions)
    if paths and task in HOMES:
        from claimbench.bulk.scoring import tabulate

        table = tabulate(
            paths,
            Gold(task, which, gold),
            run_from_name=run_from_name,
            workers=workers,
            engine=engine,
            address=address,
        )
        rows = table_rows(table)
    else:
        inputs = _read(chosen, paths, run_from_name) if paths else _as_lines(predictions)
        joined = _join(chosen, gold, which, inputs)
        scored = {name: chosen.rows(gold, items, found) for name, found in joined.runs.items()}
        rows = stacked_rows(
            scored,
            {
                name: _counts(chosen, items, found, joined.other_split[name])
                for name, found in joined.runs.items()
            },
        )
    if len(rows.names) > 1:
        return _report_of_many(chosen, which, gold, items, rows)
    only = Rows(items.ids, rows.columns, rows.some(slice(1))[0])
    metrics = _scores(chosen, only, items)
    headline = _headline(chosen, [metrics])
    return Report(
        task=task,
        split=which,
        signature=_signature(task, which, gold, rows.counts[0], 1),
        headline=headline,
        metrics=metrics,
        counts=rows.counts[0],
        slices=_slices(chosen, only, items, fields, headline),
        items=_item_rows(items, only),
        runs=(),
        version=__version__,
    )


def _report_of_many(chosen: Task[Any], split: Split, gold: Corpus, items: Items, rows: RunRows) -> Report:
    """Return the report with a row for each run."""
    with uncollected():
        runs, sums = run_scores(chosen, items, rows)
    total = _add_counts(rows.counts)
    return Report(
        task=chosen.name,
        split=split,
        signature=_signature(chosen.name, split, gold, total, len(runs)),
        headline=_headline(chosen, [run.metrics for run in runs]),
        metrics={},
        counts=total,
        slices=(),
        items=None,
        runs=tuple(runs),
        version=__version__,
        sums=sums,
    )


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


def _paths(predictions: PredictionSource | Sequence[str | Path]) -> list[str]:
    """Return the paths that are given; none where lines are."""
    if isinstance(predictions, (str, Path)):
        return [str(predictions)]
    if isinstance(predictions, Sequence) and predictions:
        paths = [str(part) for part in predictions if isinstance(part, (str, Path))]
        return paths if len(paths) == len(predictions) else []
    return []


def _read(task: Task[Any], paths: Sequence[str], run_from_name: bool) -> list[_Input]:
    """Return every input as a whole."""
    from claimbench.bulk.scoring import run_name

    with spooled(expand(paths)) as shards:
        return [
            _Input(shard.name, _lines(task, shard), run_name(shard.name) if run_from_name else None)
            for shard in shards
        ]


def _lines(task: Task[Any], shard: Shard) -> bytes:
    if not is_arrow(shard):
        return b"".join(blocks(shard))
    from claimbench.reading.arrow import batches, json_lines

    nullable = frozenset(task.payload or ("answer",))
    return b"\n".join(line for batch in batches(shard) for line in json_lines(batch, nullable))


def _as_lines(predictions: PredictionSource | Sequence[str | Path]) -> list[_Input]:
    """Return mappings as the lines they would be in a file."""
    parts: Iterable[Any] = () if isinstance(predictions, (str, Path)) else predictions
    lines = [json.dumps(part, ensure_ascii=False, default=_refuse) for part in parts]
    return [_Input("predictions", "\n".join(lines).encode("utf-8", "surrogatepass"), None)]


def _refuse(value: object) -> None:
    raise UsageError(f"a prediction holds a {type(value).__name__}, which JSON cannot")


def _join(chosen: Task[Any], gold: Corpus, split: Split, inputs: Sequence[_Input]) -> _Joined:
    """Decode, check and join all inputs. Raises ProblemsError with every mistake."""
    known = chosen.splits(gold)
    problems = Problems()
    seen: dict[tuple[str, str], str] = {}
    runs: dict[str, dict[str, Prediction]] = {}
    other: Counter[str] = Counter()
    for name, data, file_run in inputs:
        for line in decode(name, data, chosen.schema, chosen.prediction, problems):
            prediction = line.record
            run = prediction.run_name if file_run is None else file_run
            place = f"{name}:{line.number}"
            found = runs.setdefault(run, {})
            if prediction.id not in known:
                hint = "" if problems.full else nearest(prediction.id, known)
                message = f"unknown id '{prediction.id}'{hint}"
                problems.add(Problem(name, line.number, "/id", message))
                continue
            first = seen.setdefault((run, prediction.id), place)
            if first != place:
                message = f"'{prediction.id}' is given twice, first at {first}"
                problems.add(Problem(name, line.number, "/id", message))
                continue
            for pointer, message in chosen.check(gold, prediction):
                problems.add(Problem(name, line.number, pointer, message))
            if known[prediction.id] == split:
                found[prediction.id] = prediction
            else:
                other[run] += 1
    problems.raise_if_any()
    return _Joined(runs or {"": {}}, other)


def _counts(chosen: Task[Any], items: Items, found: Mapping[str, Prediction], other: int) -> Counts:
    states = Counter(chosen.state(found.get(item)) for item in items.expected)
    return Counts(
        items=len(items.expected),
        missing=states[State.MISSING],
        abstained=states[State.ABSTAINED],
        invalid=states[State.INVALID],
        other_split=other,
    )


def _add_counts(parts: Sequence[Counts]) -> Counts:
    return Counts(
        items=parts[0].items,
        missing=sum(part.missing for part in parts),
        abstained=sum(part.abstained for part in parts),
        invalid=sum(part.invalid for part in parts),
        other_split=sum(part.other_split for part in parts),
    )


def _scores(chosen: Task[Any], rows: Rows, items: Items) -> dict[str, Score]:
    """Return every metric with its intervals."""
    clusters = cluster_codes(items.clusters)
    sources = cluster_codes(items.sources) if items.sources else None
    return {metric.name: _one(metric, rows, clusters, sources) for metric in chosen.metrics(rows)}


def _one(metric: Metric, rows: Rows, clusters: Ints | None, sources: Ints | None) -> Score:
    estimator = metric.estimator(rows)
    intervals = Intervals(
        this_benchmark=None if clusters is None else jackknife(estimator, clusters, metric.scale),
        new_sources=None if sources is None else jackknife(estimator, sources, metric.scale),
    )
    return Score(value=point(metric, rows), intervals=intervals)


def _headline(chosen: Task[Any], runs: Sequence[Mapping[str, Score]]) -> str:
    """Return the task's headline, or its fallback where no run has a value for it."""
    defined = any(metrics[chosen.headline].value is not None for metrics in runs)
    return chosen.headline if defined or not chosen.fallback else chosen.fallback


def _slices(
    chosen: Task[Any], rows: Rows, items: Items, fields: Sequence[str], headline: str
) -> tuple[Slice, ...]:
    """Return the metrics on each value of each field; only the headline gets an interval."""
    slices = []
    for field in fields:
        values = np.array(items.fields[field])
        for value in sorted(set(items.fields[field]) - {""}):
            index = np.flatnonzero(values == value)
            part = rows.take(index)
            clusters = cluster_codes([items.clusters[i] for i in index])
            metrics = {
                metric.name: _one(metric, part, clusters if metric.name == headline else None, None)
                for metric in chosen.metrics(part)
            }
            slices.append(Slice(field=field, value=value, items=len(index), metrics=metrics))
    return tuple(slices)


def _item_rows(items: Items, rows: Rows) -> ItemRows:
    return ItemRows(
        ids=rows.ids,
        clusters=items.clusters,
        sources=items.sources,
        columns=rows.columns,
        rows=tuple(tuple(row) for row in rows.counts.tolist()),
    )


def _signature(task: str, split: str, gold: Corpus, counts: Counts, runs: int) -> str:
    """Return how a score was made, in the manner of sacrebleu."""
    parts = {
        "task": task,
        "split": split,
        "corpus": f"{gold.version}-{gold.digest[:12]}",
        "items": counts.items,
        **({"missing": counts.missing} if runs == 1 else {"runs": runs}),
        "interval": f"jackknife-t {LEVEL:g}",
        "version": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())
