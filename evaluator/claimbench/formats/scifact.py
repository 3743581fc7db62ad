"""SciFact: scientific claims against abstracts, with verdict and rationale (Wadden et al. 2020).

Official figures equal one of two scorers that disagree: ``evaluator/eval.py`` of allenai/scifact-evaluator,
which the leaderboard runs, and ``verisci/evaluate/pipeline.py`` of allenai/scifact. All are ratios of counts.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from claimbench.errors import Problem
from claimbench.formats.base import MOST_ITEMS, Format, House, Option, Scored, Source, only
from claimbench.formats.documents import collection_paused
from claimbench.formats.lines import Records, file_digest
from claimbench.formats.quirks import touched
from claimbench.formats.scifact_columns import Counted, in_step
from claimbench.formats.scifact_counts import (
    COLUMNS,
    FIGURES,
    LEVELS,
    Abstract,
    Id,
    OverlapError,
    Rationale,
    figures_of,
    house_row,
    official_row,
)
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, ratio


class Gold(msgspec.Struct, frozen=True, gc=False):
    """What is read of a gold line."""

    id: Id
    evidence: dict[str, list[Rationale]]


class Prediction(msgspec.Struct, frozen=True, gc=False):
    """What is read of a prediction line."""

    id: Id
    evidence: dict[str, Abstract]


class _LooseAbstract(Abstract, frozen=True, gc=False):
    """A predicted abstract with sentences that are no numbers, which officially just match nothing."""

    sentences: list[int | float | str | bool | None]  # type: ignore[assignment]  # wider than it should be


class _Loose(Prediction, frozen=True, gc=False):
    """A prediction with such abstracts."""

    evidence: dict[str, _LooseAbstract]  # type: ignore[assignment]  # msgspec needs the narrower value


_loose: Callable[[bytes], Prediction] = msgspec.json.Decoder(_Loose, strict=True).decode


class _ApartError(ValueError):
    """Gold and predictions are not the same claims in the same order."""


class _Read(msgspec.Struct, frozen=True, eq=False):
    """What follows from claims and their predictions, in the order of the gold."""

    counted: Counted
    missing: int = 0
    loose: str = ""
    overlaps: bool = False

    def house_totals(self) -> list[int]:
        """Return the sums of the house's counts."""
        _, _, rows, _, which = self.counted
        sums: list[int] = (np.bincount(which, minlength=len(rows)) @ rows).tolist()
        return sums

    def house(self) -> House:
        """Return the house's rows: one for each claim, or the different ones of very many claims."""
        ids, _, rows, labels, which = self.counted
        if len(ids) > MOST_ITEMS:
            return _different(rows, labels, which)
        each = Rows(tuple(map(str, ids)), COLUMNS, rows[which])
        return House(rows=each, fields={"label": [labels[at] for at in which]})


def _different(rows: Ints, labels: Sequence[str], which: Ints) -> House:
    """Return the rows that claims have, each once, in an order that does not hang on that of the claims."""
    kinds = list(zip(map(tuple, rows.tolist()), labels, strict=True))
    met = sorted({kinds[at] for at in np.unique(which)})
    place = {kind: at for at, kind in enumerate(met)}
    index = np.array([place.get(kind, -1) for kind in kinds], dtype=np.int64)[which]
    table = np.array([row for row, _ in met], dtype=np.int64)
    return House(rows=Rows((), COLUMNS, table), fields={"label": [label for _, label in met]}, index=index)


def _score(pairs: Iterable[tuple[Gold, Prediction | None]]) -> _Read:
    ids, totals, rows, index = list[Id](), [0] * (len(COLUMNS) + 1), dict[Any, int](), array("l")
    missing, loose, overlaps = 0, "", False
    for gold, prediction in pairs:
        given: Mapping[str, Abstract] = {}
        if prediction is None:
            missing += 1
        else:
            given = prediction.evidence
            if type(prediction) is _Loose and not loose:
                loose = f"a sentence of claim {gold.id} is no number"
        try:
            row = official_row(gold.evidence, given, longer=True)
        except OverlapError:
            overlaps, row = True, (*(0,) * (len(COLUMNS) + 1), 1)
        totals = [total + more for total, more in zip(totals, row[:-1], strict=True)]
        house = house_row(gold.evidence, given) if row[-1] else row[: len(COLUMNS)]
        index.append(rows.setdefault((house, _label(gold)), len(rows)))
        ids.append(gold.id)
    table = np.array([house for house, _ in rows], dtype=np.int64).reshape(-1, len(COLUMNS))
    counted = Counted(ids, totals, table, [label for _, label in rows], np.array(index, dtype=np.int64))
    return _Read(counted, missing, loose, overlaps)


def _label(gold: Gold) -> str:
    if not gold.evidence:
        return "not_enough_info"
    labels = {rationales[0].label for rationales in gold.evidence.values()}
    return {"SUPPORT": "supported", "CONTRADICT": "refuted"}[labels.pop()] if len(labels) == 1 else "mixed"


def _within_gold(golds: Sequence[Gold]) -> tuple[int, bytes]:
    """Return how many keys there are in evidence: an abstract's id, and two for each rationale."""
    rationales = [len(given) for gold in golds for given in gold.evidence.values()]
    return len(rationales) + 2 * sum(rationales), b""


def _within_predictions(predictions: Sequence[Prediction]) -> tuple[int, bytes]:
    return 3 * sum([len(prediction.evidence) for prediction in predictions]), b""


def _golds(path: str, problems: Problems) -> Iterator[Gold]:
    """Yield the gold; an abstract without a rationale or with two labels becomes a problem."""
    golds = Records(path, Gold, problems, within=_within_gold)
    for gold in golds:
        for document, rationales in gold.evidence.items():
            if len(rationales) != 1 and len({rationale.label for rationale in rationales}) != 1:
                message = "expected rationales of one label" if rationales else "expected a rationale"
                problems.add(Problem(path, golds.number, f"/evidence/{document}", message))
                break
        else:
            yield gold


def _given(name: str, problems: Problems) -> Records[Prediction]:
    return Records(name, Prediction, problems, _loose, within=_within_predictions)


def _in_step(path: str, name: str, problems: Problems) -> Iterator[tuple[Gold, Prediction | None]]:
    """Yield what stands at the same position. Raises _ApartError where ids or lengths differ."""
    golds = _golds(path, problems)
    for place, prediction in enumerate(_given(name, problems), start=1):
        gold = next(golds, None)
        if gold is None or gold.id != prediction.id:
            there = "no claim" if gold is None else f"claim {gold.id}"
            raise _ApartError(
                f"prediction {place} is of claim {prediction.id}, but the gold has {there} there"
            )
        yield gold, prediction
    rest = next(golds, None)
    if rest is not None:
        raise _ApartError(f"claim {rest.id} of the gold and what follows have no prediction")


def _unjoinable(golds: Sequence[Id], given: Sequence[Id]) -> str | None:
    """Return why ids cannot be joined."""
    for name, ids in (("gold", golds), ("predictions", given)):
        if len(set(ids)) < len(ids):
            twice = next(id for id, count in Counter(ids).items() if count > 1)
            return f"ids of the {name} are not unique: {twice} is given more than once"
    unknown = [id for id in given if id not in set(golds)] if not set(given) <= set(golds) else []
    return (
        f"{len(unknown)} ids of the predictions are not in the gold, such as {unknown[0]}"
        if unknown
        else None
    )


@collection_paused()
def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read both files in step where the leaderboard's scorer can, else by id."""
    path, name = only(gold, "gold"), only(predictions, "predictions")
    reason: str | None = None
    refused: str | None
    if options["scorer"] == "leaderboard":
        try:
            found = _read_in_step(path, name)
            refused = _unjoinable(found.counted.ids, ())
            return _scored(path, found, _leaderboard(found), refused)
        except _ApartError as error:
            reason = str(error)
    problems = Problems()
    golds = list(_golds(path, problems))
    given = list(_given(name, problems))
    problems.raise_if_any()
    refused = _unjoinable([g.id for g in golds], [p.id for p in given])
    by_id = {prediction.id: prediction for prediction in given}
    found = _score((each, by_id.get(each.id)) for each in golds)
    if reason is None:
        return _scored(path, found, _verisci(golds, given, found), refused)
    official = Official(definition=LEADERBOARD, figures={}, counts={}, quirks=(), refused=reason)
    return _scored(path, found, official, refused)


def _read_in_step(path: str, name: str) -> _Read:
    """Return the counts of both files read in step. Raises _ApartError where ids or lengths differ."""
    if name != "-":
        try:
            return _Read(in_step(path, name))
        except ValueError:
            pass  # read again, claim by claim
    problems = Problems()
    found = _score(_in_step(path, name, problems))
    problems.raise_if_any()
    return found


def _scored(path: str, found: _Read, official: Official, refused: str | None) -> Scored:
    refused = refused or found.loose or None
    counts = Counts(
        items=len(found.counted.ids), missing=found.missing, abstained=0, invalid=0, other_split=0
    )
    house = None if refused else found.house()
    return Scored(official=official, counts=counts, house=house, gold=file_digest(path), refused=refused)


LEADERBOARD = "scifact-evaluator 66feffc"
VERISCI = "scifact verisci 68b98a5"
_OVERLAPPING = "a predicted sentence stands in two gold rationales, where the scorer asserts that none does"


def _leaderboard(found: _Read) -> Official:
    if found.overlaps:
        return Official(definition=LEADERBOARD, figures={}, counts={}, quirks=(), refused=_OVERLAPPING)
    return _official(LEADERBOARD, found.counted.totals, found.house_totals(), ())


def _verisci(golds: Sequence[Gold], given: Sequence[Prediction], found: _Read) -> Official:
    """Score each prediction against the one claim of its id; claims without one are not looked at."""
    by_id: dict[Id, list[Gold]] = {}
    for gold in golds:
        by_id.setdefault(gold.id, []).append(gold)
    totals, reason = [0] * (len(COLUMNS) + 1), None
    for prediction in given:
        holders = by_id.get(prediction.id, [])
        if len(holders) != 1:
            reason = f"claim {prediction.id} is {len(holders)} times in the gold, not once"
            break
        try:
            numbered = {int(document): found for document, found in holders[0].evidence.items()}
            abstracts = {int(document): abstract for document, abstract in prediction.evidence.items()}
            row = official_row(numbered, abstracts, longer=False)
        except OverlapError:
            reason = _OVERLAPPING
            break
        except ValueError:
            reason = f"an abstract of claim {prediction.id} has an id that is no whole number"
            break
        totals = [mine + more for mine, more in zip(totals, row[:-1], strict=True)]
    if reason is not None:
        return Official(definition=VERISCI, figures={}, counts={}, quirks=(), refused=reason)
    house = found.house_totals()
    quirks = []
    if found.missing:
        whole = [*house[:1], *totals[1:4], house[4], *totals[5:]]
        what = f"{found.missing} claims without a prediction leave the recall"
        quirks.append(touched(what, figures_of(totals), figures_of(whole)))
    return _official(VERISCI, totals, house, quirks)


def _official(definition: str, totals: list[int], house: list[int], quirks: Sequence[str]) -> Official:
    figures = figures_of(totals)
    said = list(quirks)
    if totals[5] != house[5] or totals[4] != house[4]:
        once = [*totals[:4], *house[4:6], *totals[6:]]
        what = f"{totals[5] - house[5]} repeated sentences count as retrieved"
        said.append(touched(what, figures, figures_of(once)))
    if lost := totals[-1]:
        uncut = [*totals[:3], totals[3] + lost, *totals[4:]]
        what = f"sentences beyond the first few are dropped, which costs {lost} abstracts their rationale"
        said.append(touched(what, figures, figures_of(uncut)))
    for level, (_, retrieved, relevant) in LEVELS.items():
        if not totals[COLUMNS.index(retrieved)] or not totals[COLUMNS.index(relevant)]:
            said.append(f"{level}: 0/0 counts as 0, for there is nothing to retrieve or nothing retrieved")
    counts = dict(zip(COLUMNS, totals, strict=False))
    return Official(definition=definition, figures=dict(figures), counts=counts, quirks=tuple(said))


def _f1(total: Ints) -> Floats:
    """Columns (correct, retrieved, relevant): 2 correct / (retrieved + relevant)."""
    return ratio(2 * total[..., 0], total[..., 1] + total[..., 2])


def metrics(rows: Rows) -> tuple[Metric, ...]:
    """Return precision, recall and F1 of each level."""
    found: list[Metric] = []
    for level, (correct, retrieved, relevant) in LEVELS.items():
        found += [
            Additive(f"precision[{level}]", (correct, retrieved), c.share),
            Additive(f"recall[{level}]", (correct, relevant), c.share),
            Additive(f"f1[{level}]", (correct, retrieved, relevant), _f1),
        ]
    return tuple(found)


FORMAT = Format(
    name="scifact",
    task="verification",
    title="SciFact: scientific claims against abstracts, verdict and rationale",
    source=Source(
        "github.com/allenai/scifact-evaluator, github.com/allenai/scifact",
        "evaluator/eval.py, verisci/evaluate/pipeline.py",
        "66feffc5b2cc9e28e3ce3b8c9e824c3c642981eb, 68b98a56d93e0f9da0d2aab4e6c3294699a0f72e",
        "Apache-2.0",
    ),
    options={
        "scorer": Option("leaderboard", "the two official scorers disagree", ("leaderboard", "verisci")),
    },
    figures=FIGURES,
    quirks=(
        "A label may be rationalised by the first 3 sentences; the leaderboard keeps as many as the shortest "
        "gold rationale has, verisci always 3.",
        "A repeated sentence counts as retrieved every time, and as correct once.",
        "0/0 is 0.",
        "The leaderboard wants the same claims in the same order; verisci looks ids up, and claims without a "
        "prediction leave the recall.",
        "The leaderboard compares ids of abstracts as strings, verisci as whole numbers.",
        "Both fail where a predicted sentence stands in two gold rationales.",
    ),
    headline="f1[abstract_rationalized]",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
