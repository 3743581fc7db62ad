"""The ways to add up: each equals what it is named after, on every Python that runs the tests."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbench.formats.summation import pairwise_mean, pairwise_sum, python_sum, running_sum

FLOATS = st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=300)
MIXED = st.lists(st.one_of(st.floats(0, 1), st.integers(0, 1)), max_size=50)


def same(one: float, other: float) -> bool:
    return math.copysign(1, one) == math.copysign(1, other) and one == other


@given(FLOATS)
def test_running_sum_is_a_loop(values):
    """The running sum is ``total += value`` from 0.0."""
    total = 0.0
    for value in values:
        total += value
    assert same(running_sum(values), total)


@given(MIXED)
def test_python_sum_is_the_interpreters(values):
    """The sum of this interpreter's version is its built-in ``sum``, ints among floats included."""
    assert python_sum(values, "3.12" if sys.version_info >= (3, 12) else "3.11") == sum(values)


def test_the_two_python_sums_differ():
    """Ten times 0.1 is 0.9999999999999999 up to CPython 3.11 and 1.0 from 3.12 on."""
    assert python_sum([0.1] * 10, "3.11") == 0.9999999999999999
    assert python_sum([0.1] * 10, "3.12") == 1.0
    assert python_sum([1e100, 1.0, -1e100], "3.12") == 1.0
    assert python_sum([1e100, 1, -1e100], "3.12") == 0.0, "an int is added without compensation"
    assert python_sum([math.inf, 1.0], "3.12") == math.inf


@given(FLOATS)
def test_pairwise_sum_is_numpys(values):
    """The pairwise sum is ``numpy.sum`` of a contiguous vector to the last bit."""
    assert pairwise_sum(values) == float(np.sum(np.array(values, dtype=np.float64)))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 127, 128, 129, 136, 255, 1000, 4097])
def test_pairwise_sum_at_the_edges_of_its_blocks(size):
    """Where blocks begin and end, the pairwise sum and mean are numpy's."""
    values = np.random.Generator(np.random.PCG64(size)).random(size) * 1e3
    assert pairwise_sum(values) == float(np.sum(values))
    assert size == 0 or pairwise_mean(values) == float(np.mean(values))
