"""The corpus as the rules see it: every record whose schema is right, and the ids of those that are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from claimbench.reading.corpus import Corpus
from claimbench.records import Claim, Fact, Language, Question, Verification

Finding = tuple[str, str]
"""A JSON pointer into a record, and what is wrong there."""

Item = Verification | Question


class Gold(Corpus, frozen=True, eq=False, dict=True):
    """A corpus under validation. ``unread`` are the ids on lines that could not be read as a record."""

    folder: Path
    unread: frozenset[str]

    @cached_property
    def claim_by_id(self) -> dict[str, Claim]:
        """Claims by id."""
        return {claim.id: claim for claim in self.claims}

    @cached_property
    def verification_by_id(self) -> dict[str, Verification]:
        """Verification items by id."""
        return {item.id: item for item in self.verification}

    @property
    def items(self) -> tuple[Item, ...]:
        """Verification items and questions."""
        return (*self.verification, *self.questions)

    @cached_property
    def families(self) -> dict[str, list[Item]]:
        """The items of every family, in the order of the files."""
        families: dict[str, list[Item]] = {}
        for item in self.items:
            families.setdefault(item.family, []).append(item)
        return families

    @cached_property
    def first_of_component(self) -> dict[str, Fact]:
        """The first fact of every component."""
        return {fact.component: fact for fact in reversed(self.facts)}

    @cached_property
    def first_of_text(self) -> dict[tuple[str, Language, str], Item]:
        """The first item with a text, by kind, language and text."""
        return {text_key(item): item for item in reversed(self.items)}

    def lacks(self, identifier: str, known: Collection[str]) -> bool:
        """Whether no record has the id. One that could not be read has a finding and counts as there."""
        article = identifier.partition("#")[0]
        return identifier not in known and article not in self.unread


Rule = Callable[[Any, Gold], Iterator[Finding]]
"""One check of one record; its function name is the keyword of what it finds."""


def item_text(item: Item) -> str:
    """Return the proposition or question of an item."""
    return item.claim if isinstance(item, Verification) else item.question


def text_key(item: Item) -> tuple[str, Language, str]:
    """Return what no two items may share."""
    return type(item).__name__, item.language, " ".join(item_text(item).split()).casefold()


def text_field(item: Item) -> str:
    """Return the pointer to the text of an item."""
    return "/claim" if isinstance(item, Verification) else "/question"


def natural_order(identifier: str) -> tuple[str | int, ...]:
    """Return a sort key in which v2 comes before v10."""
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", identifier))


def show(text: str) -> str:
    """Return a short quotation in which no-break spaces and control characters are visible."""
    return repr(text if len(text) <= 60 else text[:59] + "…")
