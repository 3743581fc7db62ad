"""claimbench corpus export, import and diff."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from claimbench.cli.output import json_lines, printable, refuse_targets, write_whole
from claimbench.errors import InputError

if TYPE_CHECKING:
    from claimbench.exchange import Change

NAMES = ("label-studio", "inception", "brat", "jsonl")
SHOWN = 60
"""How much of a changed value is printed."""


@click.command("export", epilog="Example:  claimbench corpus export --to brat -o folder")
@click.option("--to", "tool", type=click.Choice(NAMES), required=True, help="The tool that reads the files.")
@click.option("--corpus", "corpus", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("-o", "--output", metavar="FOLDER", required=True, help="A new or empty folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one written file a line as JSON.")
def export_command(tool: str, corpus: str | None, output: str, as_json: bool) -> None:
    """Write the claims for an annotation tool, so that people can correct them there."""
    from claimbench.exchange import TOOLS, export_claims
    from claimbench.reading.corpus import load_corpus

    files = export_claims(load_corpus(corpus, only=("articles", "claims")), tool)
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        raise InputError(f"{output}: cannot be used as a folder: {error.strerror}") from None
    if taken:
        raise InputError(f"{output}: is not empty; corrections in it would be lost, so name a new folder")
    for name, data in files.items():
        write_whole(str(folder / name), data)
    if as_json:
        write_whole(
            "-", json_lines({"file": str(folder / name), "bytes": len(files[name])} for name in files)
        )
        return
    click.echo(f"wrote {len(files)} files to {output}")
    click.echo(TOOLS[tool].HINT)
    click.echo(f"Then:  claimbench corpus import --from {tool} {output} -o claims.jsonl")


@click.command("import", epilog="Example:  claimbench corpus import --from brat folder -o claims.jsonl")
@click.argument("folder", metavar="FOLDER")
@click.option(
    "--from", "tool", type=click.Choice(NAMES), required=True, help="The tool that wrote the files."
)
@click.option("--corpus", "corpus", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Where to write; standard output by default."
)
@click.option("--json", "_as_json", is_flag=True, help="Accepted for symmetry: the output is JSON lines.")
def import_command(folder: str, tool: str, corpus: str | None, output: str, _as_json: bool) -> None:
    """Read the claims back from an annotation tool's files, as the corpus's claims.jsonl.

    Claims keep their ids, new ones get numbers that were never used, and an article without a file keeps its
    claims. Quotes are held against the texts; nothing is written if anything is wrong.
    """
    import msgspec

    from claimbench.exchange import import_claims

    refuse_targets([output], map(str, Path(folder).rglob("*")))
    found = import_claims(Path(folder), tool, None if corpus is None else Path(corpus))
    write_whole(output, json_lines(msgspec.to_builtins(claim) for claim in found.claims))
    counts = (f"{len(getattr(found, word))} {word}" for word in ("added", "changed", "removed"))
    click.echo(f"{len(found.claims)} claims: {', '.join(counts)}", err=True)
    if found.kept:
        click.echo(f"no file for {', '.join(found.kept)}: claims kept as they are", err=True)


@click.command("diff", epilog="Example:  claimbench corpus diff corpus-1.0.0 corpus")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="Print one change a line as JSON, with whole values.")
def diff_command(old: str, new: str, as_json: bool) -> int:
    """Show which records differ between two corpus folders, and why by the errata of NEW.

    Exit code 1 if any differ.
    """
    from claimbench.exchange import difference

    changes = difference(Path(old), Path(new))
    if as_json:
        write_whole("-", json_lines(_as_row(change) for change in changes))
    else:
        for line in _lines(changes):
            click.echo(printable(line))
    return int(bool(changes))


def _as_row(change: Change) -> dict[str, Any]:
    pairs = {name: {"old": old, "new": new} for name, (old, new) in change.fields.items()}
    return {**asdict(change), "fields": pairs, "reasons": [asdict(reason) for reason in change.reasons]}


def _lines(changes: Sequence[Change]) -> list[str]:
    """Return the changes for reading, by kind, each with its fields and reasons."""
    result: list[str] = []
    for kind in dict.fromkeys(change.kind for change in changes):
        group = [change for change in changes if change.kind == kind]
        counts = {word: sum(c.change == word for c in group) for word in ("added", "removed", "changed")}
        result.append(f"{kind}: {', '.join(f'{count} {word}' for word, count in counts.items() if count)}")
        for change in group:
            result.append(f"  {change.change} {change.id}")
            result += [f"    {name}: {_shortened(old, new)}" for name, (old, new) in change.fields.items()]
            result += [f"    why ({reason.version}): {reason.reason}" for reason in change.reasons]
    return result or ["no differences"]


def _shortened(old: object, new: object) -> str:
    """Return both values from shortly before the place where they part."""
    texts = [json.dumps(value, ensure_ascii=False) for value in (old, new)]
    pairs = enumerate(zip(*texts, strict=False))
    start = next((i for i, (a, b) in pairs if a != b), min(map(len, texts))) - SHOWN // 3
    return " → ".join(_piece(text, start if max(map(len, texts)) > SHOWN else 0) for text in texts)


def _piece(text: str, start: int) -> str:
    start = max(start, 0)
    return ("…" if start else "") + text[start : start + SHOWN] + ("…" if len(text) > start + SHOWN else "")
