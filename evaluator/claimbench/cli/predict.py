"""claimbench predict."""

from __future__ import annotations

from functools import partial

import click

from claimbench.cli.output import json_lines, write_whole
from claimbench.tasks import NAMES

EPILOG = "Example:  claimbench predict verification --system tfidf -o predictions.jsonl"


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES))
@click.option("--system", "name", required=True, metavar="NAME", help="An installed system.")
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Where to write; standard output by default."
)
@click.option(
    "--split", type=click.Choice(["train", "validation", "test"]), default="test", show_default=True
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed for systems that draw.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--json", "_as_json", is_flag=True, help="Accepted for symmetry: the output is JSON lines.")
def command(
    task: str, name: str, output: str, split: str, seed: int, folder: str | None, _as_json: bool
) -> None:
    """Let a system predict the items of TASK; it never sees the gold it is asked for."""
    from claimbench.cli.tables import tracked
    from claimbench.reading.corpus import load_corpus
    from claimbench.systems import load_system, predict

    system = load_system(name)
    watch = partial(tracked, message=f"{task}: {name} is predicting", quiet=False)
    rows = predict(task, system, load_corpus(folder), split, seed, watch=watch)  # type: ignore[arg-type]  # Choice
    write_whole(output, json_lines(rows))
