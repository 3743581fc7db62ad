"""claimbench formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from claimbench.cli.output import json_lines, write_whole

if TYPE_CHECKING:
    from claimbench.formats.base import Format

EPILOG = "Example:  claimbench formats fever"


@click.command(epilog=EPILOG)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one format a line as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the foreign formats, or show the options, figures and quirks of format NAME."""
    from claimbench.formats import FORMATS, format_named

    chosen = [format_named(each) for each in ([name] if name else FORMATS)]
    if as_json:
        write_whole("-", json_lines(_as_json(each) for each in chosen))
    elif name:
        _show(chosen[0])
    else:
        _list(chosen)


def _as_json(chosen: Format) -> dict[str, Any]:
    from msgspec.structs import asdict

    return {
        "name": chosen.name,
        "task": chosen.task,
        "title": chosen.title,
        "source": asdict(chosen.source),
        "options": {name: asdict(option) for name, option in chosen.options.items()},
        "figures": chosen.figures,
        "quirks": chosen.quirks,
        "headline": chosen.headline,
        "gold": chosen.gold,
    }


def _list(chosen: list[Format]) -> None:
    from rich.padding import Padding

    from claimbench.cli.tables import console

    out = console()
    for each in chosen:
        out.print(f"{each.name:24} {each.task}")
        out.print(Padding(each.title, (0, 0, 0, 4), expand=False))
        source = f"{each.source.repository} · {each.source.licence}"
        out.print(Padding(source, (0, 0, 0, 4), style="dim", expand=False))


def _show(chosen: Format) -> None:
    from claimbench.cli.tables import console
    from claimbench.formats.base import expected

    out = console()
    source = chosen.source
    gold = "--gold FILE" if chosen.gold == "apart" else "(gold stands in the prediction file)"
    out.print(f"{chosen.name} · {chosen.title}", style="bold")
    out.print(f"{source.repository} · {source.file} · {source.version} · {source.licence}", style="dim")
    out.print(f"claimbench score {chosen.task} FILE --format {chosen.name} {gold}")
    for name, option in chosen.options.items():
        out.print(f"  --set {name}={option.default}  {option.help} ({expected(option)})")
    out.print("official figures: " + ", ".join(chosen.figures))
    for quirk in chosen.quirks:
        out.print(f"- {quirk}")
