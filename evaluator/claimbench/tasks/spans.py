"""How far the span of a system claim is that of a gold claim."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from claimbench.records import Article, ExtractedClaim

Place = tuple[tuple[int, int], ...]
"""Where an article states a claim once: (start, end) in code points, in order, apart."""


class Overlap(msgspec.Struct, frozen=True):
    """Counts of characters: those that both spans have, the system's, the gold's."""

    shared: int
    system: int
    gold: int

    @property
    def f1(self) -> float:
        """2 * shared / (system + gold)."""
        return 2.0 * self.shared / (self.system + self.gold)

    @property
    def exact(self) -> bool:
        """Whether both have the same characters."""
        return self.shared == self.system == self.gold


def overlap(start: int, end: int, place: Place) -> Overlap:
    """Return what a span shares with one place of a gold claim.

    Gold claims may be stated in several stretches, while a prediction has one span: what lies between the
    stretches counts neither way, so that the span from the first to the last is exact.
    """
    first, last = place[0][0], place[-1][1]
    outside = max(0, min(end, first) - start) + max(0, end - max(start, last))
    shared = sum(max(0, min(end, b) - max(start, a)) for a, b in place)
    # A span wholly between two stretches is beside the claim, not on it.
    system = shared + outside if shared else end - start
    return Overlap(shared, system, sum(b - a for a, b in place))


def best_overlap(claim: ExtractedClaim, places: Iterable[Place]) -> Overlap | None:
    """Return the overlap with the place that fits best, the first of equals; None without a span."""
    if claim.start is None or claim.end is None:
        return None
    return max((overlap(claim.start, claim.end, place) for place in places), key=lambda found: found.f1)


def in_nonclaim(article: Article, claim: ExtractedClaim) -> bool:
    """Whether a span lies in the article's stretches without a claim, whatever it has of blanks and marks."""
    if claim.start is None or claim.end is None:
        return False
    regions = [(region.start, region.end) for region in article.nonclaims]
    letters = [i for i in range(claim.start, claim.end) if article.text[i].isalnum()]
    return bool(letters) and all(any(a <= i < b for a, b in regions) for i in letters)
