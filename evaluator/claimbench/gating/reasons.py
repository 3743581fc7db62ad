"""Why a verdict is what it is, in words."""

from __future__ import annotations

from claimbench.gating.deciding import Measured
from claimbench.gating.decision import Verdict
from claimbench.gating.settings import Gate


def bounds(demand: Gate, value: float | None) -> list[tuple[str, bool]]:
    """Return what is to be said of each bound, and whether it is missed; what is undefined misses it."""
    if value is None:
        return [] if demand.min is demand.max is None else [("it is undefined (0/0)", True)]
    found = []
    if demand.min is not None:
        missed = value < demand.min
        found.append((f"{value:.3f} is {'below' if missed else 'at least'} {demand.min:g}", missed))
    if demand.max is not None:
        missed = value > demand.max
        found.append((f"{value:.3f} is {'above' if missed else 'at most'} {demand.max:g}", missed))
    return found


def settling(limit: float | None, more: int | None, unit: str) -> str:
    """Return what the items at hand can tell, and how many could tell more."""
    if limit is None:
        return f"no drop is large enough to be found here 4 times in 5; it takes more {unit}"
    found = f"a true drop of {limit:.3f} would be found 4 times in 5; "
    if more is None:
        return f"{found}it lies too near to what is allowed for more {unit} to settle it"
    return f"{found}{more} more {unit} would settle it if the difference stayed"


def drop_reason(said: Verdict, one: Measured, demand: Gate, p: float | None, family: int, settle: str) -> str:
    """Return why the verdict on a drop is what it is, for a person to read."""
    if one.equal:
        return "nothing that it is computed from changed"
    if one.difference is None:
        return "it is undefined (0/0) in one of the two"
    if one.test is None:
        return "it cannot be tested: too few clusters, or undefined without one of them"
    low, _ = one.bounds
    drop = -one.sign * one.difference
    moved = f"worse by {drop:.3f}" if drop > 0 else f"better by {-drop:.3f}"
    if said == "regression":
        holm = f", adjusted for {family} metrics" if family > 1 else ""
        return f"{moved}, more than {demand.max_drop:g} allows, and shown (p {_p(p)}{holm})"
    if said == "pass":
        return "shown to be better" if low >= 0 else f"{moved}; more than {-low:.3f} worse is excluded"
    return f"{moved}, but {-low:.3f} worse cannot be excluded; {settle}"


def _p(p: float | None) -> str:
    return "unknown" if p is None else "< .001" if p < 0.001 else f"= {p:.3f}"
