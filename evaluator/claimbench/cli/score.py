"""claimbench score."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
import msgspec

from claimbench.cli import made
from claimbench.cli.belonging import Rule, refuse_idle
from claimbench.cli.output import importing, refuse_targets, write_whole
from claimbench.tasks import NAMES

if TYPE_CHECKING:
    from claimbench.report import Report
    from claimbench.scoring import Scored

R = TypeVar("R")
METHODS = ("jackknife", "bootstrap", "none")
EPILOG = "Example:  claimbench score verification predictions.jsonl -o report.json"
LARGE = 1 << 23
"""Bytes of files for which preparing pays."""

SETTLING = ("queue", "judgements", "judge", "replay")


def _own(given: Mapping[str, Any]) -> bool:
    return given["format_name"] is None


def _settled(given: Mapping[str, Any]) -> bool:
    return any(given[name] for name in SETTLING)


def _plain(given: Mapping[str, Any]) -> bool:
    return _own(given) and not _settled(given) and given["html"] is None


RULES = (
    Rule(("gold", "given", "profile"), "--format", lambda given: not _own(given)),
    Rule(("split", "folder", "run_from_name", *SETTLING), "tasks without --format", _own),
    Rule(("ci", "seed"), "tasks without --format, whose intervals are the jackknife's", _own),
    Rule(("seed",), "--ci bootstrap", lambda given: given["ci"] == "bootstrap"),
    Rule(("queue", "judgements"), "extraction", lambda given: given["task"] == "extraction"),
    Rule(("judge", "replay"), "extraction and qa", lambda given: given["task"] in ("extraction", "qa")),
    Rule(("replay",), "the judge that --judge names", lambda given: given["judge"] is not None),
    Rule(("address",), "--engine ray", lambda given: given["engine"] == "ray"),
    Rule(
        ("engine",),
        "scoring without --format, --html, judgements and judge",
        lambda given: given["engine"] == "local" or _plain(given),
    ),
    Rule(
        ("workers",),
        "scoring without --html, judgements and judge",
        lambda given: given["workers"] == 1 or not _own(given) or _plain(given),
    ),
)


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--split", default="test", show_default=True, help="Split to score: train, validation, test.")
@click.option("--by", "fields", multiple=True, metavar="FIELD", help="Slice by this field only; may repeat.")
@click.option("--metrics", metavar="NAMES", help="Give these beside the headline, such as f1,ece(bins=15).")
@click.option(
    "--ci",
    type=click.Choice(METHODS),
    default="jackknife",
    show_default=True,
    help="Intervals by; runs are tested by the jackknife.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the bootstrap.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--run-from-name", is_flag=True, help="Make each FILE a run, named by the file.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes on this machine."
)
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="Ray cluster; a new one on this machine by default.")
@click.option("--unjudged", "queue", metavar="FILE", help="Extraction: write claims left to decide.")
@click.option("--judgements", multiple=True, metavar="FILE", help="Extraction: what was decided; may repeat.")
@click.option("--judge", metavar="FILE", help="Extraction, qa: ask the language model a TOML file names.")
@click.option("--judge-replay", "replay", is_flag=True, help="Take the judge's replies from its cache only.")
@click.option("--format", "format_name", metavar="NAME", help="Foreign format; see: claimbench formats.")
@click.option("--gold", multiple=True, metavar="FILE", help="Gold of the foreign format; may repeat.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Option of the foreign format.")
@click.option("--profile", type=click.Choice(("house", "official")), default="house", help="Shown first.")
@click.option("-o", "--output", metavar="FILE", help="Write the report as JSON.")
@click.option("--html", metavar="FILE", help="Write one offline page; with every item where possible.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Score the predictions in FILE... on TASK.

    FILE is JSON lines (plain, gzip or zstd), Parquet or Arrow, a quoted glob, or "-" for standard input. All
    files form one set: shards where their lines name runs, one run otherwise.

    Workers share files, plain ones also in stretches and tables by row groups: a gzip or zstd file, an Arrow
    stream and a single row group are read by one worker.
    """
    refuse_idle(context, RULES)
    wanted = _Wanted(**given)
    sources = (*wanted.files, *wanted.gold, *wanted.judgements, wanted.judge)
    refuse_targets(wanted.targets, sources)
    if _large((*wanted.files, *wanted.gold)):
        _with_room()
    scored = None
    if wanted.format_name is not None:
        report = _foreign(wanted)
    elif _settled(given):
        report = _with_settled(wanted)
    elif wanted.html:
        scored = _with_items(wanted)
        report = scored.report
    else:
        report = _in_bulk(wanted)
    _give(wanted, report, scored)


class _Wanted(msgspec.Struct, frozen=True):
    """What the command was given, by the names of its parameters."""

    task: str
    files: tuple[str, ...]
    split: str
    fields: tuple[str, ...]
    metrics: str | None
    ci: str
    seed: int
    folder: str | None
    run_from_name: bool
    workers: int
    engine: Literal["local", "ray"]
    address: str | None
    queue: str | None
    judgements: tuple[str, ...]
    judge: str | None
    replay: bool
    format_name: str | None
    gold: tuple[str, ...]
    given: tuple[str, ...]
    profile: str
    output: str | None
    html: str | None
    as_json: bool

    @property
    def targets(self) -> tuple[str | None, ...]:
        """What is written where; what is printed instead of the table counts as written to "-"."""
        return self.output, self.html, self.queue, "-" if self.as_json else None

    @property
    def by(self) -> tuple[str, ...] | None:
        """The fields to slice by; None for all there are."""
        return self.fields or None

    @property
    def names(self) -> list[str] | None:
        """The metrics beside the headline; None for all there are."""
        return self.metrics.split(",") if self.metrics else None

    def told(self, how: Callable[..., R]) -> partial[R]:
        """Return a way of scoring a task of ours, told what its report is to hold."""
        return partial(
            how,
            self.task,
            self.files,
            split=self.split,
            corpus=self.folder,
            by=self.by,
            metrics=self.names,
            ci=self.ci,
            seed=self.seed,
            run_from_name=self.run_from_name,
        )


def _foreign(wanted: _Wanted) -> Report:
    with _others((*wanted.files, *wanted.gold), wanted.workers, "claimbench.formats.parts"):
        from claimbench.formats.scoring import score_format

        return score_format(
            wanted.task,
            wanted.files,
            format=wanted.format_name or "",
            gold=wanted.gold,
            options=_options(wanted.given),
            by=wanted.by,
            metrics=wanted.names,
            workers=wanted.workers,
        )


def _with_settled(wanted: _Wanted) -> Report:
    from claimbench.cli.judging import score_settled
    from claimbench.scoring import score

    return score_settled(
        wanted.task,
        wanted.files,
        split=wanted.split,
        fields=wanted.by,
        folder=wanted.folder,
        judgements=wanted.judgements,
        queue=wanted.queue,
        judge=wanted.judge,
        replay=wanted.replay,
        how=partial(
            score,
            metrics=wanted.names,
            ci=wanted.ci,
            seed=wanted.seed,
            run_from_name=wanted.run_from_name,
        ),
    )


def _with_items(wanted: _Wanted) -> Scored:
    from claimbench.scoring import scored

    return wanted.told(scored)()


def _in_bulk(wanted: _Wanted) -> Report:
    # Comparing texts takes longest to import.
    module = "claimbench.bulk.answers" if wanted.task == "qa" else "claimbench.bulk.tally"
    with _others(wanted.files, wanted.workers, module):
        from claimbench.scoring import score

        return wanted.told(score)(workers=wanted.workers, engine=wanted.engine, address=wanted.address)


def _give(wanted: _Wanted, report: Report, scored: Scored | None) -> None:
    """Write and print what was asked for; ``scored`` has the items of the report where they are known."""
    made.append(report)
    printed = "-" not in wanted.targets
    if wanted.output:
        with importing("rich.console", "rich.table") if printed else nullcontext():
            write_whole(wanted.output, report.pieces())
    if wanted.html:
        from claimbench.cli.html import heading, section, write_kept, write_report

        if scored is None:
            write_kept(wanted.html, report, heading(wanted.files))
        else:
            write_report(wanted.html, [section(scored, wanted.ci)], heading(wanted.files))
    if wanted.as_json:
        write_whole("-", report.pieces())
    if printed:
        from claimbench.cli.tables import print_report

        print_report(report, official_first=wanted.profile == "official")


def _large(files: Sequence[str]) -> bool:
    return sum(os.path.getsize(file) for file in files if os.path.isfile(file)) >= LARGE


def _with_room() -> None:
    """Decide where memory comes from, before it is asked for."""
    from claimbench.processes import keep_memory

    # Arrow's own allocator keeps what threads gave back.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    keep_memory()


def _others(files: Sequence[str], workers: int, module: str) -> AbstractContextManager[None]:
    """Start the processes that are to share large files, importing ``module`` while this one does."""
    # Tables are shared among threads; that a name tells what they are is a guess that may be wrong.
    if workers == 1 or not _large(files) or any(file.endswith((".parquet", ".arrow")) for file in files):
        return nullcontext()
    from claimbench.processes import prepared

    return prepared(workers, module)


def _options(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"--set {text}: expected KEY=VALUE")
        if name in found:
            raise click.UsageError(f"--set {name}: is given twice")
        found[name] = value
    return found
