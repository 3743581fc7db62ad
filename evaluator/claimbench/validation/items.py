"""What verification items and questions alike must mean."""

from __future__ import annotations

from collections.abc import Iterator

from claimbench.records import LANGUAGES, EvidenceSet
from claimbench.validation.gold import Finding, Gold, Item, Rule, show, text_field, text_key

SHARED = ("kind", "label", "answerable", "split", "facts", "evidence", "edit", "sources_needed")
"""Fields, of those an item has, in which the three items of a family agree."""


def id_is_family_and_language(item: Item, gold: Gold) -> Iterator[Finding]:
    """The id is made of family and language."""
    expected = f"{item.family}-{item.language}"
    if item.id != expected:
        yield "/id", f"expected {expected}, got {show(item.id)}"


def family_is_complete(item: Item, gold: Gold) -> Iterator[Finding]:
    """A family has an item in each language; its first item says which it lacks."""
    family = gold.families[item.family]
    if family[0] is item:
        present = {sibling.language for sibling in family}
        for language in LANGUAGES:
            missing = f"{item.family}-{language}"
            if language not in present and missing not in gold.unread:
                yield "/family", f"expected an item in each language; {missing} is missing"


def family_agrees(item: Item, gold: Gold) -> Iterator[Finding]:
    """The items of a family differ in their wording only."""
    first = gold.families[item.family][0]
    for field in SHARED:
        here, there = getattr(item, field, None), getattr(first, field, None)
        if here != there:
            detail = f": {_plain(there)}, got {_plain(here)}" if isinstance(here, str | int | None) else ""
            yield f"/{field}", f"expected the same as in {first.id}{detail}"


def _plain(value: object) -> str:
    return "null" if value is None else str(value)


def text_is_unique(item: Item, gold: Gold) -> Iterator[Finding]:
    """No two items of a kind and language have the same text, contrast partners included."""
    first = gold.first_of_text[text_key(item)]
    if first is not item:
        yield text_field(item), f"has the same text as {first.id}"


def sets_are_minimal(item: Item, gold: Gold) -> Iterator[Finding]:
    """No evidence set repeats or contains another of the same stance."""
    sets = [(one.stance, frozenset(one.sentences)) for one in item.evidence]
    for number, (stance, sentences) in enumerate(sets):
        for other, (its_stance, its_sentences) in enumerate(sets):
            repeats = sentences == its_sentences and other < number
            if stance == its_stance and (repeats or sentences > its_sentences):
                word = "repeats" if repeats else "contains"
                yield f"/evidence/{number}/sentences", f"{word} the sentences of set {other}"
                break


def facts_exist(item: Item, gold: Gold) -> Iterator[Finding]:
    """The facts exist and lie in the item's split."""
    for number, fact_id in enumerate(item.facts):
        fact = gold.fact_by_id.get(fact_id)
        if fact is None:
            if gold.lacks(fact_id, gold.fact_by_id):
                yield f"/facts/{number}", f"there is no fact {show(fact_id)}"
        elif fact.split != item.split:
            yield f"/facts/{number}", f"expected a fact of {item.split}, got {fact.id} of {fact.split}"


def evidence_exists(item: Item, gold: Gold) -> Iterator[Finding]:
    """The sentences of the evidence exist."""
    for number, one in enumerate(item.evidence):
        for place, sentence in enumerate(one.sentences):
            if gold.lacks(sentence, gold.sentences):
                where = f"/evidence/{number}/sentences/{place}"
                yield where, f"there is no sentence {show(sentence)}"


def sources_counted(item: Item, gold: Gold) -> Iterator[Finding]:
    """``sources_needed`` is the least number of sources that decides the item."""
    sentences = {sentence for one in item.evidence for sentence in one.sentences}
    if sentences <= gold.sentences.keys():
        needed = sources_needed(item.evidence, gold)
        if item.sources_needed != needed:
            yield "/sources_needed", f"expected {needed} by the evidence, got {item.sources_needed}"


def sources_needed(evidence: tuple[EvidenceSet, ...], gold: Gold) -> int:
    """Return the fewest sources of a set, or of a supporting and a refuting set where there are both."""
    sources: dict[str, list[set[str]]] = {"supports": [], "refutes": []}
    for one in evidence:
        sources[one.stance].append({gold.sentences[sentence][0].source for sentence in one.sentences})
    supporting, refuting = sources["supports"], sources["refutes"]
    if supporting and refuting:
        return min(len(pro | con) for pro in supporting for con in refuting)
    return min(map(len, supporting + refuting), default=0)


OWN: tuple[Rule, ...] = (
    id_is_family_and_language,
    family_is_complete,
    family_agrees,
    text_is_unique,
    sets_are_minimal,
)
LINKS: tuple[Rule, ...] = (facts_exist, evidence_exists, sources_counted)
