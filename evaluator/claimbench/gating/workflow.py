"""A decision as workflow commands, which GitHub shows beside the change."""

from __future__ import annotations

from claimbench.gating.decision import Decision, Verdict
from claimbench.gating.settings import Inconclusive
from claimbench.text.printing import one_line


def workflow_commands(found: Decision) -> list[str]:
    """Return one command for everything that did not pass, and for each warning."""
    lines = [
        _command(_level(one.verdict, found.inconclusive), one.metric, f"{one.verdict}: {one.reason}")
        for one in found.metrics
        if one.verdict in ("regression", "inconclusive")
    ]
    lines += [
        _command("error", one.id, f"must pass: {one.reason}") for one in found.must_pass if not one.passed
    ]
    lines += [_command("error", "predictions", said) for said in found.failures]
    return [*lines, *(_command("warning", "items", said) for said in found.warnings)]


def _level(verdict: Verdict | None, inconclusive: Inconclusive) -> str:
    if verdict == "regression" or inconclusive == "fail":
        return "error"
    return "notice" if inconclusive == "pass" else "warning"


def _command(level: str, title: str, message: str) -> str:
    said = one_line(f"claimbench {title}").replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={said}::{one_line(message).replace('%', '%25')}"
