"""claimbench predict."""

from __future__ import annotations

from functools import partial

import click

from claimbench.cli.belonging import Rule, refuse_idle
from claimbench.cli.output import json_lines, refuse_targets, write_whole
from claimbench.records import Split
from claimbench.tasks import NAMES

EPILOG = "Example:  claimbench predict verification --system tfidf -o predictions.jsonl"
RULES = (Rule(("address",), "--engine ray", lambda given: given["engine"] == "ray"),)


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
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="Ray cluster; a new one on this machine by default.")
@click.option("--json", "_as_json", is_flag=True, help="Accepted for symmetry: the output is JSON lines.")
@click.pass_context
def command(
    context: click.Context,
    task: str,
    name: str,
    output: str,
    split: Split,
    seed: int,
    folder: str | None,
    engine: str,
    address: str | None,
    _as_json: bool,
) -> None:
    """Let a system predict the items of TASK; it never sees the gold it is asked for."""
    from claimbench.cli.tables import tracked
    from claimbench.reading.corpus import load_corpus
    from claimbench.systems import load_system, predict

    refuse_idle(context, RULES)
    refuse_targets([output])
    if engine == "ray":
        from claimbench.bulk.ray_cluster import predict_on_ray

        rows = predict_on_ray(task, name, load_corpus(folder), split, seed, address)
    else:
        watch = partial(tracked, message=f"{task}: {name} is predicting", quiet=False)
        rows = predict(task, load_system(name), load_corpus(folder), split, seed, watch=watch)
    write_whole(output, json_lines(rows))
