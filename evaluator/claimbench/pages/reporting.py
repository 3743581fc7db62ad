"""A report as a page: the headline in its context, where it comes from, and every item behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from claimbench._version import __version__
from claimbench.pages.entries import Entry, entries
from claimbench.pages.leaderboard import companions, leaderboard
from claimbench.pages.plots import path, point
from claimbench.pages.rendering import page
from claimbench.pages.shown import plain, shown
from claimbench.pages.single import single
from claimbench.reading.corpus import Corpus
from claimbench.report import Report
from claimbench.scoring import Scored

MOST_ENTRIES = 20_000
"""Items of a page over all its runs; runs past it are on the leaderboard only."""


class Section(msgspec.Struct, frozen=True, eq=False):
    """What a page shows of one task: the scored predictions, and the reports of trivial systems."""

    scored: Scored
    floors: Mapping[str, Report]


def report_page(sections: Sequence[Section], heading: str) -> bytes:
    """Return one page for the tasks scored, with the items of all of them. ``heading`` is untrusted."""
    shown_entries, runs, left_out = _entries(sections)
    first = sections[0].scored.report
    context = {
        "version": __version__,
        "title": f"{plain(shown(heading, 80))} · {first.task} · claimbench",
        "heading": heading,
        "sections": [_section(section, shown_entries) for section in sections],
        "items": True,
        "left_out": left_out,
        "point": point,
        "diagonal": path([(0.0, 0.0), (1.0, 1.0)]),
    }
    data = {
        "kind": "report",
        "systems": ["predicted"],
        "runs": [shown(run or "(no name)", 80) for run in runs],
        "entries": shown_entries,
        "articles": articles(sections[0].scored.corpus, shown_entries),
    }
    return page("report.html.jinja", ("base.js", "browser.js", "items.js"), context, data)


def articles(corpus: Corpus, found: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """Return what a page needs of the articles that entries mark: text, language, title, sentences."""
    wanted = {mark.article for entry in found for mark in entry.marks}
    return {
        article.id: {
            "language": article.language,
            "title": article.title,
            "text": article.text,
            "sentences": [(s.id, s.start, s.end) for s in article.sentences],
            "segments": [(s.kind, s.start, s.end) for s in article.segments],
        }
        for article in corpus.articles
        if article.id in wanted
    }


def _entries(sections: Sequence[Section]) -> tuple[list[Entry], list[str], str]:
    """Return the entries of all runs that fit, the names of these runs, and what was left out."""
    found: list[Entry] = []
    names: list[str] = []
    left_out = 0
    for section in sections:
        runs = [run.run for run in section.scored.report.ranked()] or list(section.scored.predictions)
        for run in runs:
            number = names.index(run) if run in names else len(names)
            more = [] if left_out else entries(section.scored, run, number)
            if left_out or (found and len(found) + len(more) > MOST_ENTRIES):
                left_out += 1
                continue
            names += [run] * (number == len(names))
            found += more
    note = f"The page holds at most {MOST_ENTRIES:,} items: those of {left_out} more runs are left out."
    return found, names, note if left_out else ""


def _section(section: Section, found: list[Entry]) -> dict[str, Any]:
    report = section.scored.report
    context = described(report, section.floors)
    if report.runs:
        return context
    mine = [entry for entry in found if entry.task == report.task]
    return context | single(section.scored, section.floors, mine)


def described(report: Report, floors: Mapping[str, Report]) -> dict[str, Any]:
    """Return what the template of any report takes."""
    return {
        "task": report.task,
        "of": report.format or f"{report.split} split",
        "headline": report.headline,
        "signature": report.signature,
        "counts": _counts(report),
        "leaderboard": leaderboard(report, floors),
        "runs": len(report.runs),
        "companions": companions(report),
        "notes": [*report.notes, *([f"Made the baseline because: {report.reason}"] if report.reason else [])],
        "refused": report.refused,
        "official": report.official,
    }


def _counts(report: Report) -> str:
    counts = report.counts
    said = [f"{counts.items:,} items"]
    said += [f"{n:,} {name}" for name in ("missing", "abstained", "invalid") if (n := getattr(counts, name))]
    if counts.other_split:
        said.append(f"{counts.other_split:,} of other splits ignored")
    return ", ".join(said)
