"""XQuAD: SQuAD 1.1 questions in eleven languages (Artetxe et al. 2020), scored by SQuAD's English rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claimbench.formats import squad1
from claimbench.formats.answers import squad_words
from claimbench.formats.base import Format, Scored, Source
from claimbench.formats.squad import COLUMNS, metrics


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score one language of XQuAD."""
    return squad1.score(gold, predictions, squad_words, "SQuAD evaluate-v1.1, as XQuAD and XTREME use it")


FORMAT = Format(
    name="xquad",
    task="qa",
    title="XQuAD: questions about Wikipedia articles in eleven languages",
    source=Source(
        "github.com/google-deepmind/xquad",
        "README.md (names SQuAD's evaluate-v1.1.py)",
        "60cac411649156efb6aab9dd4c9cde787a2c0345",
        "Apache-2.0 (rules); data CC BY-SA 4.0",
    ),
    options={},
    figures=squad1.FIGURES,
    quirks=(
        "English articles and ASCII punctuation are removed in every language; the format mlqa knows others.",
        *squad1.QUIRKS,
    ),
    headline="f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
