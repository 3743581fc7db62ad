"""The corpus's audit of itself: what no schema can say, and what would give its labels away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from claimbench.audit.duplicates import Duplicate, duplicates_of, leaks
from claimbench.audit.finding import Finding
from claimbench.audit.invariants import broken_invariants
from claimbench.audit.probes import MOST_PROBES, Probe, giveaways, probes_of
from claimbench.audit.structure import Structure, oversized, structure_of
from claimbench.audit.surface import Surface, surface_of, telltale_words
from claimbench.reading.corpus import Corpus, dangling, refuse_dangling

__all__ = ["Audit", "Duplicate", "Finding", "Probe", "Structure", "Surface", "audit", "stats"]


class Audit(msgspec.Struct, frozen=True):
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
    refuse_dangling(corpus)
    partners = {None, *(item.id for item in corpus.verification)}
    for item in corpus.verification:
        if item.contrast_of not in partners:
            raise dangling(item.id, [str(item.contrast_of)])
