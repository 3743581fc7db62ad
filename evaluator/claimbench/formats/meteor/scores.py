"""METEOR of two texts: exact words, then stems, then synonyms, and a penalty for scattered matches."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

_ALPHA, _BETA, _GAMMA = 0.9, 3.0, 0.5
K = TypeVar("K")
V = TypeVar("V")

_OCCURRENCE = 1 << 32


@dataclass(frozen=True, eq=False)
class Text:
    """A text made ready for matching.

    ``places`` has a key for each word and its occurrence from the end, with its position, last word first:
    the n-th last of equal words meets the n-th last of the other text. ``stem_keys`` are such keys of stems;
    more of these in common than of words tell that stems match. ``by_stem`` has the keys of words with their
    positions, ``stems`` are by position; ``synonyms`` those stems that have some among the stems of the
    references, with them, and ``wanted`` all of these.
    """

    places: dict[int, int]
    stems: list[int]
    stem_keys: Set[int]
    by_stem: dict[int, list[tuple[int, int]]]
    synonyms: dict[int, frozenset[int]]
    wanted: set[int]


class _Numbers(dict[str, int]):
    """Word to number, given as words come up."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Made(dict[K, V]):
    """Values that are made from their keys once."""

    def __init__(self, make: Callable[[K], V]) -> None:
        self._make = make

    def __missing__(self, key: K) -> V:
        value = self[key] = self._make(key)
        return value


class Meteor:
    """METEOR between texts, with words, stems and synonyms looked up once.

    ``words`` splits a text into words in lower case, ``stem`` and ``synonyms`` are those of a word.
    """

    def __init__(
        self,
        words: Callable[[str], list[str]],
        stem: Callable[[str], str],
        synonyms: Callable[[str], set[str]],
    ) -> None:
        numbers = _Numbers()

        def synonyms_of(stem: str) -> frozenset[int]:
            return frozenset(map(numbers.__getitem__, synonyms(stem))) - {numbers[stem]}

        def stem_of(word: str) -> int:
            name = stem(word)
            number = numbers[name]
            if number not in self._synonyms:
                self._synonyms[number] = synonyms_of(name)
            return number

        self._synonyms: dict[int, frozenset[int]] = {}
        self._stems = _Made(stem_of)
        self._numbers = numbers
        self._words = words

    def __call__(self, references: Sequence[str], hypotheses: Sequence[str]) -> list[list[float]]:
        """Return METEOR of each hypothesis (rows) against each reference (columns), 0 to 1."""
        golds = [self._prepared(text, frozenset()) for text in references]
        stems = frozenset().union(*(gold.by_stem for gold in golds))
        given = [self._prepared(text, stems) for text in hypotheses]
        return [[_score(gold, mine) for gold in golds] for mine in given]

    def _prepared(self, text: str, wanted: frozenset[int]) -> Text:
        """Return a text whose synonyms among the ``wanted`` stems are looked up."""
        words = self._words(text)
        places = _last_first(list(map(self._numbers.__getitem__, words)))
        stems = list(map(self._stems.__getitem__, words))
        by_stem: dict[int, list[tuple[int, int]]] = {}
        for item in places.items():
            by_stem.setdefault(stems[item[1]], []).append(item)
        of = self._synonyms
        synonyms = {s: of[s] & wanted for s in by_stem if not of[s].isdisjoint(wanted)} if wanted else {}
        found = set().union(*synonyms.values())
        return Text(places, stems, _last_first(stems).keys(), by_stem, synonyms, found)


def _score(reference: Text, hypothesis: Text) -> float:
    matches = _matches(reference, hypothesis)
    if not matches:
        return 0.0
    precision, recall = len(matches) / len(hypothesis.stems), len(matches) / len(reference.stems)
    mean = (precision * recall) / (_ALPHA * precision + (1 - _ALPHA) * recall)
    penalty: float = _GAMMA * (_chunks(matches) / len(matches)) ** _BETA
    return (1 - penalty) * mean


def _matches(reference: Text, hypothesis: Text) -> list[tuple[int, int]]:
    """Return (position in the hypothesis, in the reference) of the words that match."""
    mine, theirs = hypothesis.places, reference.places
    common = mine.keys() & theirs.keys()
    matches = [(mine[key], theirs[key]) for key in common]
    if len(hypothesis.stem_keys & reference.stem_keys) > len(common):
        for stem in hypothesis.by_stem.keys() & reference.by_stem.keys():
            free = [place for key, place in reference.by_stem[stem] if key not in common]
            left = [place for key, place in hypothesis.by_stem[stem] if key not in common] if free else ()
            matches += zip(left, free, strict=False)
    wanted = hypothesis.wanted & reference.by_stem.keys()
    if wanted:
        _match_synonyms(reference, hypothesis, wanted, matches)
    return matches


def _match_synonyms(
    reference: Text, hypothesis: Text, wanted: set[int], matches: list[tuple[int, int]]
) -> None:
    """Add, from the end, the matches of what is left with the last synonym that is left."""
    taken = {place for _, place in matches}
    free = {}
    for stem in wanted:
        places = [place for _, place in reference.by_stem[stem] if place not in taken]
        if places:
            free[stem] = places
    if not free:
        return
    synonyms = hypothesis.synonyms
    carriers = [stem for stem, names in synonyms.items() if not names.isdisjoint(free)]
    done = {place for place, _ in matches}
    left = [place for stem in carriers for _, place in hypothesis.by_stem[stem] if place not in done]
    for place in sorted(left, reverse=True):
        fitting = [free[stem] for stem in synonyms[hypothesis.stems[place]] & free.keys() if free[stem]]
        if fitting:
            matches.append((place, max(fitting).pop(0)))


def _last_first(numbers: list[int]) -> dict[int, int]:
    """Return a key for each number and its occurrence from the end, with its position, last first."""
    last = len(numbers) - 1
    places = dict(zip(reversed(numbers), range(last, -1, -1), strict=True))
    if len(places) < len(numbers):
        places, times = {}, dict[int, int]()
        for place in range(last, -1, -1):
            number = numbers[place]
            before = times.get(number, 0)
            times[number] = before + 1
            places[number + before * _OCCURRENCE] = place
    return places


def _chunks(matches: list[tuple[int, int]]) -> int:
    """Return into how many runs of neighbours in both texts the matches fall."""
    matches.sort()
    chunks, expected = 0, (-1, -1)
    for mine, theirs in matches:
        if (mine, theirs) != expected:
            chunks += 1
        expected = (mine + 1, theirs + 1)
    return chunks
