"""What a decision on an unjudged claim must mean as far as it can tell itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from claimbench.records import Judgement
from claimbench.tasks.decisions import claim_id
from claimbench.validation.gold import Finding


def id_is_of_the_text(one: Judgement) -> Iterator[Finding]:
    """The id is that of the text as a claim of the article."""
    expected = claim_id(one.article, one.text)
    if one.id != expected:
        yield "/id", f"expected '{expected}' for this text and article, got '{one.id}'"


def matches_goes_with_its_judgement(one: Judgement) -> Iterator[Finding]:
    """A gold claim is named where the judgement is that it matches one, and nowhere else."""
    if one.judgement == "matches" and one.matches is None:
        yield "/matches", "expected the gold claim that it matches, as the judgement says so, got none"
    if one.judgement != "matches" and one.matches is not None:
        yield "/matches", f"expected null, as the judgement is not 'matches', got '{one.matches}'"


RULES: tuple[Callable[[Judgement], Iterator[Finding]], ...] = (
    id_is_of_the_text,
    matches_goes_with_its_judgement,
)
