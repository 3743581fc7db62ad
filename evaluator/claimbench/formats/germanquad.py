"""GermanQuAD: questions about German Wikipedia articles (Möller et al. 2021).

The benchmark has no scorer of its own; its authors reported exact match and F1 by SQuAD's rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claimbench.formats import squad1
from claimbench.formats.answers import squad_words
from claimbench.formats.base import Format, Option, Scored, Source
from claimbench.formats.squad import COLUMNS, metrics


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score GermanQuAD."""
    text_ids = options["ids"] == "text"
    return squad1.score(gold, predictions, squad_words, "SQuAD evaluate-v1.1", text_ids=text_ids)


FORMAT = Format(
    name="germanquad",
    task="qa",
    title="GermanQuAD: questions about German Wikipedia articles",
    source=Source(
        "huggingface.co/datasets/deepset/germanquad",
        "(no scorer; SQuAD's evaluate-v1.1.py)",
        "GermanQuAD_test.json",
        "Apache-2.0 (rules); data CC BY 4.0",
    ),
    options={"ids": Option("text", "integer ids read as text, or left as they are", ("text", "as_shipped"))},
    figures=squad1.FIGURES,
    quirks=(
        "The question ids are integers: left as shipped, the scorer finds no prediction and stops.",
        "English articles are removed, German ones are not; the format mlqa with language=de removes those.",
        *squad1.QUIRKS[:2],
    ),
    headline="f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
