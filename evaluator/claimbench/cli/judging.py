"""What the options of ``claimbench score`` that settle open claims do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from claimbench.cli.output import json_lines, write_whole
from claimbench.errors import UsageError

if TYPE_CHECKING:
    from claimbench.report import Report


def score_settled(
    task: str,
    files: tuple[str, ...],
    *,
    split: str,
    fields: Sequence[str] | None,
    folder: str | None,
    judgements: tuple[str, ...],
    queue: str | None,
) -> Report:
    """Return the report of extraction with ``judgements``; write what is left unjudged to ``queue``."""
    import msgspec

    from claimbench.judging.adjudicating import score_extraction
    from claimbench.judging.judgements import read_judgements
    from claimbench.reading.corpus import load_corpus
    from claimbench.tasks.extraction import TASK

    if task != "extraction":
        raise UsageError(f"--judgements and --unjudged are about claims found in articles, not about {task}")
    corpus = load_corpus(folder, only=TASK.needs)
    decisions = read_judgements(judgements, corpus)
    report, left = score_extraction(files, corpus, decisions=decisions, split=split, by=fields)
    if queue:
        write_whole(queue, json_lines(json.loads(msgspec.json.encode(record)) for record in left))
        click.echo(f"{len(left)} unjudged claims written to {queue}", err=True)
    return report
