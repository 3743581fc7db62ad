"""FEVER: verdict and evidence of claims against Wikipedia (Thorne et al. 2018).

Official figures equal ``fever_score`` of sheffieldnlp/fever-scorer: predictions meet gold by their position
in the file, ids are never read. The house joins by id.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET

from claimbench.errors import InputError, Problem
from claimbench.formats import evidence
from claimbench.formats.base import Format, Option, Scored, Source, count_of, only
from claimbench.formats.evidence import HITS, PIECES, RECALLED, SCORED
from claimbench.formats.evidence_rows import COLUMNS, house, metrics
from claimbench.formats.joining import NO_ID, Lines, places
from claimbench.formats.lines import WHOLE, Part, Records, file_digest
from claimbench.formats.parts import in_parts
from claimbench.formats.quirks import touched
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats.estimators import Ints

UNVERIFIABLE = "NOT ENOUGH INFO"
Id = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
Groups = list[list[tuple[Any, Any, str | None, int | None]]]


class Gold(msgspec.Struct, frozen=True, gc=False):
    """What is read of a gold line: groups of (annotation, evidence, page, line)."""

    label: str
    evidence: Groups
    id: Id = NO_ID


class Prediction(msgspec.Struct, frozen=True, gc=False):
    """What is read of a prediction line. One that carries ``label`` and ``evidence`` is its own gold."""

    predicted_label: str
    predicted_evidence: list[tuple[str, int]]
    id: Id = NO_ID
    label: str | msgspec.UnsetType = msgspec.UNSET
    evidence: Groups | msgspec.UnsetType = msgspec.UNSET


class _Loose(Prediction, frozen=True):
    """A prediction whose evidence is not as it should be, which goes unseen under a wrong label."""

    predicted_evidence: list[Any]


_loose: Callable[[bytes], Prediction] = msgspec.json.Decoder(_Loose, strict=True).decode


@lru_cache(maxsize=1024)
def _flags(gold: str, predicted: str) -> int:
    return evidence.flags(gold, predicted, scored=gold.upper() != UNVERIFIABLE)


def _code(gold: str, groups: Groups, predicted: str, given: list[tuple[str, int]]) -> int:
    """Return the code of a claim, as ``evidence.found`` would make it of (page, line) pairs, but faster."""
    flags = _flags(gold, predicted)
    if not flags & SCORED:
        return flags
    distinct, common, recalled = set(given), set(), 0
    for group in groups:
        whole = RECALLED
        for _, _, page, line in group:
            sentence = (page, line)
            if sentence in distinct:
                common.add(sentence)
            else:
                whole = 0
        recalled |= whole
    count = len(given)
    if not groups or len(distinct) < count or count >= len(PIECES):
        return flags | evidence.found([[(e[2], e[3]) for e in group] for group in groups], given)
    return flags | recalled | HITS[len(common)] | PIECES[count]


def _loose_code(gold: str, groups: Groups, predicted: str, pieces: list[Any]) -> int:
    """The same for evidence of any shape: gold without a line completes a group but is no hit."""
    flags = _flags(gold, predicted)
    sentences = [[(e[2], e[3]) for e in group] for group in groups]
    countable = [[s for s in group if s[1] is not None] for group in sentences]
    given = [_hashable(piece) for piece in pieces]
    found = evidence.found(sentences, given, countable)
    return flags | found if flags & evidence.SCORED else flags


def _hashable(value: Any) -> Hashable:
    if isinstance(value, dict):
        return frozenset((key, _hashable(part)) for key, part in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, (list, tuple)) else value


class _Read(msgspec.Struct):
    """Codes in the order of the predictions, and where they are others for another reading.

    ``by_gold`` against the gold at the same position where a prediction is its own gold, ``uncut`` without a
    limit; both by position.
    """

    official: array[int] = msgspec.field(default_factory=lambda: array("q"))
    gold: array[int] = msgspec.field(default_factory=lambda: array("q"))
    found: array[int] = msgspec.field(default_factory=lambda: array("q"))
    by_gold: dict[int, int] = msgspec.field(default_factory=dict)
    uncut: dict[int, int] = msgspec.field(default_factory=dict)
    needs_gold: bool = False
    blank: bool = False
    loose: list[str] = msgspec.field(default_factory=list)
    problems: Problems = msgspec.field(default_factory=Problems)

    def extend(self, after: _Read) -> None:
        """Take up what was read of the lines that follow."""
        at = len(self.official)
        for mine, theirs in ((self.by_gold, after.by_gold), (self.uncut, after.uncut)):
            mine.update((at + place, code) for place, code in theirs.items())
        for name in ("official", "gold", "found", "loose"):
            getattr(self, name).extend(getattr(after, name))
        self.needs_gold |= after.needs_gold
        self.problems.extend(after.problems)


def _stream(
    path: str, name: str, limit: int | None, of_gold: Part = WHOLE, of_predictions: Part = WHOLE
) -> _Read:
    """Read both files in step and score what stands at the same position."""
    result = _Read()
    problems = result.problems
    gold_lines = Records(path, Gold, problems, part=of_gold)
    golds = iter(gold_lines)
    predictions = Records(name, Prediction, problems, _loose, part=of_predictions)
    add, add_gold, add_found = result.official.append, result.gold.append, result.found.append
    in_step = False
    most = evidence.MOST_EVIDENCE if limit is None else min(limit, evidence.MOST_EVIDENCE)
    for prediction, gold in zip(predictions, chain(golds, repeat(None)), strict=False):
        add_found(prediction.id)
        if gold is not None:
            add_gold(gold.id)
        given = prediction.predicted_evidence
        if gold is None or prediction.label is not UNSET or len(given) > most or type(prediction) is _Loose:
            for problem in _odd(result, gold, prediction, limit, f"{name}:{predictions.number}"):
                problems.add(Problem(name, predictions.number, *problem))
        else:
            in_step = True
            add(_code(gold.label, gold.evidence, prediction.predicted_label, given))
    result.needs_gold |= in_step
    for rest in golds:
        add_gold(rest.id)
    result.blank = gold_lines.blank or predictions.blank
    return result


def _odd(
    result: _Read, gold: Gold | None, prediction: Prediction, limit: int | None, place: str
) -> Iterator[tuple[str, str]]:
    """Score a prediction that is its own gold, badly formed, beyond the limit or beyond the gold.

    Yields pointer and message of what the official scorer refuses.
    """
    if len(prediction.predicted_evidence) > evidence.MOST_EVIDENCE:
        yield "/predicted_evidence", f"expected at most {evidence.MOST_EVIDENCE} pieces of evidence"
        return
    at, predicted, given = len(result.official), prediction.predicted_label, prediction.predicted_evidence
    code_of = _loose_code if isinstance(prediction, _Loose) else _code
    label, groups = prediction.label, prediction.evidence
    if isinstance(label, str) and isinstance(groups, list):
        if gold is not None:
            result.by_gold[at] = code_of(gold.label, gold.evidence, predicted, given[:limit])
    else:
        result.needs_gold = True
        if gold is None:
            return
        label, groups = gold.label, gold.evidence
    code = code_of(label, groups, predicted, given[:limit])
    result.official.append(code)
    if limit is not None and len(given) > limit:
        result.uncut[at] = code_of(label, groups, predicted, given)
    if isinstance(prediction, _Loose):
        wrong = _malformed(prediction.predicted_evidence)
        if wrong and code & evidence.CORRECT:
            yield wrong
        pointer, message = wrong or ("/predicted_evidence", "expected [page, line] pairs")
        result.loose.append(f"{place} {pointer}: {message}")


def _read(path: str, name: str, limit: int | None, workers: int) -> tuple[_Read, str]:
    """Return what is read of both files, and the digest of the gold."""
    with in_parts(partial(_stream, path, name, limit), (path, name), workers) as results:
        digest = file_digest(path)
        result, *rest = results()
    if rest and any(part.blank for part in (result, *rest)):
        return _stream(path, name, limit), digest
    for after in rest:
        result.extend(after)
    return result, digest


def _malformed(pieces: Sequence[Any]) -> tuple[str, str] | None:
    """Return pointer and message of the first piece of evidence that the official scorer would refuse."""
    for place, piece in enumerate(pieces):
        if not isinstance(piece, list) or len(piece) != 2:
            return f"/predicted_evidence/{place}", "expected [page, line]"
        if not isinstance(piece[0], str):
            return f"/predicted_evidence/{place}/0", "expected the name of a page"
        if not isinstance(piece[1], int):
            return f"/predicted_evidence/{place}/1", "expected the number of a line"
    return None


def _by_id(path: str, name: str, place: Ints, limit: int | None) -> Ints:
    """Return codes in the order of the gold, each with the prediction of the same id."""
    lines = Lines(name)
    decode = msgspec.json.Decoder(Prediction, strict=True).decode
    codes = array("q")
    for gold, at in zip(Records(path, Gold, Problems()), place.tolist(), strict=True):
        if at < 0:
            scored = gold.label.upper() != UNVERIFIABLE
            codes.append(evidence.unanswered(gold.label, gold.evidence, scored=scored))
        else:
            mine = decode(lines[at])
            given = mine.predicted_evidence[:limit]
            codes.append(_code(gold.label, gold.evidence, mine.predicted_label, given))
    return np.frombuffer(codes, dtype=np.int64)


def read(
    gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str], workers: int = 1
) -> Scored:
    """Read both files in step; once more, where ids stand in another order."""
    path, name = only(gold, "gold"), only(predictions, "predictions")
    limit = count_of(options["max_evidence"])
    found, digest = _read(path, name, limit, workers)
    found.problems.raise_if_any()
    ids, given = _numbers(found.gold), _numbers(found.found)
    if not given.size:
        raise InputError(f"{name}: holds no prediction")
    place = places(ids, given)
    joined: Ints | None = None
    refused = place if isinstance(place, str) else None
    if not isinstance(place, str):
        in_order = np.array_equal(place, np.arange(given.size))
        joined = evidence.replaced(_numbers(found.official), found.by_gold) if in_order else None
        if found.loose:
            refused = f"malformed evidence under a wrong label, first at {found.loose[0]}"
        elif joined is None:
            joined = _by_id(path, name, place, limit)
        if joined is not None and (unknown := evidence.unknown_labels(joined)):
            refused = f"{unknown} gold labels are none of {', '.join(evidence.LABELS)}"
    apart = int((ids != given).sum()) if ids.size == given.size else 0
    official = _official(found, ids.size, given.size, options["version"])
    if official.figures:
        official = msgspec.structs.replace(
            official, quirks=tuple(_quirks(found, official.figures, limit, apart, joined))
        )
    answered = {"missing": 0, "invalid": 0} if joined is None else evidence.answers(joined)
    return Scored(
        official=official,
        counts=Counts(items=ids.size, abstained=0, other_split=0, **answered),
        house=None if refused or joined is None else house(joined, ids),
        gold=digest,
        refused=refused,
    )


def _numbers(codes: array[int]) -> Ints:
    return np.frombuffer(codes, dtype=np.int64)


def _official(found: _Read, gold: int, predictions: int, version: str) -> Official:
    definition = f"fever-scorer {version}"
    figures: dict[str, float | None] = {}
    reason = None
    if found.needs_gold and gold != predictions:
        reason = f"gold and predictions meet by position, but are {gold} and {predictions} lines"
        return Official(definition=definition, figures={}, counts={}, quirks=(), refused=reason)
    sums = evidence.totals(_numbers(found.official))
    try:
        figures |= evidence.official_figures(sums, zero_f1=version != "1.2")
    except ZeroDivisionError:
        reason = "precision and recall are 0, and fever-scorer 1.2 divides by their sum (2.0.39 does not)"
    return Official(definition=definition, figures=figures, counts=sums.counts(), quirks=(), refused=reason)


def _quirks(
    found: _Read, figures: Mapping[str, float | None], limit: int | None, apart: int, joined: Ints | None
) -> Iterator[str]:
    """Yield what touched the official figures, each with the figures as they would be without it."""
    codes = _numbers(found.official)

    def said(what: str, sums: evidence.Totals) -> str:
        return touched(what, figures, evidence.official_figures(sums, zero_f1=True))

    if apart and joined is None:
        yield f"ids are never read: {apart} predictions stand at the position of another id"
    elif apart and joined is not None:
        yield said(f"ids are never read: {apart} predictions stand elsewhere", evidence.totals(joined))
    if own := len(found.by_gold):
        what = f"{own} predictions carry label and evidence and are their own gold"
        yield said(what, evidence.totals(evidence.replaced(codes, found.by_gold)))
    yield from evidence.quirks(codes, found.uncut, f"{limit} sentences", figures)
    if found.loose:
        yield f"malformed evidence of {len(found.loose)} claims goes unseen, first {found.loose[0]}"


FORMAT = Format(
    name="fever",
    task="verification",
    title="FEVER: claims against Wikipedia, verdict and evidence",
    source=Source(
        "github.com/sheffieldnlp/fever-scorer",
        "src/fever/scorer.py",
        "1.2 (4801615100fbf6327f8e99b5dbaefe5dd890e869) and 2.0.39 on PyPI",
        "Apache-2.0",
    ),
    options={
        "max_evidence": Option("5", "predicted sentences that count", kind="count"),
        "version": Option("1.2", "where precision and recall are 0: no figures, or F1 0", ("1.2", "2.0.39")),
    },
    figures=evidence.FIGURES,
    quirks=(
        "Predictions meet gold by their position in the file; ids are never read.",
        "A prediction that carries label and evidence is scored against itself.",
        "Precision is 1.0 for a claim without predicted evidence.",
        "A repeated sentence counts every time, and uses up the limit.",
        "Evidence beyond the limit is dropped without a word.",
        "Recall is 1.0 for a claim whose gold has no evidence.",
        "The form of predicted evidence is only looked at where the label is right.",
        "Labels compare without case, pages byte for byte.",
        "Version 1.2 divides by zero where precision and recall are 0.",
    ),
    headline="strict_accuracy",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
    parallel=read,
)
