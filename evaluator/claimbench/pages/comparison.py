"""A comparison as a page: the difference and how sure it is, then the items that make it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from claimbench._version import __version__
from claimbench.comparing import Comparison
from claimbench.errors import IncomparableError
from claimbench.pages.entries import Entry, entries
from claimbench.pages.pairing import CHANGES, row_entries, side_by_side
from claimbench.pages.plots import Bar
from claimbench.pages.rendering import page
from claimbench.pages.reporting import articles
from claimbench.pages.shown import plain, shown
from claimbench.reading.corpus import Corpus
from claimbench.report import Report
from claimbench.scoring import Scored
from claimbench.stats.paired import Paired


class Side(msgspec.Struct, frozen=True, eq=False):
    """One system: its name (untrusted), its report, and its predictions where they were given."""

    name: str
    report: Report
    scored: Scored | None


def comparison_page(found: Comparison, a: Side, b: Side, corpus: Corpus) -> bytes:
    """Return a comparison as one page. Without the predictions of both, items show their counts.

    Raises IncomparableError where ``corpus`` is not the one that the reports were made on.
    """
    if f"-{corpus.digest[:12]}|" not in a.report.signature:
        raise IncomparableError("the page shows items of the corpus that was scored: name it with --corpus")
    joined = side_by_side(*_entries(a, b, corpus))
    counts = Counter(entry.change for entry in joined)
    one = (
        found.metrics[found.headline]
        if found.headline in found.metrics
        else next(iter(found.metrics.values()))
    )
    reach = _reach([m.this_benchmark for m in found.metrics.values()])
    context = {
        "version": __version__,
        "title": f"{plain(shown(b.name, 40))} against {plain(shown(a.name, 40))} · {found.task} · claimbench",
        "found": found,
        "sides": (a.name, b.name),
        "one": one,
        "family": [name for name, m in found.metrics.items() if m.family],
        "rows": [
            _row(name, m, reach) for name, m in sorted(found.metrics.items(), key=lambda p: not p[1].family)
        ],
        "reach": reach,
        "counts": [(name, counts[name]) for name in CHANGES],
        "explanation": found.explain(),
    }
    data = {
        "kind": "comparison",
        "systems": ["A", "B"],
        "entries": joined,
        "articles": articles(corpus, joined),
    }
    return page("comparison.html.jinja", ("base.js", "browser.js", "items.js"), context, data)


def _entries(a: Side, b: Side, corpus: Corpus) -> tuple[list[Entry], list[Entry]]:
    if a.scored is not None and b.scored is not None:
        return _of(a.scored), _of(b.scored)
    return _rows(a, corpus), _rows(b, corpus)


def _of(scored: Scored) -> list[Entry]:
    return entries(scored, next(iter(scored.predictions)))


def _rows(side: Side, corpus: Corpus) -> list[Entry]:
    if side.report.items is None:  # compare() has refused it
        raise IncomparableError(f"{side.name} has no rows per item")
    return row_entries(corpus, side.report.task, side.report.items)


def _reach(tests: Sequence[Paired | None]) -> float:
    """Return how far the scale of differences goes on either side of zero: at least 0.1, at most 1."""
    bounds = [abs(x) for test in tests if test is not None for x in (test.low, test.high)]
    return min(1.0, max([0.1, *bounds]))


def _row(name: str, one: Any, reach: float) -> dict[str, Any]:
    test = one.this_benchmark

    def place(x: float) -> float:
        return 50.0 + 50.0 * max(-1.0, min(1.0, x / reach))

    p = None if test is None else one.p_adjusted if one.p_adjusted is not None else test.p
    return {
        "name": name,
        "a": one.a,
        "b": one.b,
        "difference": one.difference,
        "test": test,
        "p": p,
        "family": one.family,
        "verdict": one.verdict,
        "bar": Bar(
            None if one.difference is None else place(one.difference),
            None if test is None else place(test.low),
            None if test is None else place(test.high),
        ),
    }
