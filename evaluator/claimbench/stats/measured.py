"""What simulation found: the figures that stand beside intervals.

``benchmarks/coverage_grid.py`` writes the table it ends with into ``coverage_grid.md``; a test compares.
"""

from __future__ import annotations

LEAST_COVERAGE: tuple[tuple[float, float], ...] = ((2.3, 0.939), (42.2, 0.941))
"""(effective clusters, least coverage of a 95 % jackknife interval in all cells with no fewer)."""


def least_coverage(effective: float) -> float | None:
    """Return the grid's worst coverage for clusters that weigh as many; None for fewer than it holds."""
    found = [coverage for clusters, coverage in LEAST_COVERAGE if clusters <= effective]
    return found[-1] if found else None
