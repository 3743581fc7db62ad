"""What must hold between an item and its evidence, its contrast partner and its renderings."""

from __future__ import annotations

from collections.abc import Iterator

from claimbench.audit.finding import Finding
from claimbench.audit.words import amounts, numbers
from claimbench.reading.corpus import Corpus
from claimbench.records import Question, Verification
from claimbench.text.normalise import tokens
from claimbench.validation.gold import Item, item_text

LEAST_SHARED = 0.5
"""The least share of common words (intersection over union) of a proposition and its minimal edit."""

REASONS = ("partner", "same label")
"""One of these stands in the rationale that says why two contrast partners have one label."""


def broken_invariants(corpus: Corpus) -> Iterator[Finding]:
    """Yield a finding for every item that breaks one."""
    items: tuple[Item, ...] = (*corpus.verification, *corpus.questions)
    for item in items:
        yield from _sources(corpus, item)
    by_id = {item.id: item for item in corpus.verification}
    for edit in corpus.verification:
        if edit.contrast_of is not None:
            yield from _contrast(edit, by_id[edit.contrast_of])
    yield from _renderings(corpus.verification)
    yield from _renderings(corpus.questions)


def _sources(corpus: Corpus, item: Item) -> Iterator[Finding]:
    """What decides an item that needs two sources comes from two, whichever sets are chosen."""
    if item.sources_needed < 2:
        return
    for sentences in deciding(item):
        sources = {corpus.sentences[sentence][0].source for sentence in sentences}
        if len(sources) < item.sources_needed:
            message = f"needs {item.sources_needed} sources, but {', '.join(sorted(sentences))} decide it"
            yield Finding("sources", f"{message} from {len(sources)}", (item.id,))


STANCES = ("supports", "refutes")


def deciding(item: Item) -> list[frozenset[str]]:
    """Return what decides an item: each of its sets, or each pair of sets with opposite stances."""
    sets = {
        stance: [frozenset(g.sentences) for g in item.evidence if g.stance == stance] for stance in STANCES
    }
    supporting, refuting = sets["supports"], sets["refutes"]
    if supporting and refuting:
        return [pro | con for pro in supporting for con in refuting]
    return supporting + refuting


def _contrast(item: Verification, partner: Verification) -> Iterator[Finding]:
    """An edit flips the label or says why not and keeps most words; a number edit changes a number."""
    both = (item.id, partner.id)
    if item.label == partner.label and not any(reason in item.rationale.lower() for reason in REASONS):
        yield Finding("contrast", f"partners are both {item.label}, and the rationale does not say why", both)
    words, others = set(tokens(item.claim)), set(tokens(partner.claim))
    shared = len(words & others) / len(words | others)
    if shared < LEAST_SHARED:
        yield Finding("contrast", f"an edit of {item.edit} keeps only {shared:.2f} of the words", both)
    same = amounts(item.claim, item.language) == amounts(partner.claim, partner.language)
    if item.edit == "number" and same:
        yield Finding("contrast", "an edit of number changes no number", both)


def _renderings(items: tuple[Verification, ...] | tuple[Question, ...]) -> Iterator[Finding]:
    """The renderings of one proposition or question give the same numbers."""
    families: dict[str, list[Item]] = {}
    for item in items:
        families.setdefault(item.family, []).append(item)
    for family, renderings in families.items():
        given = {item.language: numbers(item_text(item), item.language) for item in renderings}
        if len(set(given.values())) > 1:
            listed = "; ".join(f"{name}: {', '.join(sorted(n)) or 'none'}" for name, n in given.items())
            ids = tuple(item.id for item in renderings)
            yield Finding("renderings", f"the renderings of {family} differ in their numbers: {listed}", ids)
