"""claimbench systems."""

from __future__ import annotations

import click

from claimbench.cli.output import json_lines, write_whole

EPILOG = "Example:  claimbench systems"


@click.command(epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(as_json: bool) -> None:
    """List the installed systems (entry points of the group claimbench.systems)."""
    from claimbench.systems import installed

    rows = [{"name": name, "class": point.value} for name, point in installed().items()]
    if as_json:
        write_whole("-", json_lines(rows))
        return
    for row in rows:
        click.echo(f"{row['name']:12} {row['class']}")
