"""Options that would do nothing, and so are refused: what they belong to is not there, or they are empty."""

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


def refuse_empty(command: click.Command) -> None:
    """Make a command, or a group's commands, refuse "" as a value, as of an unset shell variable."""
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        refuse_empty(inner)
    for parameter in command.params:
        parameter.callback = parameter.callback or _not_empty


def _not_empty(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    if value == "" or (isinstance(value, tuple) and "" in value):
        raise click.BadParameter("is empty", context, parameter)
    return value


def _flag(context: click.Context, name: str) -> str:
    """Return how an option is written."""
    option = next(option for option in context.command.params if option.name == name)
    return max(option.opts, key=len)
