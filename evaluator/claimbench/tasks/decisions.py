"""What people decided on system claims that the gold does not settle."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from itertools import combinations

import msgspec

from claimbench.records import Article, Judgement
from claimbench.stats.clusters import connected
from claimbench.tasks.matching import THRESHOLD, Alike, GoldClaim

ID_DIGITS = 12


def claim_id(article: str, text: str) -> str:
    """Return the id of a text as a claim of an article; composition, case and blanks make no difference."""
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    digest = hashlib.sha256(f"{article}\n{plain}".encode()).hexdigest()
    return f"{article}.u{digest[:ID_DIGITS]}"


class Decisions(msgspec.Struct, frozen=True, eq=False):
    """Decisions by the id of the claim; every one has a judgement."""

    by_id: Mapping[str, Judgement] = msgspec.field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over what was decided on which claim, whatever else the records hold."""
        total = hashlib.sha256()
        for name, found in sorted(self.by_id.items()):
            total.update(f"{name} {found.judgement} {found.matches or ''}\n".encode())
        return total.hexdigest()

    def on(self, article: str, text: str) -> Judgement | None:
        """Return the decision on a text as a claim of an article."""
        return self.by_id.get(claim_id(article, text)) if self.by_id else None

    def adopted(self, article: Article, alike: Alike) -> tuple[GoldClaim, ...]:
        """Return the claims found correct, as gold claims that are matched, but never missed.

        Texts that match each other are wordings of one claim, so that repeats do not count twice.
        """
        found = [
            _adopted(article, (decision.text,))
            for _, decision in sorted(self.by_id.items())
            if decision.judgement == "correct" and decision.article == article.id
        ]
        alone = [(i,) for i in range(len(found))]
        same = [
            (i, j)
            for (i, one), (j, other) in combinations(enumerate(found), 2)
            if alike(one.wordings[0][0], other) >= THRESHOLD
        ]
        groups: dict[int, list[str]] = {}
        for i, head in connected([*alone, *same]).items():
            groups.setdefault(head, []).append(found[i].wordings[0][0])
        return tuple(_adopted(article, tuple(texts)) for texts in groups.values())


def _adopted(article: Article, texts: tuple[str, ...]) -> GoldClaim:
    wordings = tuple((text, language) for text in texts for language in (article.language, "en"))
    return GoldClaim((), "", wordings, (), optional=False, known=frozenset())


NONE = Decisions()
