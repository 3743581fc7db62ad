"""claimbench validate."""

from __future__ import annotations

import click
from msgspec.structs import asdict

from claimbench.cli.output import json_lines, printable, write_whole

EPILOG = "Example:  claimbench validate predictions.jsonl --as prediction-verification"
MOST = 100


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[DIR | FILE...]")
@click.option("--as", "kind", metavar="KIND", help="What a FILE holds: claim, prediction-qa, report, …")
@click.option("--json", "as_json", is_flag=True, help="Print one finding a line as JSON.")
def command(paths: tuple[str, ...], kind: str | None, as_json: bool) -> int:
    """Check a corpus folder (the shipped one by default) or files of a kind, by schema and by meaning.

    Every finding comes with file:line and JSON pointer. Exit code 1 if there are any.
    """
    from claimbench.validation import validate

    if kind is None and len(paths) > 1:
        raise click.UsageError("one corpus folder at a time; files need --as KIND")
    findings = [finding for path in paths or (None,) for finding in validate(path, kind)]
    if as_json:
        write_whole("-", json_lines(asdict(finding) for finding in findings))
        return int(bool(findings))
    for finding in findings[:MOST]:
        click.echo(printable(str(finding)))
    if len(findings) > MOST:
        click.echo(f"… and {len(findings) - MOST} more")
    click.echo(f"{len(findings)} findings" if findings else "no findings", err=True)
    if kind is None and not findings:
        _list_unaccounted(paths[0] if paths else None)
    return int(bool(findings))


def _list_unaccounted(path: str | None) -> None:
    """Print the words that neither a claim nor a recorded stretch covers; they should be connectives."""
    from claimbench.reading.corpus import load_corpus
    from claimbench.validation import unaccounted

    for sentence, words in unaccounted(load_corpus(path)):
        click.echo(printable(f"not accounted for by any claim: {sentence} {words!r}"))
