"""claimbench matchers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from claimbench.cli.output import json_lines, printable, write_whole
from claimbench.cli.tables import busy, console, interval, number, tracked
from claimbench.records import SPLITS, Split

if TYPE_CHECKING:
    from rich.table import Table

    from claimbench.matchers import Figures
    from claimbench.matchers.evaluation import Errors

JUDGE = "judge"
"""The name of a judge among the matchers."""
EPILOG = "Example:  claimbench matchers --split validation"

NOTE = """\
AUROC and AP: ranking matches before other pairs. F1: calling them at the
threshold that is best on the validation pairs of the same setting.
Brackets: 95 % intervals over components. Below: the share of pairs called
wrong at that threshold; "fact" pairs match, the others do not."""


@click.command(epilog=EPILOG)
@click.option("--split", type=click.Choice(SPLITS), default="test", show_default=True, help="Whose pairs.")
@click.option(
    "--embedding",
    "models",
    metavar="MODEL",
    multiple=True,
    help="Also the cosine of a sentence-transformers model (a name or a folder); may repeat.",
)
@click.option("--judge", "judged", metavar="FILE", help="Also the language model that a TOML file names.")
@click.option("--judge-replay", "replay", is_flag=True, help="Take the judge's replies from its cache only.")
@click.option("--json", "as_json", is_flag=True, help="Print one matcher and setting a line as JSON.")
def command(split: Split, models: tuple[str, ...], judged: str | None, replay: bool, as_json: bool) -> None:
    """Print how well text matchers tell wordings of one fact from statements of others.

    The pairs come from the corpus: claims and facts in several wordings match; near facts, claims that share
    words and contrast partners do not. "claimbench" is what extraction is scored with.
    """
    from claimbench.matchers import SETTINGS, embedding, evaluate, labelled_pairs, matchers
    from claimbench.reading.corpus import load_corpus
    from claimbench.text.normalise import VERSION

    corpus = load_corpus()
    with busy("learning and asking", quiet=as_json):
        known = matchers(map(corpus.sentence_text, corpus.sentences))
        known |= {model: embedding(model) for model in models}
        notes: tuple[str, ...] = ()
        if judged or replay:
            from claimbench.cli.judging import judged_pairs, load_judge

            judge = load_judge(judged, replay)
            if judge:
                notes = judged_pairs(judge, corpus, split)
                known[JUDGE] = judge.matcher()
    results = evaluate(labelled_pairs(corpus), known, split)
    found = tuple(tracked(results, len(SETTINGS) * len(known), "comparing texts", quiet=as_json))
    if as_json:
        lines = ({"text_version": VERSION, **to_builtins(figures)} for figures in found)
        write_whole("-", json_lines(lines))
    else:
        _print(found, split)
        console().print(f"{NOTE}\nText comparison: version {VERSION}", style="dim")
    for note in notes:
        click.echo(printable(note), err=as_json)


def _print(found: Sequence[Figures], split: Split) -> None:
    out = console()
    for setting in dict.fromkeys(figures.setting for figures in found):
        rows = [figures for figures in found if figures.setting == setting]
        out.print(
            f"{setting} · {split} · {rows[0].pairs} pairs, {rows[0].matches} of them match", style="bold"
        )
        scores = _table("AUROC", "AP", "F1")
        errors = _table(*(f"{kind} ({each.pairs})" for kind, each in rows[0].errors.items()))
        for figures in rows:
            cells = (f"{number(each.value)} {interval(each.interval)}" for each in figures.metrics.values())
            scores.add_row(_short(figures.matcher), *cells)
            errors.add_row(_short(figures.matcher), *map(_wrong, figures.errors.values()))
        out.print(scores)
        out.print(errors)


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("matcher", overflow="fold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def _wrong(errors: Errors) -> str:
    return f"{errors.wrong / errors.pairs:.1%}" if errors.pairs else "–"


def _short(name: str) -> str:
    """Return a matcher's name for the table; a model's is the last part of its path."""
    return printable(name).rstrip("/").rpartition("/")[2]
