"""claimbench run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from claimbench.cli.output import json_lines, refuse_targets, write_whole
from claimbench.tasks import NAMES

if TYPE_CHECKING:
    from claimbench.pages import Section
    from claimbench.reading.corpus import Corpus

EPILOG = "Example:  claimbench run --system majority"


@click.command(epilog=EPILOG)
@click.option(
    "--system", "name", default="tfidf", show_default=True, metavar="NAME", help="Installed system."
)
@click.option("--task", "tasks", type=click.Choice(NAMES), multiple=True, help="Only this task; may repeat.")
@click.option("--split", type=click.Choice(["validation", "test"]), default="test", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed for systems that draw.")
@click.option("--html", metavar="FILE", help="Write all tasks with every item as one offline page.")
@click.option("--json", "as_json", is_flag=True, help="Print one report a line as JSON.")
def command(
    name: str, tasks: tuple[str, ...], split: str, seed: int, html: str | None, as_json: bool
) -> None:
    """Predict with a baseline on the shipped corpus, score, and print a table for each task."""
    import json

    from claimbench.cli.html import floors, write_report
    from claimbench.cli.tables import busy
    from claimbench.reading.corpus import load_corpus
    from claimbench.scoring import scored
    from claimbench.systems import load_system

    refuse_targets([html, "-" if as_json else None])
    silent = as_json or html == "-"
    corpus = load_corpus()
    wanted = _wanted(tasks, load_system(name).tasks, name, split)
    sections: list[Section] = []
    for task in wanted:
        lines = _lines(task, name, corpus, split, seed, quiet=silent)
        with busy(f"{task}: scoring, and the floors beside it", quiet=silent):
            result = scored(task, lines, split=split, corpus=corpus)
            plain = as_json and not html
            beside = {} if plain else floors(task, corpus, result.report.own_split, seed, but=name)
        if html:
            from claimbench.pages import Section

            sections.append(Section(result, beside))
        if as_json:
            write_whole("-", json_lines([json.loads(result.report.to_json())]))
        if silent:
            continue
        from claimbench.cli.tables import print_report

        print_report(result.report, beside=beside)
        click.echo()
    if html:
        write_report(html, sections, name)
    if not silent:
        click.echo(_next_steps(name))


def _wanted(tasks: tuple[str, ...], able: frozenset[str], name: str, split: str) -> list[str]:
    """Return the tasks to run, saying on standard error which are left out and why."""
    wanted = []
    for task in tasks or NAMES:
        if task not in able:
            reason = f"{name} does not do it"
        elif split != "test" and task in ("detection", "extraction"):
            reason = "its items are all in 'test'"
        else:
            wanted.append(task)
            continue
        click.echo(f"{task} is left out: {reason}", err=True)
    if not wanted:
        raise click.UsageError("no task is left to run")
    return wanted


def _lines(task: str, name: str, corpus: Corpus, split: str, seed: int, quiet: bool) -> list[dict[str, Any]]:
    from claimbench.cli.tables import tracked
    from claimbench.systems import load_system, predict

    watch = partial(tracked, message=f"{task}: {name} is predicting", quiet=quiet)
    return predict(task, load_system(name), corpus, split, seed, watch=watch)  # type: ignore[arg-type]  # Choice


def _next_steps(name: str) -> str:
    return (
        "Next, with a system of your own:\n"
        "  claimbench items verification -o items.jsonl      what it gets\n"
        "  claimbench score verification predictions.jsonl   what it scores\n"
        f"  claimbench predict verification --system {name}    what it may look like"
    )
