"""What the columnar path computes in its own way, against the plain definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimbench.bulk.gold import FEW, EvidenceIndex, Ragged
from claimbench.bulk.verdicts import _surprise
from claimbench.records import EvidenceSet
from claimbench.stats.estimators import FRACTION_BITS, to_fixed
from claimbench.tasks.base import complete_sets
from claimbench.tasks.verification import LOG_FLOOR

SENTENCES = [f"a#{i}" for i in range(1, 13)]
SETS = st.builds(
    EvidenceSet,
    stance=st.sampled_from(("supports", "refutes")),
    sentences=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=9).map(tuple),
)


def ragged(lists) -> Ragged:
    lengths = np.array([len(x) for x in lists], dtype=np.int32)
    return Ragged(lengths, np.array([code for x in lists for code in x], dtype=np.int32))


@settings(max_examples=200)
@given(
    evidence=st.lists(st.lists(SETS, max_size=40).map(tuple), min_size=1, max_size=4),
    said=st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.sampled_from(SENTENCES), max_size=12, unique=True)),
        max_size=9,
    ),
)
def test_sets_are_complete_as_one_by_one(evidence, said):
    """Counting all sets of an item in one integer, or several, finds the complete ones and the hits."""
    codes = {sentence: code for code, sentence in enumerate(SENTENCES)}
    index = EvidenceIndex(evidence, codes)
    items = np.array([item % len(evidence) for item, _ in said], dtype=np.int32)
    found = ragged([[codes[s] for s in sentences] for _, sentences in said])
    gold = [evidence[item] for item in items.tolist()]
    expected = [
        bool(sets) and complete_sets(sets, given) for sets, (_, given) in zip(gold, said, strict=True)
    ]
    assert index.complete(items, found).tolist() == expected
    member = [
        any(s in group.sentences for group in sets)
        for sets, (_, given) in zip(gold, said, strict=True)
        for s in given
    ]
    assert index.belongs(items, found).tolist() == member


@given(st.lists(st.lists(st.integers(0, 30), max_size=FEW + 4), max_size=8))
@example([[1], [1, 2], [2]])
@example([[1, 2, 3, 1]])
def test_only_repeats_within_a_list_are_repeats(lists):
    """A code twice in one list is found, whatever its places; equal codes of neighbours are none."""
    assert ragged(lists).repeats() == any(len(set(x)) < len(x) for x in lists)


@given(st.lists(st.lists(st.integers(0, 3), max_size=8), max_size=8), st.integers(1, 8), st.randoms())
def test_first_and_kept_lists_are_those_of_the_lists(lists, k, draw):
    """The first codes of every list, and some of the lists, are cut as lists are."""
    found = ragged(lists)
    kept = [draw.random() < 0.5 for _ in lists]
    for cut, expected in (
        (found.first(k), [x[:k] for x in lists]),
        (
            found.keep(np.array(kept, dtype=np.bool_)),
            [x for x, keep in zip(lists, kept, strict=True) if keep],
        ),
    ):
        assert cut.lengths.tolist() == [len(x) for x in expected]
        assert cut.codes.tolist() == [code for x in expected for code in x]


def shares() -> np.ndarray:
    """Probabilities of every size, many of whose logarithms lie beside the middle of two multiples."""
    draw = np.random.default_rng(4)
    middle = (draw.integers(0, 34 << FRACTION_BITS, 20_000) + 0.5) * 2.0**-FRACTION_BITS
    beside = np.exp(-middle)
    some = [
        draw.random(20_000),
        10.0 ** draw.uniform(-15, 0, 20_000),
        1.0 - 10.0 ** draw.uniform(-17, 0, 20_000),
    ]
    every = [*some, beside, np.nextafter(beside, 0.0), np.nextafter(beside, 1.0), [1.0, LOG_FLOOR, 0.5]]
    return np.clip(np.concatenate(every), LOG_FLOOR, 1.0)


@pytest.mark.parametrize("off", [-8, -1, 0, 1, 8])
def test_log_loss_is_that_of_the_plain_rows_on_every_processor(monkeypatch, off):
    """Fixed-point log loss equals that of math.log, even were numpy's logarithms off in their last bits."""
    given, log = shares(), np.log
    expected = to_fixed([-math.log(p) for p in given.tolist()])
    monkeypatch.setattr(np, "log", lambda p: log(p) + off * np.spacing(np.abs(log(p))))
    assert np.array_equal(_surprise(given), expected)
