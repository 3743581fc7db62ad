"""Evidence in bulk: cells, and the rows they give."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import ANSWERED, Columns, needed
from claimbench.bulk.counted import Part
from claimbench.bulk.gold import EvidenceIndex, Gold
from claimbench.bulk.layout import Layout
from claimbench.bulk.threads import made_once
from claimbench.records import EvidenceSet
from claimbench.stats.estimators import Ints, ratio, to_fixed
from claimbench.tasks.evidence import COLUMNS, LIMIT, RECALL_AT, evidence_row

_COMPLETE = tuple(f"complete@{k}" for k in RECALL_AT)
CELL = np.dtype(
    [
        ("state", np.int8),
        ("given", np.int8),
        ("hits", np.uint8),
        ("first", np.int32),
        *((name, np.bool_) for name in _COMPLETE),
    ]
)
"""``given`` counts the first five sentences, ``hits`` has a bit for each that is gold, ``first`` is the rank
of the first one that is (0: none)."""

_AT = {name: i for i, name in enumerate(COLUMNS)}


class _Lookup:
    """The scored items' gold as arrays."""

    def __init__(self, gold: Gold) -> None:
        by_id = {item.id: item for item in gold.corpus.verification}
        evidence = [by_id[item].evidence for item in gold.items.ids]
        self.evidence = EvidenceIndex(evidence, gold.sentences)
        sizes = [len({s for group in sets for s in group.sentences}) for sets in evidence]
        self.size = np.minimum(np.array(sizes, dtype=np.intp), LIMIT)


_lookup = made_once(_Lookup)


def cells(gold: Gold, lines: Columns) -> npt.NDArray[Any]:
    """Return the cell of every line."""
    look, found = _lookup(gold), needed(lines.evidence)
    result = np.zeros(lines.item.size, dtype=CELL)
    result["state"] = lines.state
    hit = look.evidence.belongs(lines.item, found)
    rank = np.full(lines.item.size, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(rank, found.owner[hit], (found.place[hit] + 1).astype(np.int32))
    result["first"] = np.where(rank == np.iinfo(np.int32).max, 0, rank)
    early = hit & (found.place < LIMIT)
    bits = np.bincount(found.owner[early], weights=2.0 ** found.place[early], minlength=lines.item.size)
    result["hits"] = bits.astype(np.uint8)
    result["given"] = np.minimum(found.lengths, LIMIT)
    for k, name in zip(RECALL_AT, _COMPLETE, strict=True):
        result[name] = look.evidence.complete(lines.item, found.first(k))
    return result


@lru_cache(maxsize=1)
def _shares() -> Ints:
    """Return precision and ndcg by number given, bits of hits and number of gold sentences.

    Shape (given, bits, gold, 2), in fixed point; made by ``evidence_row`` itself on every case there is.
    """
    table = np.zeros((LIMIT + 1, 1 << LIMIT, LIMIT + 1, 2), dtype=np.int64)
    for given in range(1, LIMIT + 1):
        for bits in range(1 << given):
            for gold in range(1, LIMIT + 1):
                sets = (EvidenceSet(stance="supports", sentences=tuple(f"g{i}" for i in range(gold))),)
                hits = iter(range(gold))
                places = [next(hits, None) if bits >> i & 1 else None for i in range(given)]
                said = tuple(f"x{i}" if place is None else f"g{place}" for i, place in enumerate(places))
                row = evidence_row(sets, said)
                table[given, bits, gold] = row["precision"], row["ndcg"]
    return table


def counts(gold: Gold, table: npt.NDArray[Any]) -> list[Part]:
    """Return the rows of several runs."""
    result = np.zeros((*table.shape, len(COLUMNS)), dtype=np.int64)
    answered = table["state"] == ANSWERED
    shares = _shares()[table["given"], table["hits"], _lookup(gold).size]
    first = table["first"]
    result[..., _AT["items"]] = 1
    result[..., _AT["precision"]] = np.where(answered, shares[..., 0], 0)
    result[..., _AT["ndcg"]] = np.where(answered, shares[..., 1], 0)
    result[..., _AT["reciprocal_rank"]] = np.where(
        answered & (first > 0), to_fixed(np.nan_to_num(ratio(1.0, first))), 0
    )
    for name in _COMPLETE:
        result[..., _AT[name]] = answered & table[name]
    return [Part(COLUMNS, result)]


def kinds(totals: Ints) -> Ints:
    """All runs have the same metrics."""
    return np.zeros(len(totals), dtype=np.int64)


LAYOUT = Layout(columns=COLUMNS, cell=CELL, cells=cells, counts=counts, kinds=kinds)
