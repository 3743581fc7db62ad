"""Which words of texts match in METEOR: exact words, then stems, then synonyms, each from the end.

Many pairs of texts at once: each hypothesis of a block with each of its references. Only words that have a
possible partner in their block are looked at.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.formats.meteor.joins import from_last, meetings, spread
from claimbench.stats.estimators import Ints

Bools = npt.NDArray[np.bool_]


class Words(msgspec.Struct, frozen=True, eq=False):
    """Words of texts: the number of each, that of its stem, its text, its place there, its block."""

    word: Ints
    stem: Ints
    text: Ints
    place: Ints
    block: Ints

    def part(self, index: Ints | Bools) -> Words:
        """Return some of the words."""
        return Words(
            self.word[index], self.stem[index], self.text[index], self.place[index], self.block[index]
        )


class Synonyms(msgspec.Struct, frozen=True, eq=False):
    """The synonyms of stem ``s`` but itself: ``stems[start[s] : start[s + 1]]``."""

    start: Ints
    stems: Ints


class Texts(msgspec.Struct, frozen=True, eq=False):
    """The texts of blocks with their words.

    ``start`` (blocks + 1,) says where each block's texts start, ``lengths`` how many words each has.
    """

    words: Words
    start: Ints
    lengths: Ints


class Pairs(msgspec.Struct, frozen=True, eq=False):
    """Every hypothesis of a block with every reference of it, block by block, hypothesis by hypothesis.

    ``first`` is the first pair of each hypothesis and at last the number of pairs; ``offset`` what to add to
    a reference for its pair with a hypothesis of the block; ``block`` the first hypothesis of each block.
    """

    first: Ints
    offset: Ints
    block: Ints
    hypothesis: Ints
    reference: Ints


def _pairs(references: Texts, hypotheses: Texts) -> Pairs:
    per_block = np.diff(hypotheses.start)
    first = np.concatenate([[0], np.cumsum(np.repeat(np.diff(references.start), per_block))])
    offset = first[:-1] - np.repeat(references.start[:-1], per_block)
    hypothesis, _ = spread(np.diff(first))
    reference = np.arange(hypothesis.size) - offset[hypothesis]
    return Pairs(first, offset, hypotheses.start, hypothesis, reference)


class Alignment:
    """The matches found so far.

    Each pair has a cell for each word of its hypothesis, from ``mine[pair]`` on, with the place of the word's
    ``partner`` in the reference or -1, and a cell for each word of its reference, from ``theirs[pair]`` on,
    that says whether it is ``taken``.
    """

    def __init__(self, references: Texts, hypotheses: Texts) -> None:
        self.pairs = _pairs(references, hypotheses)
        self.mine = np.concatenate([[0], np.cumsum(hypotheses.lengths[self.pairs.hypothesis])])
        self.theirs = np.concatenate([[0], np.cumsum(references.lengths[self.pairs.reference])])
        self.partner = np.full(self.mine[-1], -1)
        self.taken = np.zeros(self.theirs[-1], dtype=np.bool_)

    def match(self, pair: Ints, mine: Ints, theirs: Ints) -> None:
        """Add the matches of words at two places each."""
        self.partner[self.mine[pair] + mine] = theirs
        self.taken[self.theirs[pair] + theirs] = True

    def counts(self) -> tuple[Ints, Ints]:
        """Return how many matches each pair has, and in how many runs of neighbours in both texts."""
        cells = np.flatnonzero(self.partner >= 0)
        pair = np.repeat(np.arange(self.pairs.hypothesis.size), np.diff(self.mine))[cells]
        theirs, total = self.partner[cells], self.pairs.hypothesis.size
        follows = (np.diff(cells) == 1) & (np.diff(theirs) == 1) & (np.diff(pair) == 0)
        matches = np.bincount(pair, minlength=total)
        return matches, matches - np.bincount(pair[1:][follows], minlength=total)


def align(references: Texts, hypotheses: Texts, synonyms: Synonyms) -> Alignment:
    """Return how each hypothesis aligns with each reference of its block."""
    found = Alignment(references, hypotheses)
    gold, given = references.words, hypotheses.words
    stems = synonyms.start.size - 1
    theirs, mine = (words.block * stems + words.stem for words in (gold, given))
    word = np.full((references.start.size - 1) * stems, -1)
    word[theirs] = gold.word
    here = word[mine]
    known = here >= 0
    _by_word(found, gold, given.part(known))
    varies = np.zeros(word.size, dtype=np.bool_)
    varies[theirs[word[theirs] != gold.word]] = True
    varies[mine[known & (here != given.word)]] = True
    _by_stem(found, gold.part(varies[theirs]), given.part(known & varies[mine]))
    _by_synonym(found, gold, given, word >= 0, synonyms)
    return found


def _by_word(found: Alignment, references: Words, hypotheses: Words) -> None:
    """Match equal words, the n-th last with the n-th last."""
    mine, theirs = (
        (words.block, words.word, from_last(words.text, words.word)) for words in (hypotheses, references)
    )
    i, j = meetings(mine, theirs)
    pair = found.pairs.offset[hypotheses.text[i]] + references.text[j]
    found.match(pair, hypotheses.place[i], references.place[j])


def _by_stem(found: Alignment, references: Words, hypotheses: Words) -> None:
    """Match words left over whose stems are equal, the n-th last with the n-th last."""
    pairs = found.pairs
    i, nth = spread(np.diff(pairs.first)[hypotheses.text])
    mine = pairs.first[hypotheses.text[i]] + nth
    free = found.partner[found.mine[mine] + hypotheses.place[i]] < 0
    i, mine = i[free], mine[free]
    j, nth = spread(np.diff(pairs.block)[references.block])
    theirs = pairs.offset[pairs.block[references.block[j]] + nth] + references.text[j]
    free = ~found.taken[found.theirs[theirs] + references.place[j]]
    j, theirs = j[free], theirs[free]
    left, right = hypotheses.stem[i], references.stem[j]
    a, b = meetings((mine, left, from_last(mine, left)), (theirs, right, from_last(theirs, right)))
    found.match(mine[a], hypotheses.place[i[a]], references.place[j[b]])


def _by_synonym(
    found: Alignment, references: Words, hypotheses: Words, gold: Bools, synonyms: Synonyms
) -> None:
    """Match words left over, from the last on, each with the last word that is left and a synonym of it.

    ``gold`` says which stems the references of a block have, at block * stems + stem.
    """
    stems = synonyms.start.size - 1
    present = np.zeros(gold.size, dtype=np.bool_)
    mine = hypotheses.block * stems + hypotheses.stem
    present[mine] = True
    cells = np.flatnonzero(present)
    block, stem = np.divmod(cells, stems)
    which, nth = spread(np.diff(synonyms.start)[stem])
    other = block[which] * stems + synonyms.stems[synonyms.start[stem[which]] + nth]
    hits = gold[other]
    cells, other = cells[which[hits]], other[hits]
    present[:] = False
    present[cells] = True
    hypotheses, mine = hypotheses.part(present[mine]), mine[present[mine]]
    i, e = meetings((mine,), (cells,))
    k, j = meetings((other[e],), (references.block * stems + references.stem,))
    i = i[k]
    pair = found.pairs.offset[hypotheses.text[i]] + references.text[j]
    here, there = hypotheses.place[i], references.place[j]
    free = (found.partner[found.mine[pair] + here] < 0) & ~found.taken[found.theirs[pair] + there]
    pair, here, there = pair[free], here[free], there[free]
    order = np.lexsort((-there, -here, pair))
    found.match(*_first_come(pair[order], here[order], there[order]))


def _first_come(pair: Ints, mine: Ints, theirs: Ints) -> tuple[Ints, Ints, Ints]:
    """Return those of possible matches that are made if each word takes the first that is left."""
    taken = set[tuple[int, int]]()
    kept, last = [], (-1, -1)
    for at, (p, here, there) in enumerate(zip(pair.tolist(), mine.tolist(), theirs.tolist(), strict=True)):
        if (p, here) != last and (p, there) not in taken:
            last = (p, here)
            taken.add((p, there))
            kept.append(at)
    index = np.array(kept, dtype=np.int64)
    return pair[index], mine[index], theirs[index]
