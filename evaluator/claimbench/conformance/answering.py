"""Checks of what answering, not answering and answering better are worth."""

from __future__ import annotations

from claimbench.conformance.bench import EXACT, Bench, Check, CrashedError, Finding
from claimbench.conformance.gold import nonsense, other_sentences
from claimbench.conformance.scorers import Line
from claimbench.errors import InputError
from claimbench.records import LABELS
from claimbench.tasks import NAMES
from claimbench.tasks.verification import MACRO

ABSTAINING_MOST = 0.8
"""Most of a perfect headline that answering a quarter of the items, all right, may give."""


def _perfect_is_one(bench: Bench) -> Finding:
    found = bench.headline(bench.perfect)
    return Finding(abs(found - 1.0) <= EXACT, {bench.headline_name: found})


def _no_crash(bench: Bench) -> Finding:
    ids = [line["id"] for line in bench.perfect]
    inputs: dict[str, list[Line]] = {
        "no line": [],
        "one right line": list(bench.perfect[:1]),
        "all wrong": list(bench.wrong),
        "all abstaining": [{"id": item, "abstain": True} for item in ids],
        "all invalid": [{"id": item, "invalid": True} for item in ids],
    }
    found: dict[str, float | str | None] = {}
    held = True
    for name, lines in inputs.items():
        try:
            found[name] = bench.values(lines).get(bench.headline_name)
        except CrashedError as error:
            found[name], held = str(error), False
        except (InputError, ValueError):
            found[name] = "refused"
    return Finding(held, found)


def _wrong_is_low(bench: Bench) -> Finding:
    """The floor of a ranking is the share of positives, so that is what the worst ranking may get."""
    wrong, right = bench.headline(bench.wrong), bench.headline(bench.perfect)
    positive = sum(bool(line.get("score")) for line in bench.perfect) / len(bench.perfect)
    return Finding(wrong <= max(0.5 * right, positive + EXACT), {"all right": right, "all wrong": wrong})


def _with(lines: list[dict[str, object]], i: int, line: Line) -> list[Line]:
    return [*lines[:i], line, *lines[i + 1 :]]


def _correcting(bench: Bench) -> Finding:
    before = bench.headline(bench.mixed)
    changes = [bench.headline(_with(bench.mixed, i, bench.perfect[i])) - before for i in bench.some()]
    return Finding(min(changes) >= -EXACT, {"headline": before, "least change of a correction": min(changes)})


def _alternatives(bench: Bench, i: int) -> list[Line]:
    """Return answers that an abstention is measured by: saying nothing where that is one, else a wrong one.

    For verification these are all wrong labels, as the F1 of a label does not suffer from another's. Gold
    that the headline has no label for is judged by all labels: it can only be a false positive.
    """
    item = bench.mixed[i]["id"]
    if bench.task == "extraction":
        return [{"id": item, "claims": []}]
    if bench.task == "detection":
        return [{"id": item, "score": -1.0, "label": False}]
    if bench.task == "verification":
        gold = bench.perfect[i]["label"]
        return [{"id": item, "label": label} for label in LABELS if label != gold or gold not in MACRO]
    return [bench.wrong[i]]


def _abstaining(bench: Bench) -> Finding:
    before, most = bench.headline(bench.mixed), -1.0
    for i in bench.some(24):
        abstained = {"id": bench.mixed[i]["id"], "abstain": True}
        after = bench.headline(_with(bench.mixed, i, abstained))
        wrong = [bench.headline(_with(bench.mixed, i, line)) for line in _alternatives(bench, i)]
        most = max(most, after - max(wrong))
    found = {"headline": before, "largest gain over a wrong answer": most}
    if bench.task not in ("detection", "extraction"):
        honest = [
            line if line == right else {"id": line["id"], "abstain": True}
            for line, right in zip(bench.mixed, bench.perfect, strict=True)
        ]
        found["abstaining on all that is wrong"] = bench.headline(honest)
    return Finding(most <= EXACT, found)


def _abstained_stay(bench: Bench) -> Finding:
    size = max(1, len(bench.perfect) // 4)
    step = max(1, len(bench.perfect) // size)
    lines = [
        line if i % step == 0 else {"id": line["id"], "abstain": True} for i, line in enumerate(bench.perfect)
    ]
    whole, part = bench.headline(bench.perfect), bench.headline(lines)
    return Finding(part <= ABSTAINING_MOST * whole, {"all answered": whole, "one in four answered": part})


def _wrong_addition(bench: Bench) -> Finding:
    """Add a wrong claim or sentence to single lines."""
    before, most = bench.headline(bench.mixed), -1.0
    for i in bench.some():
        line = bench.mixed[i]
        if bench.task == "extraction":
            more: Line = {**line, "claims": line["claims"] + nonsense(bench.corpus, line["id"], 5)[3:]}
        else:
            extra = [s for s in other_sentences(bench.corpus, line["id"], 12) if s not in line["evidence"]]
            more = {**line, "evidence": [*line["evidence"], extra[0]]}
        most = max(most, bench.headline(_with(bench.mixed, i, more)) - before)
    return Finding(most <= EXACT, {"headline": before, "largest gain of a wrong addition": most})


def _silence_earns_no_precision(bench: Bench) -> Finding:
    key = "claims" if bench.task == "extraction" else "evidence"
    silent = [{"id": line["id"], key: []} for line in bench.perfect]
    few = [*bench.perfect[:1], *silent[1:]]
    nothing = bench.metric("precision", silent)
    found = {"precision, nothing given": nothing, "headline, one item answered": bench.headline(few)}
    held = not nothing and bench.headline(few) <= ABSTAINING_MOST * bench.headline(bench.perfect)
    return Finding(held, found)


CHECKS = (
    Check("perfect_is_one", "Lines made from the gold get 1.", NAMES, _perfect_is_one),
    Check(
        "no_crash",
        "No line, one line, all wrong, all abstaining, all invalid: scored or refused, no crash, no NaN.",
        NAMES,
        _no_crash,
    ),
    Check(
        "wrong_is_low",
        "All wrong gets at most half of all right; the worst ranking at most the share of positives.",
        NAMES,
        _wrong_is_low,
    ),
    Check("correcting", "Correcting one item never lowers the headline.", NAMES, _correcting),
    Check(
        "abstaining",
        "An abstention is worth no more than a wrong answer; where saying nothing is an answer (no claims, "
        "ranked last), no more than that.",
        NAMES,
        _abstaining,
    ),
    Check(
        "abstained_stay",
        "Answering only a quarter of the items, all right, gets at most four fifths of answering all.",
        NAMES,
        _abstained_stay,
    ),
    Check(
        "wrong_addition",
        "Adding a wrong claim or a wrong sentence never raises the headline.",
        ("extraction", "evidence"),
        _wrong_addition,
    ),
    Check(
        "silence_earns_no_precision",
        "Giving nothing has precision 0 or undefined, and answering one item alone does not pay.",
        ("extraction", "evidence"),
        _silence_earns_no_precision,
    ),
)
