"""claimbench browse."""

from __future__ import annotations

import click

from claimbench.cli.belonging import Rule, refuse_idle
from claimbench.cli.output import printable, refuse_targets, write_whole

EPILOG = "Example:  claimbench browse report.json --open"
RULES = (Rule(("folder",), "the corpus; a report needs none", lambda given: given["report"] is None),)


@click.command(epilog=EPILOG)
@click.argument("report", required=False)
@click.option(
    "-o", "--output", metavar="FILE", help='corpus.html or report.html by default; "-": print the page.'
)
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the web browser.")
@click.pass_context
def command(
    context: click.Context, report: str | None, output: str | None, folder: str | None, opened: bool
) -> None:
    """Write the corpus as one offline HTML page: articles, claims, facts, items, annotation.

    With REPORT, a report.json, write what it holds: metrics with intervals, slices, runs, official figures.
    """
    from pathlib import Path

    refuse_idle(context, RULES)
    if opened and output == "-":
        raise click.UsageError("--open needs a file: '-' prints the page")
    output = output or ("corpus.html" if report is None else "report.html")
    refuse_targets([output], [report])
    if report is None:
        write_whole(output, _corpus(folder))
    else:
        from claimbench.cli.html import heading, write_kept
        from claimbench.report import Report

        write_kept(output, Report.load(report), heading([report]))
    if output == "-":
        return
    click.echo(f"{printable(output)}: open it in any browser; it needs no network")
    if opened:
        import webbrowser

        webbrowser.open(Path(output).resolve().as_uri())


def _corpus(folder: str | None) -> bytes:
    from pathlib import Path

    from claimbench.pages import corpus_page
    from claimbench.reading.corpus import load_corpus
    from claimbench.reading.paths import corpus_path

    root = corpus_path() if folder is None else Path(folder)
    return corpus_page(load_corpus(root), root / "annotation" / "passes")
