"""claimbench browse."""

from __future__ import annotations

import click

from claimbench.cli.output import printable, write_whole

EPILOG = "Example:  claimbench browse --open"


@click.command(epilog=EPILOG)
@click.option(
    "-o", "--output", metavar="FILE", default="corpus.html", show_default=True, help='"-": print it.'
)
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the web browser.")
def command(output: str, folder: str | None, opened: bool) -> None:
    """Write the corpus as one offline HTML page: articles, claims, facts, items, annotation."""
    from pathlib import Path

    from claimbench.errors import UsageError
    from claimbench.pages import corpus_page
    from claimbench.reading.corpus import load_corpus
    from claimbench.reading.paths import corpus_path

    if opened and output == "-":
        raise UsageError("--open needs a file: '-' prints the page")
    root = corpus_path() if folder is None else Path(folder)
    write_whole(output, corpus_page(load_corpus(root), root / "annotation" / "passes"))
    if output == "-":
        return
    click.echo(f"{printable(output)}: open it in any browser; it needs no network")
    if opened:
        import webbrowser

        webbrowser.open(Path(output).resolve().as_uri())
