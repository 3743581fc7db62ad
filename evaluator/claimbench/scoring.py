"""From predictions to a report: read, join by id, count, estimate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from claimbench._version import __version__
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.runs import MANY, RunRows, run_scores, spare, stacked_rows, table_rows
from claimbench.bulk.sharing import Engine, check_sharing, shared_rows
from claimbench.errors import Problem, UsageError, nearest
from claimbench.estimating import Asked, Procedure, procedure, scores
from claimbench.processes import uncollected
from claimbench.reading.corpus import Corpus, load_corpus, refuse_dangling
from claimbench.reading.inputs import Shard, blocks, expand, is_arrow, spooled
from claimbench.reading.jsonl import Problems, decode
from claimbench.records import SPLITS, Prediction, Split
from claimbench.report import Counts, ItemRows, Report, Run, Score, Slice, picked
from claimbench.stats.estimators import Rows
from claimbench.stats.intervals import cluster_codes
from claimbench.tasks import task as task_by_name
from claimbench.tasks.base import Items, Settled, State, Task

SPARED = f"of more than {MANY} runs only the headline has intervals; metrics asked for by name have them, too"
"""The note of a report whose runs lack the other intervals."""

PredictionSource = str | Path | Shard | Iterable[Mapping[str, Any]]
"""A file or glob ("-" is standard input), one that is called otherwise, or prediction lines as mappings."""


class _Joined(msgspec.Struct, frozen=True):
    """Predictions of the scored split by run and id, and how many lines belonged to other splits."""

    runs: dict[str, Mapping[str, Prediction]]
    other_split: Counter[str]
    signed: Mapping[str, str]
    notes: tuple[str, ...]


class Scored(msgspec.Struct, frozen=True, eq=False):
    """A report with what it was made from: the gold, and the predictions of each run by id."""

    report: Report
    corpus: Corpus
    predictions: Mapping[str, Mapping[str, Prediction]]


class _Input(NamedTuple):
    """An input's name, its lines, and the run they belong to where the file names it."""

    name: str
    data: bytes
    run: str | None


class _Setting(msgspec.Struct, frozen=True):
    """What is scored, and what the report is to hold."""

    task: Task[Any]
    split: Split
    gold: Corpus
    items: Items
    fields: tuple[str, ...] | None
    asked: Asked


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
    run_from_name: bool = False,
    workers: int = 1,
    engine: Engine = "local",
    address: str | None = None,
) -> Report:
    """Return the report of predictions for a task: its name, or a variant of it that counts otherwise.

    ``predictions`` are files or globs (JSON lines, plain, gzip or zstd; Parquet; Arrow; "-" is standard
    input), which form one set, or lines as mappings. ``by`` names the fields to slice a single run by; None
    takes all the task has. ``run`` scores only the run of that name or, where there is none, all seeds of
    that system. ``metrics`` are canonical names of those to give beside the headline; None gives all, of
    more than ``MANY`` runs without their intervals. ``ci`` is how intervals are made: "jackknife",
    "bootstrap" (from ``seed``) or "none"; several runs are tested against the best by the jackknife in any
    case. Gold sets the denominator: what is missing is wrong.

    ``run_from_name`` makes each file a run. ``workers`` processes share the files, plain ones in stretches,
    tables by row groups (what is packed, a stream and one row group are not shared), or the articles of
    extraction; ``engine`` "ray" has files scored by the Ray cluster at ``address``. The report is the same,
    however the work is shared.

    Raises UsageError for an unknown task, split, field, metric or interval and for what would do nothing,
    ProblemsError with every mistake in the predictions, InputError where something cannot be read.
    """
    paths = _paths(predictions)
    name = task if isinstance(task, str) else None
    whole = bool(paths) and run is None
    check_sharing(workers, engine, address, name, files=whole)
    setting = _setting(task, split, corpus, by, metrics, ci, seed)
    if not (whole and name in HOMES):
        return _scored(setting, predictions, run, run_from_name, workers).report
    from claimbench.bulk.scoring import tabulate

    gold = Gold(setting.task.name, setting.split, setting.gold)
    with uncollected():
        # No name holds the table: it is let go before the report is sealed, which needs room as well.
        report = _report(
            setting,
            table_rows(
                tabulate(
                    paths,
                    gold,
                    run_from_name=run_from_name,
                    workers=workers,
                    engine=engine,
                    address=address,
                )
            ),
            workers=workers,
        )
        return report.sealed()


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
    run_from_name: bool = False,
) -> Scored:
    """Return what ``score`` returns together with the gold and predictions it was made from."""
    return _scored(_setting(task, split, corpus, by, metrics, ci, seed), predictions, run, run_from_name)


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
    chosen = task_by_name(task)
    found = _join(chosen, corpus, split, _inputs(chosen, predictions)).runs
    names = list(found) if run is None else picked(run, found)
    if len(names) > 1:
        raise UsageError(f"the predictions for {task} hold {len(names)} runs, {', '.join(names)}; pick one")
    return found[names[0]]


def _setting(
    task: str | Task[Any],
    split: str,
    corpus: Corpus | str | Path | None,
    by: Sequence[str] | None,
    metrics: Sequence[str] | None,
    ci: str,
    seed: int,
) -> _Setting:
    chosen = task_by_name(task) if isinstance(task, str) else task
    which = _split(split)
    chosen.refuse_unknown(metrics or ())
    asked = Asked(None if metrics is None else tuple(metrics), procedure(ci, seed))
    gold = corpus if isinstance(corpus, Corpus) else load_corpus(corpus, only=chosen.needs)
    refuse_dangling(gold, chosen.needs)
    items = chosen.items(gold, which)
    if not items.ids:
        raise UsageError(
            f"{chosen.name} has no items in split '{split}'; sentences and articles are all in 'test'"
        )
    return _Setting(chosen, which, gold, items, _fields(items, by), asked)


def _scored(
    setting: _Setting,
    predictions: PredictionSource | Sequence[str | Path],
    run: str | None,
    run_from_name: bool,
    workers: int = 1,
) -> Scored:
    """Score predictions record by record."""
    task, gold, items = setting.task, setting.gold, setting.items
    joined = _join(task, gold, setting.split, _inputs(task, predictions, run_from_name))
    if run is not None:
        joined = replace(joined, runs={name: joined.runs[name] for name in picked(run, joined.runs)})
    if workers > 1:
        table = shared_rows(Gold(task.name, setting.split, gold), joined.runs, workers)
    else:
        table = {name: task.rows(gold, items, found) for name, found in joined.runs.items()}
    rows = stacked_rows(
        table,
        {name: _counts(task, items, found, joined.other_split[name]) for name, found in joined.runs.items()},
    )
    return Scored(_report(setting, rows, joined.signed, joined.notes).sealed(), gold, joined.runs)


def _report(
    setting: _Setting,
    rows: RunRows,
    signed: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
    workers: int = 1,
) -> Report:
    """Return the report, unsealed, of one run, or with a row for each of many, which threads share."""
    task, items, asked = setting.task, setting.items, setting.asked
    if setting.fields and len(rows.names) > 1:
        raise UsageError(f"slices are of one run, but there are {len(rows.names)}")
    total = rows.counts[0] if len(rows.names) == 1 else _add_counts(rows.counts)
    one = Rows(items.ids, rows.columns, rows.some(slice(1)).table(0)) if len(rows.names) == 1 else None
    found: dict[str, Score] = {}
    runs: list[Run] = []
    sums = None
    if one is not None:
        found = _scores(task, one, items, asked)
    else:
        with uncollected():
            runs, sums = run_scores(task, items, rows, asked, workers)
    headline = _headline(task, [run.metrics for run in runs] or [found])
    return Report(
        task=task.name,
        split=setting.split,
        signature=_signature(
            task.name,
            setting.split,
            setting.gold,
            total,
            len(rows.names),
            {**(signed or {}), **task.signed, **_procedures(asked, runs)},
        ),
        headline=headline,
        metrics=found,
        counts=total,
        slices=() if one is None else _slices(task, one, items, setting.fields, headline, asked),
        items=None if one is None else _item_rows(items, one),
        runs=tuple(runs),
        sums=sums,
        notes=(*notes, SPARED) if spare(asked, len(rows.names)) else notes,
        version=__version__,
    )


def _procedures(asked: Asked, runs: Sequence[Run]) -> dict[str, str]:
    """Return how intervals were made and, where otherwise, how runs were tested against the best."""
    tested = asked.how.method != "jackknife" and any(run.against_best for run in runs)
    return {"interval": str(asked.how), **({"against_best": str(Procedure())} if tested else {})}


def _split(name: str) -> Split:
    for split in SPLITS:
        if split == name:
            return split
    raise UsageError(f"unknown split '{name}'{nearest(name, SPLITS)}; one of {', '.join(SPLITS)}")


def _fields(items: Items, by: Sequence[str] | None) -> tuple[str, ...] | None:
    for field in by or ():
        if field not in items.fields:
            known = ", ".join(items.fields)
            raise UsageError(f"no field '{field}' to slice by{nearest(field, items.fields)}; one of {known}")
    return None if by is None else tuple(dict.fromkeys(by))


def _paths(predictions: PredictionSource | Sequence[str | Path]) -> list[str]:
    """Return the paths that are given; none where lines are."""
    if isinstance(predictions, (str, Path)):
        return [str(predictions)]
    if isinstance(predictions, Sequence) and predictions:
        paths = [str(part) for part in predictions if isinstance(part, (str, Path))]
        return paths if len(paths) == len(predictions) else []
    return []


def _inputs(
    task: Task[Any], predictions: PredictionSource | Sequence[str | Path], run_from_name: bool = False
) -> list[_Input]:
    """Return every input as a whole."""
    if isinstance(predictions, Shard):
        return [_Input(predictions.name, _lines(task, predictions), None)]
    paths = _paths(predictions)
    if not paths and run_from_name:
        raise UsageError("lines have no file whose name could be their run")
    if not paths:
        return _as_lines(predictions)
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
    parts: Iterable[Any] = () if isinstance(predictions, (str, Path, Shard)) else predictions
    lines = [json.dumps(part, ensure_ascii=False, default=_refuse) for part in parts]
    return [_Input("predictions", "\n".join(lines).encode("utf-8", "surrogatepass"), None)]


def _refuse(value: object) -> None:
    raise UsageError(f"a prediction holds a {type(value).__name__}, which JSON cannot")


def _join(chosen: Task[Any], gold: Corpus, split: Split, inputs: Sequence[_Input]) -> _Joined:
    """Decode, check and join all inputs. Raises ProblemsError with every mistake."""
    known = chosen.splits(gold)
    problems = Problems()
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    runs: dict[str, dict[str, Prediction]] = {}
    other: Counter[str] = Counter()
    for name, data, file_run in inputs:
        for line in decode(name, data, chosen.schema, chosen.prediction, problems):
            prediction = line.record
            run = prediction.run_name if file_run is None else file_run
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


def _add_counts(parts: Sequence[Counts]) -> Counts:
    return Counts(
        items=parts[0].items,
        missing=sum(part.missing for part in parts),
        abstained=sum(part.abstained for part in parts),
        invalid=sum(part.invalid for part in parts),
        other_split=sum(part.other_split for part in parts),
    )


def _scores(chosen: Task[Any], rows: Rows, items: Items, asked: Asked) -> dict[str, Score]:
    """Return every metric with its intervals."""
    clusters = cluster_codes(items.clusters)
    sources = cluster_codes(items.sources) if items.sources else None
    return scores(asked.metrics(chosen, rows), rows, clusters, sources, asked.how)


def _headline(chosen: Task[Any], runs: Sequence[Mapping[str, Score]]) -> str:
    """Return the task's headline, or its fallback where no run has a value for it."""
    defined = any(metrics[chosen.headline].value is not None for metrics in runs)
    return chosen.headline if defined or not chosen.fallback else chosen.fallback


def _slices(
    chosen: Task[Any], rows: Rows, items: Items, fields: Sequence[str] | None, headline: str, asked: Asked
) -> tuple[Slice, ...]:
    """Return the metrics on each value of each field that say something of its items alone.

    Only the headline gets an interval.
    """
    slices = []
    for field in items.fields if fields is None else fields:
        values = np.array(items.fields[field])
        for value in sorted(set(items.fields[field]) - {""}):
            index = np.flatnonzero(values == value)
            part = rows.take(index)
            clusters = cluster_codes([items.clusters[i] for i in index])
            wanted = [metric for metric in asked.metrics(chosen, part) if chosen.sliced(metric, field)]
            metrics = scores(wanted, part, clusters, None, asked.how, only=(headline,))
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
