"""What the commands that write a page share: the floors beside a score, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claimbench.cli.output import write_whole

if TYPE_CHECKING:
    from claimbench.pages import Section
    from claimbench.reading.corpus import Corpus
    from claimbench.records import Split
    from claimbench.report import Report
    from claimbench.scoring import Scored

FLOORS = ("majority", "random")
"""Installed systems that understand nothing; what they score is the floor of a task."""


def floors(
    task: str, corpus: Corpus, split: Split, seed: int = 0, *, but: str = "", ci: str = "jackknife"
) -> dict[str, Report]:
    """Return the reports of the trivial systems that are installed and can do it, except one."""
    from claimbench.errors import FailedSystemError
    from claimbench.scoring import score
    from claimbench.systems import installed, load_system, predict

    found = {}
    for name in FLOORS:
        if name not in installed() or name == but:
            continue
        try:
            lines = predict(task, load_system(name), corpus, split, seed)
        except FailedSystemError:  # a corpus of one's own may have nothing to learn from; the score stands
            continue
        found[name] = score(task, lines, split=split, corpus=corpus, ci=ci)
    return found


def section(scored: Scored, ci: str) -> Section:
    """Return what a page shows of scored predictions, with the floors of their task and split."""
    from claimbench.pages import Section

    return Section(scored, floors(scored.report.task, scored.corpus, scored.report.own_split, ci=ci))


def heading(files: Sequence[str]) -> str:
    """Return what a page of some files is called: their names."""
    from pathlib import Path

    from claimbench.text.printing import encodable

    return encodable(", ".join(Path(file).name for file in files))


def write_report(path: str, sections: Sequence[Section], heading: str) -> None:
    """Write a report as a page."""
    from claimbench.pages import report_page

    write_whole(path, report_page(sections, heading))


def write_kept(path: str, report: Report, heading: str) -> None:
    """Write what a report alone holds as a page."""
    from claimbench.pages import kept_page

    write_whole(path, kept_page(report, heading))
