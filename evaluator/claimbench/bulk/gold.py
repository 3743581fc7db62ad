"""What scoring a shard needs to know of the gold: ids and sentences as integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.reading.corpus import Corpus
from claimbench.records import EvidenceSet, Split
from claimbench.stats.estimators import Ints
from claimbench.tasks import task as task_by_name
from claimbench.tasks.base import Items, Task

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Gold:
    """One task's gold on one split. The codes of the scored items come first, in the order of the rows."""

    task: str
    split: Split
    corpus: Corpus

    @cached_property
    def definition(self) -> Task[Any]:
        """The task itself."""
        return task_by_name(self.task)

    @cached_property
    def items(self) -> Items:
        """What the task scores on the split."""
        return self.definition.items(self.corpus, self.split)

    @cached_property
    def scored(self) -> int:
        """How many items are scored."""
        return len(self.items.ids)

    @cached_property
    def known(self) -> dict[str, int]:
        """Code of every id a prediction may name."""
        every = dict.fromkeys((*self.items.ids, *self.definition.splits(self.corpus)))
        return {item: code for code, item in enumerate(every)}

    @cached_property
    def elsewhere(self) -> Bools:
        """Whether the id of a code belongs to another split, shape (known,)."""
        splits = self.definition.splits(self.corpus)
        return np.array([splits[item] != self.split for item in self.known])

    @cached_property
    def sentences(self) -> dict[str, int]:
        """Code of every sentence."""
        return {sentence: code for code, sentence in enumerate(self.corpus.sentences)}


@dataclass(frozen=True, eq=False)
class Ragged:
    """Lists of codes of unequal length: ``codes`` one after the other, ``lengths`` of shape (lists,)."""

    lengths: Codes
    codes: Codes

    @cached_property
    def owner(self) -> npt.NDArray[np.intp]:
        """The list that each code belongs to."""
        return np.repeat(np.arange(self.lengths.size), self.lengths)

    @cached_property
    def place(self) -> npt.NDArray[np.intp]:
        """The place of each code in its list, from 0."""
        starts = np.cumsum(self.lengths) - self.lengths
        return np.arange(self.codes.size) - starts[self.owner]

    def repeats(self) -> bool:
        """Whether any list holds a code twice."""
        if self.codes.size == 0 or int(self.lengths.max()) < 2:
            return False
        keys = np.sort(self.owner * (int(self.codes.max()) + 1) + self.codes)
        return bool((keys[1:] == keys[:-1]).any())

    def keep(self, lists: Bools) -> Ragged:
        """Return only some of the lists."""
        return Ragged(self.lengths[lists], self.codes[lists[self.owner]])

    def first(self, k: int) -> Ragged:
        """Return the first ``k`` codes of every list."""
        return Ragged(np.minimum(self.lengths, k), self.codes[self.place < k])


def joined(parts: Sequence[Ragged]) -> Ragged:
    """Return the lists of several, one after the other."""
    return Ragged(
        np.concatenate([part.lengths for part in parts]), np.concatenate([part.codes for part in parts])
    )


class EvidenceIndex:
    """Which sentences belong to which sufficient sets of which items.

    ``evidence`` holds the gold sets of every item, none of them empty; equals ``complete_sets`` line by line.
    """

    def __init__(self, evidence: Sequence[tuple[EvidenceSet, ...]], sentences: dict[str, int]) -> None:
        self._most = max((len(sets) for sets in evidence), default=0)
        self._sentences = len(sentences)
        shape = (len(evidence), self._most)
        self._size = np.full(shape, -1)
        self._stance = np.zeros((len(STANCES), *shape), dtype=np.bool_)
        pairs = []
        for item, sets in enumerate(evidence):
            for place, group in enumerate(sets):
                self._size[item, place] = len(set(group.sentences))
                self._stance[STANCES.index(group.stance), item, place] = True
                pairs += [
                    (item * self._sentences + sentences[s], place) for s in sorted(set(group.sentences))
                ]
        pairs.sort()
        self._places = np.array([place for _, place in pairs], dtype=np.int64)
        self._count: Ints = np.bincount(
            np.array([pair for pair, _ in pairs], dtype=np.int64), minlength=len(evidence) * len(sentences)
        )
        self._start: Ints = np.cumsum(self._count) - self._count

    def belongs(self, items: Codes, found: Ragged) -> Bools:
        """Whether each code of ``found`` is in any set of its list's item, shape (codes,)."""
        hit: Bools = self._count[self._pairs(items, found)] > 0
        return hit

    def complete(self, items: Codes, found: Ragged) -> Bools:
        """Whether each list holds one whole set for every stance its item has, shape (lists,)."""
        right = np.zeros(items.size, dtype=np.bool_)
        pair = self._pairs(items, found)
        hit = np.flatnonzero(self._count[pair])
        if not hit.size:
            return right
        pair, owner = pair[hit], found.owner[hit]
        count = self._count[pair]
        # Only lists that hit a set can hold one; they are numbered anew.
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        lists, number = owner[starts], np.repeat(np.arange(starts.size), np.diff(starts, append=owner.size))
        nth = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        place = self._places[np.repeat(self._start[pair], count) + nth]
        key = np.repeat(number, count) * self._most + place
        hits = np.bincount(key, minlength=lists.size * self._most).reshape(lists.size, self._most)
        of = items[lists]
        whole = hits == self._size[of]
        enough = np.ones(lists.size, dtype=np.bool_)
        for stance in self._stance:
            enough &= (whole & stance[of]).any(axis=1) | ~stance[of].any(axis=1)
        right[lists] = enough
        return right

    def _pairs(self, items: Codes, found: Ragged) -> Ints:
        pairs: Ints = items[found.owner].astype(np.int64) * self._sentences + found.codes
        return pairs


STANCES = ("supports", "refutes")
