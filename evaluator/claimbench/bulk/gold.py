"""What scoring a shard needs to know of the gold: ids and sentences as integers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.reading.corpus import Corpus
from claimbench.records import EvidenceSet, Split
from claimbench.stats.estimators import Bools, Ints
from claimbench.tasks import task as task_by_name
from claimbench.tasks.base import Items, Task

Codes = npt.NDArray[np.int32]


class Gold(msgspec.Struct, frozen=True, eq=False, dict=True):
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


class Ragged(msgspec.Struct, frozen=True, eq=False, dict=True):
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
        most = int(self.lengths.max(initial=0))
        if most > FEW:
            keys = np.sort(self.owner * (int(self.codes.max()) + 1) + self.codes)
            return bool((keys[1:] == keys[:-1]).any())
        ends = np.cumsum(self.lengths)
        for apart in range(1, most):
            same = np.flatnonzero(self.codes[apart:] == self.codes[:-apart])
            if (ends[np.searchsorted(ends, same, side="right")] > same + apart).any():
                return True
        return False

    def keep(self, lists: Bools) -> Ragged:
        """Return only some of the lists."""
        return Ragged(self.lengths[lists], self.codes[np.repeat(lists, self.lengths)])

    def first(self, k: int) -> Ragged:
        """Return the first ``k`` codes of every list."""
        if int(self.lengths.max(initial=0)) <= k:
            return self
        return Ragged(np.minimum(self.lengths, k), self.codes[self.place < k])


def joined(parts: Sequence[Ragged]) -> Ragged:
    """Return the lists of several, one after the other."""
    return Ragged(
        np.concatenate([part.lengths for part in parts]), np.concatenate([part.codes for part in parts])
    )


class EvidenceIndex:
    """Which sentences belong to which sufficient sets of which items.

    ``evidence`` holds the gold sets of every item, none of them empty; equals ``complete_sets`` line by line.

    Each set of an item has a few bits of an integer, which start at what is missing to their highest one: as
    many of the set's sentences as it has, added, set that bit. Integers hold all sets of an item, or more of
    them do: the first axis of ``_adds`` (integers, items * sentences) and of the others (integers, items).
    """

    def __init__(self, evidence: Sequence[tuple[EvidenceSet, ...]], sentences: dict[str, int]) -> None:
        self._sentences = len(sentences)
        named = [[{sentences[s] for s in group.sentences} for group in sets] for sets in evidence]
        width = 1 + max((len(codes) - 1 for sets in named for codes in sets), default=0).bit_length()
        together = 63 // width
        integers = 1 + max(map(len, named), default=0) // together
        self._adds = np.zeros((integers, len(evidence) * len(sentences)), dtype=np.int64)
        self._start = np.zeros((integers, len(evidence)), dtype=np.int64)
        self._whole = np.zeros((len(STANCES), integers, len(evidence)), dtype=np.int64)
        for item, sets in enumerate(evidence):
            for place, group in enumerate(sets):
                integer, low = place // together, width * (place % together)
                codes = named[item][place]
                self._adds[integer, [item * len(sentences) + code for code in codes]] += 1 << low
                whole = 1 << low + width - 1
                self._start[integer, item] += whole - (len(codes) << low)
                self._whole[STANCES.index(group.stance), integer, item] += whole

    def belongs(self, items: Codes, found: Ragged) -> Bools:
        """Whether each code of ``found`` is in any set of its list's item, shape (codes,)."""
        hit: Bools = (self._adds[:, self._pairs(items, found)] != 0).any(axis=0)
        return hit

    def complete(self, items: Codes, found: Ragged) -> Bools:
        """Whether each list, without repeats, holds one whole set for every stance its item has, (lists,)."""
        if not found.codes.size:
            return np.zeros(found.lengths.size, dtype=np.bool_)
        ends = np.cumsum(found.lengths)
        running = np.zeros((len(self._adds), found.codes.size + 1), dtype=np.int64)
        # What runs over is lost from both ends of a list, and so from neither.
        np.cumsum(self._adds[:, self._pairs(items, found)], axis=1, out=running[:, 1:])
        added = running[:, ends] - running[:, ends - found.lengths]
        right: Bools = (added != 0).any(axis=0)
        sets = added + self._start[:, items]
        for whole in self._whole:
            wanted = whole[:, items]
            right &= ((sets & wanted) != 0).any(axis=0) | (wanted == 0).all(axis=0)
        return right

    def _pairs(self, items: Codes, found: Ragged) -> Ints:
        pairs: Ints = np.repeat(items.astype(np.int64) * self._sentences, found.lengths) + found.codes
        return pairs


STANCES = ("supports", "refutes")

FEW = 16
"""Lists up to this long are searched for repeats place by place, longer ones sorted."""
