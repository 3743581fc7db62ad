"""What the options that settle open claims do: decisions of people, a judge."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from claimbench.cli.output import json_lines, write_whole
from claimbench.cli.tables import busy
from claimbench.errors import UsageError

if TYPE_CHECKING:
    from claimbench.judging.judge import Judge
    from claimbench.reading.corpus import Corpus
    from claimbench.records import Split
    from claimbench.report import Report


def load_judge(path: str | None, replay: bool) -> Judge | None:
    """Return the judge of a TOML file; None without a path.

    It only replays its cache where ``replay`` says so, or in CI (the environment variable CI is set). Raises
    UsageError where the environment lacks the key that the file names.
    """
    if path is None:
        if replay:
            raise UsageError("--judge-replay replays the judge that --judge names")
        return None
    from claimbench.judging.cache import read_cache
    from claimbench.judging.config import read_config
    from claimbench.judging.endpoint import endpoint
    from claimbench.judging.judge import Judge

    config = read_config(path)
    entries = read_cache(config.cache)
    if replay or os.environ.get("CI"):
        return Judge(config, entries)
    variable = config.api_key_variable
    if variable and variable not in os.environ:
        raise UsageError(f"{path}: the environment variable '{variable}' is not set; a replay needs none")
    return Judge(config, entries, endpoint(config, os.environ.get(variable, "")))


def judged_pairs(judge: Judge, corpus: Corpus, split: Split) -> tuple[str, ...]:
    """Ask about all gold pairs of a split, and of validation for the threshold; return what came of it."""
    from claimbench.judging.scoring import said, trusted
    from claimbench.judging.trust import claim_pairs, confusion

    pairs = list(claim_pairs(corpus, split))
    held_out = [] if split == "validation" else list(claim_pairs(corpus, "validation"))
    asked = [pair.request for pair in (*pairs, *held_out)]
    judge.prepare(asked)
    return said(judge, asked), trusted(confusion(judge, pairs))


def score_settled(
    task: str,
    files: tuple[str, ...],
    *,
    split: str,
    fields: Sequence[str] | None,
    folder: str | None,
    judgements: tuple[str, ...],
    queue: str | None,
    judge: str | None,
    replay: bool,
    how: Callable[..., Report],
) -> Report:
    """Return the report with ``judgements`` and ``judge``; write what is left unjudged to ``queue``.

    ``task`` is extraction, or qa with a judge. ``how`` is ``claimbench.score``, told which metrics and
    intervals are wanted.
    """
    from claimbench.judging.judgements import read_judgements
    from claimbench.judging.scoring import score_extraction, score_qa
    from claimbench.reading.corpus import load_corpus

    asked = load_judge(judge, replay)
    corpus = load_corpus(folder)
    decisions = read_judgements(judgements, corpus)
    with busy("comparing", quiet=False):
        if task == "qa" and asked:
            return score_qa(files, corpus, asked, split=split, by=fields, how=how)
        report, left = score_extraction(
            files, corpus, decisions=decisions, judge=asked, split=split, by=fields, how=how
        )
    if queue:
        import msgspec

        write_whole(queue, json_lines(json.loads(msgspec.json.encode(record)) for record in left))
        click.echo(f"{len(left)} unjudged claims written to {queue}", err=True)
    return report
