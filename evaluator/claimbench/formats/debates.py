"""Reading CheckThat! debates and tweets: gold with labels, predictions with scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from claimbench.errors import Problem
from claimbench.formats.ranking import Debate
from claimbench.formats.tables import text_lines
from claimbench.reading.jsonl import Problems


class Layout(NamedTuple):
    """Which columns of gold and predictions hold what."""

    columns: int
    line: int
    label: int
    predicted_columns: int
    predicted_line: int
    score: int


DEBATE = Layout(4, 0, 3, 2, 0, 1)
TWEETS = Layout(6, 1, 5, 4, 1, 2)


class Gold(msgspec.Struct, frozen=True):
    """The lines of a gold file: their labels, topics ("" in debates), and how many repeat an earlier line."""

    layout: Layout
    labels: Mapping[int, int]
    topics: Sequence[str]
    repeated: int


def _read_gold(path: str, problems: Problems) -> Gold:
    """Read a gold file; of a line that is given twice the last label counts."""
    layout, labels, topics, count = DEBATE, dict[int, int](), dict[int, str](), 0
    for number, text in text_lines(path):
        cells = text.strip().split("\t")
        if number == 1:
            layout = TWEETS if len(cells) == TWEETS.columns else DEBATE
        if layout is TWEETS and cells[0] == "topic_id":
            continue
        try:
            line, label = _cells(cells, layout.columns, {layout.line: int, layout.label: int})
        except ValueError as error:
            problems.add(Problem(path, number, "", str(error)))
            continue
        count += 1
        labels[line] = label
        topics[line] = cells[0] if layout is TWEETS else ""
    if not labels:
        problems.add(Problem(path, 0, "", "holds no line"))
    return Gold(layout, labels, [topics[line] for line in labels], count - len(labels))


def _read_scores(path: str, gold: Gold, problems: Problems) -> list[tuple[int, float]]:
    scores = []
    layout = gold.layout
    for number, text in text_lines(path):
        cells = text.split("\t")
        kinds = {layout.predicted_line: int, layout.score: float}
        try:
            line, score = _cells(cells, layout.predicted_columns, kinds)
        except ValueError as error:
            problems.add(Problem(path, number, "", str(error)))
            continue
        if line not in gold.labels:
            problems.add(
                Problem(path, number, "", f"the gold has no line {line} (the scorer quits silently)")
            )
            continue
        scores.append((line, score))
    return scores


def _cells(cells: list[str], columns: int, kinds: Mapping[int, type[int] | type[float]]) -> list[Any]:
    """Return the numbers in some cells of a line. Raises ValueError with what was expected."""
    if len(cells) != columns:
        raise ValueError(f"expected {columns} columns separated by tabs, found {len(cells)}")
    found = []
    for place, kind in kinds.items():
        try:
            found.append(kind(cells[place].strip()))
        except ValueError:
            what = "a whole number" if kind is int else "a number"
            raise ValueError(f"column {place + 1}: expected {what}, found '{cells[place]}'") from None
    return found


def read_debates(gold: Sequence[str], predictions: Sequence[str]) -> tuple[list[Gold], list[Debate]]:
    """Return gold files and, paired in order, what was predicted of their lines.

    Raises InputError where a file cannot be read, ProblemsError with every line that is not as expected.
    """
    problems = Problems()
    golds = [_read_gold(path, problems) for path in gold]
    debates = [
        Debate(Path(path).stem, found.labels, _read_scores(other, found, problems))
        for path, found, other in zip(gold, golds, predictions, strict=True)
    ]
    problems.raise_if_any()
    return golds, debates
