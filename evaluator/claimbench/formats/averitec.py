"""AVeriTeC: real-world claims, verdict with questions and answers as evidence (Schlichtkrull et al. 2023).

Official figures equal one of two scorers: ``averitec_evaluate.py`` of the shared task of 2024, and
``eval.py`` of the dataset paper. Predictions meet gold by their position; the house joins by claim_id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from claimbench.errors import InputError, Problem, ProblemsError
from claimbench.formats import averitec_figures as f
from claimbench.formats.averitec_evidence import Compared, Score, load_meteor, utilities
from claimbench.formats.averitec_input import (
    MOST_QUESTIONS,
    Claim,
    Prediction2024,
    PredictionOfPaper,
    Strings,
    joined,
    of_claim,
    of_prediction,
)
from claimbench.formats.averitec_rows import COLUMNS, EVIDENCE, Judged, house, metrics
from claimbench.formats.base import Format, Option, Scored, Source, only
from claimbench.formats.documents import collection_paused, read_list
from claimbench.formats.lines import file_digest
from claimbench.formats.meteor.resources import MissingDataError
from claimbench.formats.quirks import touched
from claimbench.formats.summation import pairwise_mean
from claimbench.report import Counts, Official

_SCORERS = {
    "2024": "averitec_evaluate.py (HerO 9840dfa)",
    "eval.py": "AVeriTeC eval.py 7c62d1e",
}
_LEVELS_BY_TYPE = {"2024": (0.25,), "eval.py": (0.2, 0.3)}


class _Input(msgspec.Struct, frozen=True):
    """Gold and predictions as compared, and which scorer is meant."""

    claims: Sequence[Claim]
    golds: Sequence[Strings]
    given: Sequence[Strings]
    scorer: str

    def in_step(self) -> list[tuple[Strings, Strings]]:
        """Return what stands at the same position, as long as there are both."""
        return list(zip(self.golds, self.given, strict=False))


Best = Mapping[Compared, float]
"""The score of the best assignment of predicted strings to gold ones, which there are."""


class _Refused(ValueError):  # noqa: N818 (no error: a reason)
    """Why the official scorer gives no figure of some kind."""


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read both lists; score what stands at the same position, and what has the same id."""
    with collection_paused():
        return _read(gold, predictions, options)


def _read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    path, name = only(gold, "gold"), only(predictions, "predictions")
    claims = read_list(path, Claim)
    kind = Prediction2024 if options["scorer"] == "2024" else PredictionOfPaper
    found: list[Prediction2024] | list[PredictionOfPaper] = read_list(name, kind)  # type: ignore[assignment]
    if not claims or not found:
        raise InputError(f"{path if not claims else name}: holds no claim")
    if options["scorer"] == "eval.py":
        _refuse_without_justification(path, claims)
    given = _Input(
        claims, [of_claim(c) for c in claims], [of_prediction(p) for p in found], options["scorer"]
    )
    score: Score | None = None
    missing_data, definition = None, f"{_SCORERS[options['scorer']]}, METEOR of NLTK {options['nltk']}"
    signed = {}
    try:
        score, version = load_meteor(again=options["nltk"] == "3.7")
        definition += f" with WordNet {version}"
        signed = {"wordnet": version}
    except MissingDataError as error:
        missing_data = str(error)
    place = joined(claims, found)
    best = None if score is None else utilities(score, _compared(given, place))
    official = _official(given, definition, best, missing_data)
    refused = place if isinstance(place, str) else _unknown_labels(claims)
    judged = None if refused or isinstance(place, str) else _judged(given, place, best)
    absent = 0 if isinstance(place, str) else place.count(-1)
    invalid = sum(p.label not in f.LABELS for p in given.given)
    return Scored(
        official=official,
        counts=Counts(items=len(claims), missing=absent, abstained=0, invalid=invalid, other_split=0),
        house=None if judged is None else house(claims, judged),
        gold=file_digest(path),
        refused=refused,
        signed=signed,
    )


def _refuse_without_justification(path: str, claims: Sequence[Claim]) -> None:
    without = [at for at, claim in enumerate(claims) if not isinstance(claim.justification, str)]
    if without:
        message = "expected a justification, which eval.py compares"
        raise ProblemsError([Problem(path, 0, f"/{at}", message) for at in without[:100]])


def _unknown_labels(claims: Sequence[Claim]) -> str | None:
    unknown = [claim.label for claim in claims if claim.label not in f.LABELS]
    return f"{len(unknown)} gold labels are none of {', '.join(f.LABELS)}" if unknown else None


def _compared(given: _Input, place: Sequence[int] | str) -> Iterator[Compared]:
    """Yield the strings of gold and of predictions at the same position, and of those with the same id."""
    pairs = given.in_step()
    if not isinstance(place, str):
        pairs += [(gold, given.given[at]) for gold, at in zip(given.golds, place, strict=True) if at >= 0]
    for gold, mine in pairs:
        for strings in (gold.questions, mine.questions), (gold.pairs, mine.pairs):
            if strings[0]:
                yield strings
        if given.scorer == "eval.py":
            yield _justified(gold, mine)


def _justified(gold: Strings, mine: Strings) -> Compared:
    return (gold.justification or "",), (mine.justification or "",)


def _official(given: _Input, definition: str, best: Best | None, missing_data: str | None) -> Official:
    figures: dict[str, float | None] = {}
    reasons, evidence = [], list[float]()
    if len(given.golds) == len(given.given):
        figures |= f.of_labels([g.label for g in given.golds], [p.label for p in given.given])
    else:
        counts = f"{len(given.golds)} claims and {len(given.given)} predictions"
        reasons.append(f"label figures need equally many, but these are {counts}")
    if best is None:
        reasons.append(f"METEOR figures: {missing_data}")
    else:
        parts: list[Callable[[], dict[str, float]]] = [
            lambda: _questions(given, best),
            lambda: _answers(given, best, evidence),
        ]
        if given.scorer == "eval.py":
            parts.append(lambda: _justifications(given, best, evidence))
        for part in parts:
            try:
                figures |= part()
            except _Refused as reason:
                reasons.append(str(reason))
    order = {figure: at for at, figure in enumerate(FORMAT.figures)}
    return Official(
        definition=definition,
        figures={name: figures[name] for name in sorted(figures, key=lambda n: order.get(n, len(order)))},
        counts={"claims": len(given.in_step())},
        quirks=tuple(_quirks(given, figures, evidence)),
        refused="; ".join(dict.fromkeys(reasons)) or None,
    )


def _questions(given: _Input, best: Best) -> dict[str, float]:
    _refuse_without_questions(given)
    scores = [best[gold.questions, mine.questions] for gold, mine in given.in_step()]
    return {f.QUESTIONS: pairwise_mean(scores)}


def _answers(given: _Input, best: Best, evidence: list[float]) -> dict[str, float]:
    """Return the figures of questions with answers, and note the score of each claim in ``evidence``."""
    _refuse_without_questions(given)
    _refuse_unexplained(given)
    pairs = given.in_step()
    evidence += [best[gold.pairs, mine.pairs] for gold, mine in pairs]
    right = [float(gold.label == mine.label) for gold, mine in pairs]
    types = [claim.claim_types for claim, _ in zip(given.claims, pairs, strict=False)]
    figures = {f.ANSWERS: pairwise_mean(evidence)} | f.at_levels(f.VERACITY_AT, evidence, right)
    for level in _LEVELS_BY_TYPE[given.scorer]:
        figures |= f.by_type(types, evidence, level)
    return figures


def _justifications(given: _Input, best: Best, evidence: Sequence[float]) -> dict[str, float]:
    _refuse_unexplained(given, of_gold=False)
    scores = [best[_justified(gold, mine)] for gold, mine in given.in_step()]
    figures = {f.JUSTIFICATION: pairwise_mean(scores)}
    return figures | (f.at_levels(f.JUSTIFICATION_AT, evidence, scores) if evidence else {})


def _refuse_without_questions(given: _Input) -> None:
    for place, (gold, _) in enumerate(given.in_step()):
        if not gold.questions:
            raise _Refused(f"claim {place} has no question, and the scorer divides by their number")


def _refuse_unexplained(given: _Input, *, of_gold: bool = True) -> None:
    for place, (gold, mine) in enumerate(given.in_step()):
        if mine.unexplained or (of_gold and gold.unexplained):
            whose = "prediction" if mine.unexplained else "claim"
            raise _Refused(f"{whose} {place} has a Boolean answer without boolean_explanation")


def _judged(given: _Input, place: Sequence[int], best: Best | None) -> list[Judged]:
    """Return what the house says of each gold claim, given which prediction it has, -1 for none."""
    rows = []
    for gold, at in zip(given.golds, place, strict=True):
        mine = given.given[at] if at >= 0 else None
        questions = answers = 0.0
        if best is not None and mine is not None:
            questions = best[gold.questions, mine.questions] if gold.questions else 0.0
            answers = best[gold.pairs, mine.pairs] if gold.pairs else 0.0
        label = None if mine is None else mine.label
        rows.append(Judged(label, questions, answers, bool(gold.pairs), scored=best is not None))
    return rows


def _quirks(given: _Input, figures: Mapping[str, float | None], evidence: Sequence[float]) -> Iterator[str]:
    """Yield what touched the official figures."""
    if len(given.golds) != len(given.given):
        both = len(given.in_step())
        yield f"the METEOR figures are over the first {both} claims, as the lists are of unequal length"
    other = sum(mine.label not in f.LABELS for mine in given.given)
    if other:
        yield f"{other} predicted labels are none of the four, as labels compare letter by letter"
    if evidence:
        right = [gold.label == mine.label for gold, mine in given.in_step()]
        types = [claim.claim_types for claim, _ in zip(given.claims, right, strict=False)]
        told = [score if ok else 0.0 for score, ok in zip(evidence, right, strict=True)]
        for level in _LEVELS_BY_TYPE[given.scorer]:
            what = f"scores by type of claim at {level} never look at the label"
            without = f.by_type(types, told, level)
            yield touched(what, {name: figures[name] for name in without}, without)


FORMAT = Format(
    name="averitec",
    task="verification",
    title="AVeriTeC: real-world claims, verdict with questions and answers",
    source=Source(
        "github.com/MichSchli/AVeriTeC, github.com/ssu-humane/HerO",
        "eval.py, averitec_evaluate.py",
        "7c62d1ec8df3fb560d6efe2b85fa191135636f81, 9840dfaa1cc48de5d2de11c28ab1ba99f06cb66a",
        "CC BY-NC 4.0 (definition only; no code of it is used)",
    ),
    options={
        "scorer": Option("2024", "the shared task's scorer, or the dataset paper's", ("2024", "eval.py")),
        "nltk": Option("3.7", "whose base forms lead to WordNet: to 3.8, or from 3.9", ("3.7", "3.9")),
    },
    figures=(
        *(f.QUESTIONS, f.ANSWERS),
        *f.OF_LABELS,
        f.JUSTIFICATION,
        *(name for both in zip(f.VERACITY_AT, f.JUSTIFICATION_AT, strict=True) for name in both),
    ),
    quirks=(
        "Predictions meet gold by their position; ids are never read.",
        "METEOR is asymmetric and not the original: it is NLTK's, whose synonyms are those of word stems.",
        "WordNet and Punkt's tables are looked for where NLTK does: in the folders of NLTK_DATA, ~/nltk_data "
        "and the nltk_data of the Python prefix and of /usr; WordNet also in /usr/share/wordnet.",
        f"Predicted strings beyond {MOST_QUESTIONS} are not looked at; fewer than in the gold cost.",
        "A gold Boolean answer is compared with its explanation, a predicted one (2024) without.",
        "A verdict counts at a level if the evidence score is greater, not if it is equal.",
        "Scores by type of claim are mean evidence scores, 0 if not above the level, and ignore the label.",
        "Where the lists are of unequal length the METEOR figures are over the shorter one.",
        "Macro-F1 is over all four labels, also those that neither gold nor predictions have.",
        "Both fail where a claim has no question or a Boolean answer no explanation.",
    ),
    headline="accuracy",
    read=read,
    columns=(*COLUMNS, *EVIDENCE),
    metrics=metrics,
)
