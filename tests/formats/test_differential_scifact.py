"""SciFact's counts against the definition written out slowly, on random and odd claims."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from claimbench.formats.scifact_counts import Abstract, OverlapError, Rationale, official_row

LABELS = st.sampled_from(["SUPPORT", "CONTRADICT"])
SENTENCES = st.lists(st.integers(0, 6), max_size=5)
DOCUMENTS = st.sampled_from(["1", "2", "3"])


@st.composite
def golds(draw):
    found = {}
    for document in draw(st.sets(DOCUMENTS)):
        label = draw(LABELS)
        rationales = draw(st.lists(SENTENCES, min_size=1, max_size=3))
        found[document] = [Rationale(sentences, label) for sentences in rationales]
    return found


def slow(gold, given, longer):
    """The definition, a statement a rule; None where the official scorers assert."""
    row = [len(gold), len(given), 0, 0, sum(len(r.sentences) for rs in gold.values() for r in rs), 0, 0, 0]
    for document, abstract in given.items():
        row[5] += len(abstract.sentences)
        if document not in gold:
            continue
        sets = [set(r.sentences) for r in gold[document]]
        chosen = set(abstract.sentences)
        right = abstract.label == gold[document][0].label
        most = max(3, min(len(r.sentences) for r in gold[document])) if longer else 3
        first = set(abstract.sentences[:most])
        row[2] += right
        row[3] += right and any(s <= first for s in sets)
        for sentence in chosen:
            holders = [s for s in sets if sentence in s]
            if len(holders) > 1:
                return None
            found = len(holders) == 1 and holders[0] <= chosen
            row[6] += found
            row[7] += found and right
    return tuple(row)


@settings(max_examples=1000, deadline=None)
@given(
    golds(),
    st.dictionaries(DOCUMENTS, st.builds(Abstract, SENTENCES, LABELS)),
    st.booleans(),
)
def test_counts_equal_the_slow_definition(gold, given, longer):
    """Empty, repeated and overlapping sentences included: equal counts, or both refuse."""
    try:
        ours = official_row(gold, given, longer=longer)[:8]
    except OverlapError:
        ours = None
    assert ours == slow(gold, given, longer)
