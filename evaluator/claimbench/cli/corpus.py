"""claimbench corpus."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from claimbench.cli.exchange import diff_command, export_command, import_command
from claimbench.cli.output import json_lines, printable, write_whole
from claimbench.cli.tables import busy, tracked

if TYPE_CHECKING:
    from claimbench.audit import Audit

EPILOG = "Example:  claimbench corpus audit"

FOLDER = click.argument(
    "folder",
    required=False,
    metavar="[DIR]",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
)


@click.group(epilog=EPILOG)
def command() -> None:
    """Work on the corpus itself: build, count and audit it, let people correct it, compare versions."""


for _command in (export_command, import_command, diff_command):
    command.add_command(_command)


@command.command(epilog="Example:  claimbench corpus build --check")
@FOLDER
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything is out of date.")
@click.option("--json", "as_json", is_flag=True, help="Print one file a line as JSON.")
def build(folder: Path | None, check: bool, as_json: bool) -> int:
    """Write Parquet, manifest, Croissant and the card's generated parts from the canonical files."""
    from claimbench.publishing import build as publish

    changed = publish(folder, check=check)
    if as_json:
        write_whole("-", json_lines({"file": name, "written": not check} for name in changed))
        return int(check and bool(changed))
    for name in changed:
        click.echo(f"out of date: {name}" if check else f"wrote {name}")
    if not changed:
        click.echo("everything is up to date")
    return int(check and bool(changed))


@command.command(epilog="Example:  claimbench corpus audit")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print figures and findings as JSON.")
def audit(folder: Path | None, as_json: bool) -> int:
    """Look for what gives the labels away, broken invariants, duplicates and lopsided structure.

    Probes learn from the wording alone and must not succeed. Exit code 1 if there are findings.
    """
    from claimbench.audit import audit as examine
    from claimbench.reading.corpus import load_corpus

    corpus = load_corpus(folder)
    found = examine(corpus, watch=partial(tracked, message="the probes are learning", quiet=as_json))
    if as_json:
        _print_json(to_builtins(found))
    else:
        _print_audit(found)
    return int(bool(found.findings))


@command.command(epilog="Example:  claimbench corpus stats")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def stats(folder: Path | None, as_json: bool) -> None:
    """Print the corpus's structure, the agreement of its passes and what no claim accounts for."""
    from claimbench.audit import stats as count
    from claimbench.audit.tables import agreement_text, structure_text, unaccounted_text
    from claimbench.publishing.agreement import agreement
    from claimbench.reading.corpus import load_corpus
    from claimbench.reading.paths import corpus_path
    from claimbench.validation import unaccounted

    corpus = load_corpus(folder)
    structure = count(corpus)
    left_over = unaccounted(corpus)
    with busy("agreement is being resampled", quiet=as_json):
        agreed = agreement(corpus, (folder or corpus_path()) / "annotation" / "passes")
    if as_json:
        _print_json(
            {
                "structure": to_builtins(structure),
                "agreement": to_builtins(agreed),
                "unaccounted": [{"sentence": where, "text": text} for where, text in left_over],
            }
        )
        return
    parts = [structure_text(structure), agreement_text(agreed), unaccounted_text(left_over)]
    click.echo(printable("\n\n".join(parts)))


def _print_audit(found: Audit) -> None:
    from claimbench.audit.tables import duplicates_text, probes_text, structure_text, surface_text

    parts = [
        structure_text(found.structure),
        probes_text(found.probes),
        surface_text(found.surface),
        duplicates_text(found.duplicates),
        "\n".join(map(str, found.findings)),
    ]
    click.echo(printable("\n\n".join(part for part in parts if part)))
    click.echo(f"{len(found.findings)} findings" if found.findings else "no findings", err=True)


def _print_json(value: dict[str, Any]) -> None:
    write_whole("-", (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode())
