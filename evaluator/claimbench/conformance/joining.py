"""Checks of how lines meet the gold: order, ids, gaps, several systems in one file."""

from __future__ import annotations

import copy
import random
from typing import Any

from claimbench.conformance.bench import EXACT, Bench, Check, Finding, NotApplicableError, Values
from claimbench.tasks import NAMES

Line = dict[str, Any]

KEPT = 0.25
"""Share of lines that is left where many are missing."""
MOST_WITH_GAPS = 0.8
"""Most that a perfect system may keep of its headline with that share of its lines."""


def same(left: Values, right: Values) -> bool:
    """Whether two results have the same metrics with the same values."""
    return left.keys() == right.keys() and all(_close(left[name], right[name]) for name in left)


def _close(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= EXACT


def _line_order(bench: Bench) -> Finding:
    shuffled = random.Random(0).sample(bench.mixed, len(bench.mixed))
    before, after = bench.values(bench.mixed), bench.values(shuffled)
    name = bench.headline_name
    return Finding(same(before, after), {f"{name}, in order": before[name], "shuffled": after[name]})


def _join_by_id(bench: Bench) -> Finding:
    ids = [line["id"] for line in bench.perfect]
    moved = [
        _clipped(bench, {**line, "id": other})
        for line, other in zip(bench.perfect, ids[1:] + ids[:1], strict=True)
    ]
    swapped, right = bench.headline(moved), bench.headline(bench.perfect)
    return Finding(swapped < right - EXACT, {"right ids": right, "each with its neighbour's id": swapped})


def _clipped(bench: Bench, line: Line) -> Line:
    """Return the line with its spans inside the article it now names."""
    if bench.task != "extraction":
        return line
    last = len(bench.corpus.article_by_id[line["id"]].text)
    inside = [claim for claim in line["claims"] if claim["end"] <= last]
    return {**line, "claims": inside}


def _claim_order(bench: Bench) -> Finding:
    draw = random.Random(0)
    shuffled = [{**line, "claims": draw.sample(line["claims"], len(line["claims"]))} for line in bench.mixed]
    before, after = bench.values(bench.mixed), bench.values(shuffled)
    name = bench.headline_name
    return Finding(same(before, after), {f"{name}, in order": before[name], "shuffled": after[name]})


def _repeatable(bench: Bench) -> Finding:
    given = copy.deepcopy(bench.mixed)
    first = dict(bench.ask(given))
    unchanged = given == bench.mixed
    again = dict(bench.ask(given))
    return Finding(
        unchanged and same(first, again), {"input unchanged": unchanged, "same again": first == again}
    )


def _missing_is_wrong(bench: Bench) -> Finding:
    draw = random.Random(0)
    kept = draw.sample(bench.perfect, max(1, round(KEPT * len(bench.perfect))))
    whole, part = bench.headline(bench.perfect), bench.headline(kept)
    return Finding(part <= MOST_WITH_GAPS * whole, {"all lines": whole, f"{len(kept)} of them": part})


def _missing_never_pays(bench: Bench) -> Finding:
    before, most = bench.headline(bench.mixed), 0.0
    for i in bench.some():
        abstained = [*bench.mixed[:i], {"id": bench.mixed[i]["id"], "abstain": True}, *bench.mixed[i + 1 :]]
        gain = bench.headline(bench.mixed[:i] + bench.mixed[i + 1 :]) - bench.headline(abstained)
        most = max(most, gain)
    return Finding(most <= EXACT, {"all lines": before, "largest gain of a gap over an abstention": most})


def _other_systems(bench: Bench) -> Finding:
    alone = bench.values(bench.mixed)
    a = [{**line, "run": "a"} for line in bench.mixed]
    b = [{**line, "run": "b"} for line in bench.perfect]
    together = bench.raw([*a, *b])
    if "a" not in together:
        raise NotApplicableError("scores one system at a time")
    name = bench.headline_name
    return Finding(
        same(alone, together["a"]), {f"{name}, alone": alone[name], "beside another": together["a"].get(name)}
    )


def _repeated_ids(bench: Bench) -> Finding:
    message = bench.refuses([*bench.perfect, bench.wrong[0]])
    return Finding(message is not None, {"refused": message is not None})


def _unknown_ids(bench: Bench) -> Finding:
    message = bench.refuses([*bench.perfect, {**bench.perfect[0], "id": "no-such-item"}])
    return Finding(message is not None, {"refused": message is not None})


CHECKS = (
    Check("line_order", "The order of lines changes nothing.", NAMES, _line_order),
    Check("claim_order", "The order of an article's claims changes nothing.", ("extraction",), _claim_order),
    Check("join_by_id", "Answers under other items' ids score below right ones.", NAMES, _join_by_id),
    Check("repeatable", "The same input scores the same again and is left as it was.", NAMES, _repeatable),
    Check(
        "missing_is_wrong",
        "A perfect system without three quarters of its lines loses at least a fifth of its headline.",
        NAMES,
        _missing_is_wrong,
    ),
    Check(
        "missing_never_pays",
        "A missing line is worth no more than an abstention.",
        NAMES,
        _missing_never_pays,
    ),
    Check("other_systems", "Other systems in the file change nothing.", NAMES, _other_systems),
    Check("repeated_ids", "A second line for one item is refused.", NAMES, _repeated_ids),
    Check("unknown_ids", "A line for an item that does not exist is refused.", NAMES, _unknown_ids),
)
