"""Names of what is gated: a metric, on all items or on those with one value of a field.

``macro_f1`` is the metric on all items, ``macro_f1{language=nl}`` on the Dutch ones,
``f1[supported]{edit=number}`` one with a parameter of its own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from claimbench.errors import UsageError
from claimbench.tasks.names import parse

_SLICED = re.compile(r"(?P<metric>[^{}]*)(?:\{(?P<field>[a-z_]+)=(?P<value>[^{}]+)\})?")


class Gauge(NamedTuple):
    """A metric and the slice it is taken on; ``str`` gives the canonical form."""

    metric: str
    field: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.metric}{{{self.field}={self.value}}}" if self.field else self.metric


def gauge(name: str) -> Gauge:
    """Return a name in its parts. Raises UsageError for any other text."""
    found = _SLICED.fullmatch(name)
    if found is None:
        raise UsageError(f"'{name}' is no metric; expected a form like macro_f1 or macro_f1{{language=nl}}")
    return Gauge(str(parse(found["metric"])), found["field"] or "", found["value"] or "")
