"""Benchmarks of others, read as they are: their official figures bit for bit, and the house's beside them.

A format is one module with a ``FORMAT``: it reads the benchmark's gold and predictions, returns what the
official scorer says of them, and lays out the evaluator's rows where the input allows it.
"""

from __future__ import annotations

from importlib import import_module

from claimbench.errors import UsageError, nearest
from claimbench.formats.base import Format

FORMATS = {
    "fever": "claimbench.formats.fever",
    "squad1": "claimbench.formats.squad1",
    "squad2": "claimbench.formats.squad2",
    "xquad": "claimbench.formats.xquad",
    "mlqa": "claimbench.formats.mlqa",
    "germanquad": "claimbench.formats.germanquad",
    "checkthat": "claimbench.formats.checkthat",
    "checkthat-subjectivity": "claimbench.formats.subjectivity",
    "checkthat-factuality": "claimbench.formats.factuality",
    "hotpotqa": "claimbench.formats.hotpotqa",
    "xfact": "claimbench.formats.xfact",
    "aggrefact": "claimbench.formats.aggrefact",
    "spans": "claimbench.formats.spans",
    "feverous": "claimbench.formats.feverous",
    "scifact": "claimbench.formats.scifact",
    "hover": "claimbench.formats.hover",
    "averitec": "claimbench.formats.averitec",
}
"""Name to module, imported when it is used."""


def format_named(name: str) -> Format:
    """Return a format by name, importing only it. Raises UsageError for an unknown name."""
    if name not in FORMATS:
        raise UsageError(f"unknown format '{name}'{nearest(name, FORMATS)}; one of {', '.join(FORMATS)}")
    found: Format = import_module(FORMATS[name]).FORMAT
    return found
