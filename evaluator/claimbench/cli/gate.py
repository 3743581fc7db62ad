"""claimbench gate."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimbench.cli.belonging import Rule, refuse_idle
from claimbench.cli.output import refuse_targets, write_whole
from claimbench.cli.picking import is_report, report_or_predictions
from claimbench.tasks import NAMES

if TYPE_CHECKING:
    from claimbench.gating.decision import Decision
    from claimbench.gating.settings import Gate, Settings

EPILOG = """\b
Example:  claimbench gate qa new.jsonl --baseline old.json --max-drop f1=0.02

\b
A gate on a slice:   --max-drop 'f1{language=nl}=0.05'
A new baseline:      claimbench gate qa new.jsonl --baseline old.json \\
                       --update-baseline --reason "new model, reviewed"
Exit codes: 0 pass, 1 regression, 2 wrong input, 3 inconclusive,
            4 incomparable.
"""
POLICIES = click.Choice(["allow", "warn", "fail"])

DECIDING = (
    "drops", "floors", "ceilings", "must_pass", "show", "inconclusive", "on_missing", "on_new", "on_removed",
    "junit", "summary", "form", "as_json",
)  # fmt: skip
RULES = (
    Rule(("reason",), "--update-baseline", lambda given: given["update_baseline"]),
    Rule(DECIDING, "gating, not for --update-baseline", lambda given: not given["update_baseline"]),
)


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES), required=False)
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--baseline", metavar="REPORT", help="A report that `score -o` wrote.")
@click.option("--max-drop", "drops", multiple=True, metavar="METRIC=X", help="May become worse by X.")
@click.option("--min", "floors", multiple=True, metavar="METRIC=X", help="Must be at least X.")
@click.option("--max", "ceilings", multiple=True, metavar="METRIC=X", help="Must be at most X.")
@click.option(
    "--must-pass", multiple=True, metavar="ID|FILE", help="Item, or file of ids, that must be right."
)
@click.option("--show", multiple=True, metavar="METRIC", help="Show this metric beside; it decides nothing.")
@click.option("--settings", "path", metavar="FILE", help="YAML, TOML or JSON; else ./pyproject.toml.")
@click.option("--split", help="Split to score; test by default.")
@click.option("--corpus", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--inconclusive", type=click.Choice(["pass", "fail"]), help="Exit 0 or 1 instead of 3.")
@click.option("--on-missing", type=POLICIES, help="Items without a prediction; warn by default.")
@click.option("--on-new", type=POLICIES, help="Items the baseline lacks; fail (exit 4) by default.")
@click.option("--on-removed", type=POLICIES, help="Items only the baseline has; fail by default.")
@click.option("--junit", metavar="FILE", help="Write JUnit XML.")
@click.option("--summary", metavar="FILE", help="Write Markdown, as for $GITHUB_STEP_SUMMARY.")
@click.option("--format", "form", type=click.Choice(["text", "github"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the decision as JSON.")
@click.option("--update-baseline", is_flag=True, help="Make the report of FILE the baseline; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the report.")
@click.pass_context
def command(
    context: click.Context,
    task: str | None,
    file: str | None,
    baseline: str | None,
    drops: tuple[str, ...],
    floors: tuple[str, ...],
    ceilings: tuple[str, ...],
    must_pass: tuple[str, ...],
    show: tuple[str, ...],
    path: str | None,
    split: str | None,
    corpus: str | None,
    inconclusive: str | None,
    on_missing: str | None,
    on_new: str | None,
    on_removed: str | None,
    junit: str | None,
    summary: str | None,
    form: str,
    as_json: bool,
    update_baseline: bool,
    reason: str | None,
) -> int:
    """Has the system that wrote FILE become worse than the baseline? For CI.

    FILE holds predictions, or is a report itself. The verdict rests on the paired interval of the difference:
    pass where it excludes a drop of more than X, regression where it excludes 0 and the drop exceeds X,
    else inconclusive. What is given here overrides the settings.
    """
    import msgspec

    from claimbench.gating import gate

    refuse_idle(context, RULES)
    given = {
        "task": task,
        "predictions": file,
        "baseline": baseline,
        "split": split,
        "corpus": corpus,
        "inconclusive": inconclusive,
        "on_missing": on_missing,
        "on_new": on_new,
        "on_removed": on_removed,
        "must_pass": must_pass,
        "show": show,
    }
    settings = _settings(path)
    bounds = [("max_drop", drops), ("min", floors), ("max", ceilings)]
    gates = _gates(settings, bounds)
    settings = msgspec.structs.replace(
        settings, gates=gates, **{name: value for name, value in given.items() if value}
    )
    chosen, predictions, kept = _needed(settings)
    if update_baseline:
        refuse_targets([kept], (predictions, path))
        return _update(settings, chosen, predictions, kept, reason)
    refuse_targets((junit, summary, "-" if as_json else None), (predictions, kept, path))
    with report_or_predictions(predictions) as after:
        found = gate(chosen, after, kept, settings)
    _write(found, junit, summary)
    if "-" not in (junit, summary):
        _print(found, form, as_json)
    return found.exit_code


def _settings(path: str | None) -> Settings:
    """Return the settings of a file, or of pyproject.toml in the working folder, or none."""
    from claimbench.gating.settings import Settings, has_settings, read_settings

    if path is not None:
        return read_settings(path)
    own = Path("pyproject.toml")
    return read_settings(own) if has_settings(own) else Settings()


def _gates(settings: Settings, bounds: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, Gate]:
    import msgspec

    from claimbench.gating.naming import gauge
    from claimbench.gating.settings import Gate

    gates = {str(gauge(name)): demand for name, demand in settings.gates.items()}
    for kind, entries in bounds:
        seen = set()
        for entry in entries:
            name, _, value = entry.rpartition("=")
            bound = _number(entry, value if name else "")
            metric = str(gauge(name))
            if metric in seen:
                raise click.UsageError(f"'{entry}': a bound of {metric} is given twice")
            seen.add(metric)
            if kind == "max_drop" and value.strip().startswith("-"):
                raise click.UsageError(f"'{entry}': a drop is not negative")
            demand = {**msgspec.structs.asdict(gates.get(metric, Gate())), kind: bound}
            gates[metric] = Gate(**demand)
    return gates


def _number(entry: str, value: str) -> float:
    import math

    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise click.UsageError(f"'{entry}': expected a metric, '=' and a number, as in macro_f1=0.02")
    return found


def _needed(settings: Settings) -> tuple[str, str, str]:
    missing = [
        word
        for word, value in (
            ("TASK", settings.task),
            ("FILE", settings.predictions),
            ("--baseline", settings.baseline),
        )
        if value is None
    ]
    if settings.task is None or settings.predictions is None or settings.baseline is None:
        raise click.UsageError(f"missing {', '.join(missing)}; give it here or in the settings")
    return settings.task, settings.predictions, settings.baseline


def _update(settings: Settings, task: str, predictions: str, baseline: str, reason: str | None) -> int:
    """Write the report of the predictions over the baseline, with the reason in it."""
    from claimbench.errors import IncomparableError, InputError
    from claimbench.reading.jsonl import read_bytes
    from claimbench.report import Report
    from claimbench.scoring import score

    if not (reason or "").strip():
        raise click.UsageError("--update-baseline needs --reason: why is this the system to measure by now?")
    if os.path.exists(baseline) and not is_report(read_bytes(baseline)):
        raise InputError(f"{baseline}: is no report, so no baseline takes its place; name another file")
    with report_or_predictions(predictions) as report:
        if not isinstance(report, Report):
            report = score(task, report, split=settings.split, corpus=settings.corpus)
    if report.task != task or report.items is None:
        raise IncomparableError(f"{predictions}: a baseline is one run on {task}")
    write_whole(baseline, report.sealed(reason).to_json())
    value = report.metrics[report.headline].value
    click.echo(f"wrote {baseline}: {report.headline} {'undef.' if value is None else f'{value:.3f}'}")
    return 0


def _write(found: Decision, junit: str | None, summary: str | None) -> None:
    if junit:
        from claimbench.gating.junit import junit as to_xml

        write_whole(junit, to_xml(found))
    if summary:
        from claimbench.gating.summary import summary as to_markdown

        write_whole(summary, to_markdown(found).encode())


def _print(found: Decision, form: str, as_json: bool) -> None:
    if as_json:
        write_whole("-", found.to_json())
        return
    from claimbench.cli.decisions import print_decision

    print_decision(found)
    if form == "github":
        from claimbench.gating.workflow import workflow_commands

        for line in workflow_commands(found):
            click.echo(line)
