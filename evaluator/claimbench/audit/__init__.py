"""The corpus's audit of itself: what no schema can say, and what would give its labels away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from claimbench.audit.duplicates import Duplicate, duplicates_of, leaks
from claimbench.audit.finding import Finding
from claimbench.audit.invariants import broken_invariants
from claimbench.audit.probes import MOST_PROBES, Probe, giveaways, probes_of
from claimbench.audit.structure import Structure, oversized, structure_of
from claimbench.audit.surface import Surface, surface_of, telltale_words
from claimbench.errors import InputError
from claimbench.reading.corpus import Corpus
from claimbench.records import Verification
from claimbench.validation.gold import Item

__all__ = ["Audit", "Duplicate", "Finding", "Probe", "Structure", "Surface", "audit", "stats"]


@dataclass(frozen=True)
class Audit:
    """The figures of an audit and what it objects to."""

    structure: Structure
    probes: tuple[Probe, ...]
    surface: tuple[Surface, ...]
    duplicates: tuple[Duplicate, ...]
    findings: tuple[Finding, ...]


def audit(
    corpus: Corpus, *, watch: Callable[[Iterator[Probe], int], Iterable[Probe]] = lambda probes, _: probes
) -> Audit:
    """Return the audit of a corpus; the same corpus always gives the same.

    The probes, and how many there are at the most, go through ``watch``, which may show how far they are.

    Raises InputError where items refer to what does not exist.
    """
    _require_whole(corpus)
    structure = structure_of(corpus)
    probes = tuple(watch(probes_of(corpus), MOST_PROBES))
    surface = surface_of(corpus)
    duplicates = duplicates_of(corpus)
    findings = (
        *giveaways(probes),
        *telltale_words(surface),
        *broken_invariants(corpus),
        *leaks(duplicates),
        *oversized(structure),
    )
    return Audit(structure, probes, surface, duplicates, findings)


def stats(corpus: Corpus) -> Structure:
    """Return the figures of a corpus's structure. Raises InputError like ``audit``."""
    _require_whole(corpus)
    return structure_of(corpus)


def _require_whole(corpus: Corpus) -> None:
    ids = {item.id for item in corpus.verification}
    items: tuple[Item, ...] = (*corpus.verification, *corpus.questions)
    for item in items:
        lost = set(item.facts) - corpus.fact_by_id.keys()
        lost |= {s for group in item.evidence for s in group.sentences} - corpus.sentences.keys()
        if isinstance(item, Verification) and item.contrast_of is not None:
            lost |= {item.contrast_of} - ids
        if lost:
            missing = ", ".join(sorted(lost))
            raise InputError(f"{item.id} refers to {missing}, not there; 'claimbench validate' lists all")
