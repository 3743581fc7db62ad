"""Items of one language that say nearly the same, by the measure that validation finds leaks with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec

from claimbench.audit.finding import Finding
from claimbench.reading.corpus import Corpus
from claimbench.records import LANGUAGES, Verification
from claimbench.stats.clusters import connected
from claimbench.validation.gold import Item, item_text
from claimbench.validation.leaks import TOO_ALIKE, likeness


class Duplicate(msgspec.Struct, frozen=True):
    """Two items that are too alike and no contrast partners, with the splits they lie in."""

    left: str
    right: str
    likeness: float
    splits: tuple[str, str]


def duplicates_of(corpus: Corpus) -> tuple[Duplicate, ...]:
    """Return the pairs of one language above the leak threshold, without those of one contrast family."""
    family = contrast_families(corpus.verification)
    found = []
    for language in LANGUAGES:
        items: list[Item] = [item for item in corpus.verification if item.language == language]
        items += [item for item in corpus.questions if item.language == language]
        for left, right in combinations(items, 2):
            alike = likeness(item_text(left), item_text(right))
            partners = family.get(left.id, left.id) == family.get(right.id, right.id)
            if alike > TOO_ALIKE and not (partners and left.split == right.split):
                found.append(Duplicate(left.id, right.id, alike, (left.split, right.split)))
    return tuple(found)


def contrast_families(items: Sequence[Verification]) -> dict[str, str]:
    """Return for every item that has a contrast partner the item its partners are named by."""
    return connected([item.contrast_of, item.id] for item in items if item.contrast_of is not None)


def leaks(found: Sequence[Duplicate]) -> Iterator[Finding]:
    """Yield a finding for every pair that lies in two splits."""
    for pair in found:
        here, there = pair.splits
        if here != there:
            message = f"{pair.likeness:.2f} of the 5-grams are shared between {here} and {there}"
            yield Finding("duplicate", message, (pair.left, pair.right))
