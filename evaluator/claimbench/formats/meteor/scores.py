"""METEOR of two texts: exact words, then stems, then synonyms, and a penalty for scattered matches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_ALPHA, _BETA, _GAMMA = 0.9, 3.0, 0.5
_OCCURRENCE = 1 << 32


@dataclass(frozen=True, eq=False)
class Text:
    """A text made ready for matching.

    ``places`` has a key for each word and its occurrence from the end, with its position, last word first: the
    n-th last of equal words meets the n-th last of the other text. ``stems`` are by position, ``synonyms``
    those of all stems.
    """

    places: dict[int, int]
    stems: list[int]
    synonyms: frozenset[int]


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
        self._words, self._stem, self._synonyms_of = words, stem, synonyms
        self._numbers: dict[str, int] = {}
        self._stems: dict[int, int] = {}
        self._synonyms: dict[int, frozenset[int]] = {}
        self._names: list[str] = []
        self._texts: dict[str, Text] = {}

    def __call__(self, reference: str, hypothesis: str) -> float:
        """Return METEOR of a hypothesis, 0 to 1."""
        return self._score(self._text(reference), self._text(hypothesis))

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._names)
            self._names.append(word)
        return number

    def _text(self, text: str) -> Text:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self._prepared([self._number(word) for word in self._words(text)])
        return found

    def _prepared(self, words: list[int]) -> Text:
        places: dict[int, int] = {}
        if len(set(words)) == len(words):
            places = dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))
        else:
            times: dict[int, int] = {}
            for place in range(len(words) - 1, -1, -1):
                word = words[place]
                before = times.get(word, 0)
                times[word] = before + 1
                places[word + before * _OCCURRENCE] = place
        stems = [self._stem_of(word) for word in words]
        return Text(places, stems, frozenset().union(*map(self._synonyms_of_stem, set(stems))))

    def _stem_of(self, word: int) -> int:
        found = self._stems.get(word)
        if found is None:
            found = self._stems[word] = self._number(self._stem(self._names[word]))
        return found

    def _synonyms_of_stem(self, stem: int) -> frozenset[int]:
        found = self._synonyms.get(stem)
        if found is None:
            names = self._synonyms_of(self._names[stem])
            found = self._synonyms[stem] = frozenset(map(self._number, names)) - {stem}
        return found

    def _score(self, reference: Text, hypothesis: Text) -> float:
        matches = self._matches(reference, hypothesis)
        if not matches:
            return 0.0
        precision, recall = len(matches) / len(hypothesis.stems), len(matches) / len(reference.stems)
        mean = (precision * recall) / (_ALPHA * precision + (1 - _ALPHA) * recall)
        penalty = _GAMMA * (_chunks(matches) / len(matches)) ** _BETA
        return (1 - penalty) * mean

    def _matches(self, reference: Text, hypothesis: Text) -> list[tuple[int, int]]:
        """Return (position in the hypothesis, in the reference) of the words that match."""
        mine, theirs = hypothesis.places, reference.places
        common = mine.keys() & theirs.keys()
        matches = [(mine[key], theirs[key]) for key in common]
        free: dict[int, list[int]] = {}
        for key, place in theirs.items():
            if key not in common:
                free.setdefault(reference.stems[place], []).append(place)
        if not free:
            return matches
        left, stems = [], hypothesis.stems
        for key, place in mine.items():
            if key not in common:
                places = free.get(stems[place])
                if places:
                    matches.append((place, places.pop(0)))
                else:
                    left.append(place)
        if not hypothesis.synonyms.isdisjoint(free):
            for place in left:
                match = self._last_synonym(stems[place], free)
                if match >= 0:
                    matches.append((place, match))
        return matches

    def _last_synonym(self, stem: int, free: dict[int, list[int]]) -> int:
        """Take the last place of the reference that holds a synonym; -1 where none does."""
        best: list[int] = []
        for synonym in self._synonyms_of_stem(stem) & free.keys():
            places = free[synonym]
            if places and (not best or places[0] > best[0]):
                best = places
        return best.pop(0) if best else -1


def _chunks(matches: list[tuple[int, int]]) -> int:
    """Return into how many runs of neighbours in both texts the matches fall."""
    matches.sort()
    chunks, expected = 0, (-1, -1)
    for mine, theirs in matches:
        if (mine, theirs) != expected:
            chunks += 1
        expected = (mine + 1, theirs + 1)
    return chunks
