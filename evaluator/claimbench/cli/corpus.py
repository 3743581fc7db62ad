"""claimbench corpus."""

from __future__ import annotations

from pathlib import Path

import click

EPILOG = "Example:  claimbench corpus build"


@click.group(epilog=EPILOG)
def command() -> None:
    """Work on the corpus itself."""


@command.command(epilog=EPILOG)
@click.argument("folder", required=False, type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything is out of date.")
def build(folder: Path | None, check: bool) -> int:
    """Write Parquet, manifest and the card's features from the canonical files."""
    from claimbench.publishing import build as publish

    changed = publish(folder, check=check)
    for name in changed:
        click.echo(f"out of date: {name}" if check else f"wrote {name}")
    if not changed:
        click.echo("everything is up to date")
    return int(check and bool(changed))
