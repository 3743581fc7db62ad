"""A decision as JUnit XML: each gated metric, must-pass item and failure is a test case."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from claimbench.gating.decision import Decision, Verdict
from claimbench.gating.settings import Inconclusive
from claimbench.text.printing import one_line

_NOT_XML = re.compile("[\ufffe\uffff]")
"""What no XML 1.0 document may hold, besides what is shown as an escape anyway."""


def junit(found: Decision) -> bytes:
    """Return the decision as one test suite.

    A regression is a failure; what is inconclusive is an error, a failure or skipped, as the settings say.
    """
    suite = ElementTree.Element("testsuite", name=f"claimbench {found.task}")
    cases: list[tuple[str, Verdict, str]] = [
        (one.metric, one.verdict, one.reason) for one in found.metrics if one.verdict is not None
    ]
    cases += [(one.id, "pass" if one.passed else "regression", one.reason) for one in found.must_pass]
    cases += [("predictions", "regression", said) for said in found.failures]
    for name, verdict, reason in cases:
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"claimbench.{found.task}", name=_safe(name), time="0"
        )
        kind = _outcome(verdict, found.inconclusive)
        if kind:
            ElementTree.SubElement(case, kind, message=_safe(f"{verdict}: {reason}"))
    for kind, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(plural, str(len(suite.findall(f"testcase/{kind}"))))
    suite.set("tests", str(len(cases)))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True).encode() + b"\n"


def _outcome(verdict: Verdict, inconclusive: Inconclusive) -> str:
    """Return the element that says so; "" for a pass."""
    if verdict == "inconclusive":
        return {"report": "error", "fail": "failure", "pass": "skipped"}[inconclusive]
    return "failure" if verdict == "regression" else ""


def _safe(text: str) -> str:
    return _NOT_XML.sub("\ufffd", one_line(text))
