"""What a page shows of one scored item, and the parts that several tasks share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from claimbench.pages.shown import Shown, shown
from claimbench.reading.corpus import Corpus
from claimbench.records import EvidenceSet
from claimbench.tasks.base import State
from claimbench.text.quantities import Quantity, quantities


class Mark(msgspec.Struct, frozen=True):
    """A stretch of an article, in code points, and its kind: item, gold, supports, refutes or predicted."""

    article: str
    start: int
    end: int
    kind: str


class Cited(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence that the gold or a system gives as evidence; ``ranks`` are its places by system, from 1."""

    sentence: str
    stances: tuple[str, ...] = ()
    ranks: tuple[int | None, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """One line of an item's table: what the gold has, and what each system has."""

    term: str
    gold: Shown
    predicted: tuple[Shown, ...]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One scored item. ``score`` is its own result in [0, 1]; ``outcome`` says it in words.

    ``right`` is None where the item counts neither way.
    """

    key: str
    id: str
    task: str
    title: Shown
    language: str
    right: bool | None
    score: float | None
    outcome: str
    fields: Mapping[str, str]
    said: tuple[Said, ...]
    reason: tuple[Shown, ...]
    evidence: tuple[Cited, ...] = ()
    marks: tuple[Mark, ...] = ()
    answered: bool = True
    run: int = 0
    change: str = ""
    """On a page of two systems: gained, lost, changed or same."""


UNANSWERED: Mapping[State, str] = {
    State.MISSING: "The predictions have no line for this item; gold sets the denominator, so it is wrong.",
    State.ABSTAINED: "The system abstained; that is wrong here and counted apart.",
    State.INVALID: "The system's output could not be parsed; that is wrong and counted apart.",
}
"""Why an item without an answer scores what it scores."""


def yes_no(value: bool) -> str:
    """Return the word for a truth value."""
    return "yes" if value else "no"


def share(value: float) -> str:
    """Return a number in [0, 1] for reading."""
    return f"{value:.3f}"


def joined(before: str, text: Shown) -> Shown:
    """Return text with words before it."""
    return f"{before} {text}" if isinstance(text, str) else (f"{before} ", *text)


def sets(evidence: Iterable[EvidenceSet]) -> str:
    """Return gold evidence in words: what suffices by itself is joined by "or"."""
    return " or ".join(" + ".join(group.sentences) for group in evidence) or "none"


def cited(evidence: Iterable[EvidenceSet], predicted: tuple[str, ...]) -> tuple[Cited, ...]:
    """Return gold and predicted sentences once each, gold first."""
    stances: dict[str, list[str]] = {}
    for group in evidence:
        for sentence in group.sentences:
            stances.setdefault(sentence, [])
            if group.stance not in stances[sentence]:
                stances[sentence].append(group.stance)
    rank = {sentence: i for i, sentence in enumerate(predicted, start=1)}
    return tuple(
        Cited(sentence, tuple(stances.get(sentence, ())), (rank.get(sentence),))
        for sentence in dict.fromkeys([*stances, *predicted])
    )


def evidence_marks(corpus: Corpus, sentences: Iterable[Cited]) -> tuple[Mark, ...]:
    """Return the marks of cited sentences in their articles."""
    found = []
    for one in sentences:
        article, place = corpus.sentences[one.sentence]
        kinds = [*one.stances, *(["predicted"] if any(one.ranks) else [])]
        found += [Mark(article.id, place.start, place.end, kind) for kind in kinds]
    return tuple(found)


def quantities_said(gold: Iterable[tuple[str, str]], text: str, language: str) -> tuple[Said, ...]:
    """Return the line that sets the quantities of accepted wordings beside those of a text.

    ``gold`` are (wording, language) pairs; no line where neither side has a quantity.
    """
    wanted = {q for wording, spoken in gold for q in quantities(wording, spoken)}
    found = set(quantities(text, language))
    if not wanted and not found:
        return ()
    return (Said("quantities", _listed(wanted), (_listed(found, wanted),)),)


def _listed(found: set[Quantity], wanted: set[Quantity] | None = None) -> Shown:
    words = []
    for quantity in sorted(found):
        bare = quantity.unit in ("year", "label")
        word = f"{quantity.value:f}" if bare else f"{quantity.value:,f} {quantity.unit}".rstrip()
        words.append(word if wanted is None else f"{word} ({'matches' if quantity in wanted else 'differs'})")
    return shown(", ".join(words) or "none")
