"""METEOR of texts: exact words, then stems, then synonyms, and a penalty for scattered matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, pairwise

import numpy as np

from claimbench.formats.meteor.alignment import Synonyms, Texts, Words, align
from claimbench.formats.meteor.tokens import Tokens
from claimbench.stats.estimators import Floats, Ints

_ALPHA, _BETA, _GAMMA = 0.9, 3.0, 0.5
_CELLS = 1 << 22
"""How many cells a table of blocks by stems may have; more blocks are scored one part after the other."""

_FEW = 1 << 12
"""Stems below which this is no measure, as pairs need their cells too."""

Block = tuple[Sequence[str], Sequence[str]]
"""References, and hypotheses that are compared with each of them."""


def meteor(
    blocks: Sequence[Block],
    words: Callable[[Sequence[str]], Tokens],
    stem: Callable[[str], str],
    synonyms: Callable[[Sequence[str], Iterable[str]], Sequence[Iterable[str]]],
) -> list[list[list[float]]]:
    """Return METEOR of each block's hypotheses (rows) against its references (columns), 0 to 1.

    ``words`` splits texts into words in lower case, ``stem`` is that of a word, ``synonyms`` those of each
    word among some names.
    """
    tokens = words([text for side in (0, 1) for block in blocks for text in block[side]])
    stems: dict[str, int] = {}
    stem_of = np.array([stems.setdefault(stem(name), len(stems)) for name in tokens.names], dtype=np.int64)
    references, hypotheses = (_starts([len(block[side]) for block in blocks]) for side in (0, 1))
    split = references[-1]
    in_gold = np.unique(stem_of[tokens.numbers[: tokens.start[split]]])
    names = list(stems)
    found = synonyms(names, [names[number] for number in in_gold.tolist()])
    related = _related(stems, found)
    step = max(1, _CELLS // max(_FEW, len(stems)))
    scores = list[list[list[float]]]()
    for at in range(0, len(blocks), step):
        gold = _texts(tokens, stem_of, references[at : at + step + 1])
        given = _texts(tokens, stem_of, split + hypotheses[at : at + step + 1])
        scores += _scores(gold, given, related)
    return scores


def _starts(counts: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def _related(stems: Mapping[str, int], synonyms: Sequence[Iterable[str]]) -> Synonyms:
    """Return synonyms by number, none of which is the stem itself."""
    found = [
        [stems[name] for name in names if name != stem] for stem, names in zip(stems, synonyms, strict=True)
    ]
    return Synonyms(_starts(list(map(len, found))), np.array(list(chain(*found)), dtype=np.int64))


def _texts(tokens: Tokens, stem_of: Ints, first: Ints) -> Texts:
    """Return the texts of some blocks, of which each starts with text ``first[block]``."""
    start = tokens.start[first[0] : first[-1] + 1]
    lengths = np.diff(start)
    text = np.repeat(np.arange(lengths.size), lengths)
    word = tokens.numbers[start[0] : start[-1]]
    place = np.arange(start[0], start[-1]) - start[text]
    block = np.repeat(np.arange(first.size - 1), np.diff(first))
    return Texts(Words(word, stem_of[word], text, place, block[text]), first - first[0], lengths)


def _scores(references: Texts, hypotheses: Texts, synonyms: Synonyms) -> list[list[list[float]]]:
    found = align(references, hypotheses, synonyms)
    matches, runs = found.counts()
    pair = np.flatnonzero(matches)
    matches, runs = matches[pair], runs[pair]
    precision = matches / hypotheses.lengths[found.pairs.hypothesis[pair]]
    recall = matches / references.lengths[found.pairs.reference[pair]]
    mean = (precision * recall) / (_ALPHA * precision + (1 - _ALPHA) * recall)
    scores = np.zeros(found.pairs.hypothesis.size)
    scores[pair] = (1 - _penalty(runs / matches)) * mean
    shapes = zip(np.diff(hypotheses.start).tolist(), np.diff(references.start).tolist(), strict=True)
    ends = found.pairs.first[hypotheses.start]
    return [
        scores[a:b].reshape(shape).tolist()
        for (a, b), shape in zip(pairwise(ends.tolist()), shapes, strict=True)
    ]


def _penalty(scattered: Floats) -> Floats:
    """Return the penalty of each share of runs, by Python's power, as numpy's may differ in the last bit."""
    values, which = np.unique(scattered, return_inverse=True)
    return _GAMMA * np.array([value**_BETA for value in values.tolist()])[which]
