"""What a foreign format is: where its definition comes from, its options, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from claimbench.errors import UsageError, nearest
from claimbench.report import Counts, Official
from claimbench.stats.estimators import Ints, Metric, Rows

NONE = "none"
"""How an option says that there is no limit, or no file."""


class Option(msgspec.Struct, frozen=True):
    """One setting of an official scorer, as text: one of ``choices``, or what ``kind`` says.

    A count is a whole number from 0 or "none", a number is finite, a file is a path or "none",
    names are separated by commas.
    """

    default: str
    help: str
    choices: tuple[str, ...] = ()
    kind: Literal["choice", "count", "number", "file", "names"] = "choice"


PYTHON = Option("3.11", "whose built-in sum() is meant: up to 3.11, or 3.12 on", ("3.11", "3.12"))
"""The option of scorers that add floats with ``sum``."""


class Source(msgspec.Struct, frozen=True):
    """Where the definition of the official figures comes from."""

    repository: str
    file: str
    version: str
    licence: str


class House(msgspec.Struct, frozen=True, eq=False):
    """The evaluator's own view: one row of counts per gold item, joined by id.

    ``clusters`` has one name per item; None where every item stands by itself. ``fields`` to slice by
    have one value per row, "" where a row has none.

    Where very many items share few rows, ``rows`` are the distinct ones, ``index`` (items,) says which row
    each item has, and ``ids`` name the items, or are left empty above ``MOST_ITEMS``.
    Items stand by themselves then.
    """

    rows: Rows
    clusters: tuple[str, ...] | None = None
    fields: Mapping[str, Sequence[str]] = msgspec.field(default_factory=dict)
    index: Ints | None = None
    ids: tuple[str, ...] = ()


class Scored(msgspec.Struct, frozen=True, eq=False):
    """What a format makes of gold and predictions.

    ``house`` is None where ids cannot be joined or gold breaks the format's own rules, and ``refused`` says
    why. ``gold`` is the sha256 of the gold, so that only reports on the same gold are compared. ``signed`` is
    what the signature says of data that were used beside it.
    """

    official: Official
    counts: Counts
    house: House | None
    gold: str
    refused: str | None = None
    signed: Mapping[str, str] = msgspec.field(default_factory=dict)


class Format(msgspec.Struct, frozen=True):
    """A foreign benchmark: how it is named, who defined it, and the functions that read and score it."""

    name: str
    task: str
    """The task whose kind of question it asks."""
    title: str
    source: Source
    options: Mapping[str, Option]
    figures: tuple[str, ...]
    """The official figures by their official names."""
    quirks: tuple[str, ...]
    """What the official figures do that a reader may not expect, a sentence each."""
    headline: str
    """The house metric that leads."""
    read: Callable[[Sequence[str], Sequence[str], Mapping[str, str]], Scored]
    """Gold paths, prediction paths and settings to what is scored.

    Raises ProblemsError with every mistake in a file, InputError where nothing can be scored.
    """
    columns: tuple[str, ...]
    """Columns of the house's rows; those that only the gold can tell are left out."""
    metrics: Callable[[Rows], tuple[Metric, ...]]
    of_labels: str = ""
    """How the names begin of metrics that only the gold's labels tell; "" where there are none."""
    parallel: Callable[[Sequence[str], Sequence[str], Mapping[str, str], int], Scored] | None = None
    """The same as ``read`` with a number of processes, where the format can use several."""
    gold: Literal["apart", "within"] = "apart"
    """Whether gold has files of its own or stands in the prediction file."""


MOST_ITEMS = 50_000
"""Above this a report keeps no rows per item, as they would outweigh the predictions."""


def settings(chosen: Format, given: Mapping[str, str]) -> dict[str, str]:
    """Return every option's value, else its default. Raises UsageError for what does not fit."""
    for name, value in given.items():
        if name not in chosen.options:
            known = ", ".join(chosen.options) or "it has none"
            raise UsageError(f"{chosen.name} has no option '{name}'{nearest(name, chosen.options)}; {known}")
        if not _fits(chosen.options[name], value):
            raise UsageError(f"option {name}={value}: expected {expected(chosen.options[name])}")
    return {name: given.get(name, option.default) for name, option in chosen.options.items()}


def _fits(option: Option, value: str) -> bool:
    if option.kind == "choice":
        return value in option.choices
    if option.kind == "count":
        return value == NONE or (value.isascii() and value.isdigit())
    if option.kind == "number":
        return _is_number(value)
    return bool(value)


def _is_number(value: str) -> bool:
    import math

    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def expected(option: Option) -> str:
    """Return what values an option takes."""
    if option.kind == "choice":
        return " or ".join(option.choices)
    return {
        "count": f"a whole number from 0, or {NONE}",
        "number": "a number",
        "file": f"a file, or {NONE}",
        "names": "names separated by commas, or all",
    }[option.kind]


def count_of(value: str) -> int | None:
    """Return the value of a count option; None is no limit."""
    return None if value == NONE else int(value)


def only(paths: Sequence[str], what: str) -> str:
    """Return the one path there must be. Raises UsageError otherwise."""
    if len(paths) != 1:
        raise UsageError(f"expected one file of {what}, not {len(paths)}")
    return paths[0]
