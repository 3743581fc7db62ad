"""Canonical names of metrics, which parse back.

A name is a base with at most one parameter: ``f1``; ``recall@5``, where the parameter is a rank cut-off;
``f1[supported]``, where it is a label; ``ece(bins=10)``, where it is a setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from claimbench.errors import UsageError

_NAME = re.compile(
    r"(?P<base>[a-z][a-z0-9_]*)"
    r"(?:@(?P<cutoff>[1-9][0-9]*)|\[(?P<label>[a-z][a-z0-9_]*)\]"
    r"|\((?P<setting>[a-z]+)=(?P<value>[1-9][0-9]*)\))?"
)

MOST = 100_000
"""The largest cut-off or setting."""


class MetricName(NamedTuple):
    """A metric's name in its parts; ``str`` gives the canonical form."""

    base: str
    parameter: int | str | None = None
    setting: str = ""

    def __str__(self) -> str:
        if self.setting:
            return f"{self.base}({self.setting}={self.parameter})"
        if self.parameter is None:
            return self.base
        if isinstance(self.parameter, int):
            return f"{self.base}@{self.parameter}"
        return f"{self.base}[{self.parameter}]"


def parse(name: str) -> MetricName:
    """Return the parts of a canonical name. Raises UsageError for any other text."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise UsageError(
            f"'{name}' is no metric name; expected a form like f1, recall@5, f1[supported] or ece(bins=10)"
        )
    number = found["cutoff"] or found["value"]
    if number and (len(number) > len(str(MOST)) or int(number) > MOST):
        raise UsageError(f"'{name}': expected a number from 1 to {MOST}")
    if found["cutoff"]:
        return MetricName(found["base"], int(number))
    if found["setting"]:
        return MetricName(found["base"], int(number), found["setting"])
    return MetricName(found["base"], found["label"])


def at_cutoffs(names: Iterable[str], base: str) -> list[str]:
    """Return those names that are ``base`` at a rank cut-off, smallest first."""
    parts = [p for p in map(parse, names) if p.base == base and not p.setting]
    return [str(p) for p in sorted(p for p in parts if isinstance(p.parameter, int))]


def by_label(names: Iterable[str], base: str) -> dict[str, str]:
    """Return those names that are ``base`` of a label, keyed by the label."""
    parsed = [parse(name) for name in names]
    return {p.parameter: str(p) for p in parsed if p.base == base and isinstance(p.parameter, str)}
