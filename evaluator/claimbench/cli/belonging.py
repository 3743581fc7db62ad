"""Options that belong to something else: given without it they would do nothing, so they are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import click
from click.core import ParameterSource


class Rule(NamedTuple):
    """Options by parameter name, what they are for in words, and whether the parameters given are that."""

    options: tuple[str, ...]
    what: str
    holds: Callable[[Mapping[str, Any]], bool]


def refuse_idle(context: click.Context, rules: Sequence[Rule]) -> None:
    """Raise UsageError for an option that was given although a rule of it does not hold."""
    for rule in rules:
        if rule.holds(context.params):
            continue
        for name in rule.options:
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError(f"{_flag(context, name)} is for {rule.what}", context)


def _flag(context: click.Context, name: str) -> str:
    """Return how an option is written."""
    option = next(option for option in context.command.params if option.name == name)
    return max(option.opts, key=len)
