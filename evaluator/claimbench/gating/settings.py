"""What a gate demands, as a frozen value; it is read from YAML, TOML, JSON or pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from claimbench.errors import InputError, Problem, ProblemsError, UsageError
from claimbench.gating.naming import gauge
from claimbench.reading.documents import parser_for
from claimbench.reading.jsonl import read_bytes
from claimbench.reading.schemas import Json
from claimbench.records import Split
from claimbench.report import Value

Policy = Literal["allow", "warn", "fail"]
Inconclusive = Literal["report", "pass", "fail"]
Task = Literal["detection", "extraction", "evidence", "verification", "qa"]
Text = Annotated[str, msgspec.Meta(min_length=1)]

TABLE = ("tool", "claimbench", "gate")
"""Where the settings are in pyproject.toml."""


class Gate(Value, frozen=True, omit_defaults=True):
    """What is demanded of one metric: how much worse it may become, and bounds that hold by themselves."""

    max_drop: Annotated[float, msgspec.Meta(ge=0)] | None = None
    min: float | None = None
    max: float | None = None


class Settings(Value, frozen=True, omit_defaults=True):
    """All that a gate demands.

    ``must_pass`` holds item ids, or files with an id a line. ``inconclusive`` says what to make of it where
    the items cannot tell; ``on_missing`` is about items without a prediction, ``on_new`` and ``on_removed``
    about items that only the new or only the old corpus has.
    """

    task: Task | None = None
    predictions: Text | None = None
    baseline: Text | None = None
    split: Split = "test"
    corpus: Text | None = None
    gates: dict[str, Gate] = {}  # noqa: RUF012 # msgspec copies it, and nothing here changes it
    show: tuple[str, ...] = ()
    must_pass: tuple[Text, ...] = ()
    inconclusive: Inconclusive = "report"
    on_missing: Policy = "warn"
    on_new: Policy = "fail"
    on_removed: Policy = "fail"


def read_settings(path: str | Path) -> Settings:
    """Return the settings in a file, with its paths made relative to the working folder.

    In a file called pyproject.toml they are the table ``[tool.claimbench.gate]``. Raises InputError for a
    file that cannot be read and ProblemsError, with JSON pointers, for one that holds something else.
    """
    name = str(path)
    try:
        value = parser_for(name)(read_bytes(name))
    except ValueError as error:
        raise ProblemsError([Problem(name, 0, "", str(error), "syntax")]) from None
    found = _table(value, name) if Path(name).name == "pyproject.toml" else value
    return _beside(_converted(found, name, value is not found), Path(name).parent)


def has_settings(path: Path) -> bool:
    """Whether there is a pyproject.toml that demands something of a gate, or that has to be read to know."""
    import tomllib

    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    for key in TABLE:
        value = value.get(key, {}) if isinstance(value, dict) else {}
    return bool(value)


def _table(value: Json, name: str) -> Json:
    for key in TABLE:
        if not isinstance(value, dict) or key not in value:
            raise InputError(f"{name}: has no table [{'.'.join(TABLE)}]")
        value = value[key]
    return value


def _converted(value: Json, name: str, inside: bool) -> Settings:
    start = "/" + "/".join(TABLE) if inside else ""
    try:
        found = msgspec.convert(value, Settings, strict=True)
    except msgspec.ValidationError as error:
        from claimbench.reading.schemas import violations

        problems = [Problem(name, 0, start + at, text, key) for at, key, text in violations("gate", value)]
        raise ProblemsError(problems or [Problem(name, 0, start, str(error), "type")]) from None
    problems = []
    for where, names in (("gates", found.gates), ("show", found.show)):
        for i, metric in enumerate(names):
            try:
                gauge(metric)
            except UsageError as error:
                place = metric if where == "gates" else i
                problems.append(Problem(name, 0, f"{start}/{where}/{place}", str(error), "name"))
    if problems:
        raise ProblemsError(problems)
    return found


def _beside(found: Settings, folder: Path) -> Settings:
    """Return the settings with what they name as files looked up in the folder of the settings."""
    paths = {
        name: str(folder / value)
        for name in ("predictions", "baseline", "corpus")
        if (value := getattr(found, name)) is not None and value != "-"
    }
    must_pass = tuple(str(folder / x) if (folder / x).is_file() else x for x in found.must_pass)
    return msgspec.structs.replace(found, must_pass=must_pass, **paths)


def must_pass_ids(entries: Iterable[str]) -> tuple[str, ...]:
    """Return the ids that entries name: an id, or a file with one a line, where # starts a remark."""
    found: list[str] = []
    for entry in entries:
        if not Path(entry).is_file():
            found.append(entry)
            continue
        lines = read_bytes(entry).decode("utf-8", "replace").splitlines()
        found += [name for line in lines if (name := line.partition(" #")[0].strip()) and name[0] != "#"]
    return tuple(dict.fromkeys(found))
