"""Names in running text: what is written like one, and whether two texts give them different parts."""

from __future__ import annotations

import re
from functools import lru_cache

from claimbench.text.calendars import WEEKDAYS, WHOLE_MONTHS
from claimbench.text.cognates import cognate, skeleton
from claimbench.text.glossary import notion
from claimbench.text.normalise import straight

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_STARTS = '.!?:“„"'
"""What a sentence starts after; also nothing at all."""
_LISTED = re.compile(r"\s*(?:,|und|en|and|sowie|&)+\s*", re.IGNORECASE)
SAME_NAME = 0.75
"""Two names more alike than this are spellings of one: „Zuckerbergs“ and “Zuckerberg”."""


def lone_names(left: str, right: str, language: str, right_language: str) -> tuple[int, int]:
    """Return how many names the left text has that the right one lacks in any spelling, and the other way."""
    return _lacking(_names(left, language), _words(right)), _lacking(
        _names(right, right_language), _words(left)
    )


def _lacking(names: frozenset[str], words: frozenset[str]) -> int:
    return sum(_is_lone(name, words) for name in names - words)


@lru_cache(maxsize=65536)
def _is_lone(name: str, words: frozenset[str]) -> bool:
    return all(cognate(name, word) < SAME_NAME for word in words)


def swapped(left: str, right: str) -> bool:
    """Whether two texts of one language give the same capitalised words in another order, lists apart."""
    common = frozenset(word for word, _, _ in capitalised(left)) & {word for word, _, _ in capitalised(right)}
    one, other = _in_order(left, common), _in_order(right, common)
    return one != other and sorted(one) == sorted(other)


def _in_order(text: str, chosen: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the chosen words in the order of the text; those of one list together and sorted."""
    found: list[list[str]] = []
    end = 0
    for word, start, after in capitalised(text):
        if word in chosen:
            if found and _LISTED.fullmatch(text, end, start):
                found[-1].append(word)
            else:
                found.append([word])
            end = after
    return [tuple(sorted(group)) for group in found]


@lru_cache(maxsize=65536)
def capitalised(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return the skeletons of the words that hold a capital letter, with where they start and end."""
    return tuple(
        (skeleton(match[0].casefold()), match.start(), match.end())
        for match in _WORD.finditer(straight(text))
        if any(map(str.isupper, match[0]))
    )


@lru_cache(maxsize=65536)
def _words(text: str) -> frozenset[str]:
    return frozenset(skeleton(word.casefold()) for word in _WORD.findall(straight(text)))


_CALENDAR = WHOLE_MONTHS.keys() | WEEKDAYS.keys()


@lru_cache(maxsize=65536)
def _names(text: str, language: str) -> frozenset[str]:
    """Return what is written like a name: capitals inside a word, or, but for German, a capital inside a
    sentence. Months, weekdays and what the glossary knows („US“) are no names.
    """
    return frozenset(
        skeleton(match[0].casefold())
        for match in _WORD.finditer(straight(text))
        if match[0].casefold() not in _CALENDAR
        and notion(match[0].casefold()) is None
        and _is_written_as_name(text, match, language)
    )


def _is_written_as_name(text: str, match: re.Match[str], language: str) -> bool:
    return any(map(str.isupper, match[0][1:])) or (
        language != "de" and match[0][0].isupper() and text[: match.start()].rstrip()[-1:] not in _STARTS
    )
