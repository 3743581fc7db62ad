"""MLQA: extractive answers in seven languages (Lewis et al. 2020), each with its own normal form.

Equals ``mlqa_evaluation_v1.py``, rewritten from its definition; the code itself is CC BY-NC and not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claimbench.formats import squad1
from claimbench.formats.answers import LANGUAGES, mlqa_words
from claimbench.formats.base import Format, Option, Scored, Source
from claimbench.formats.squad import COLUMNS, metrics


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score one context language of MLQA."""
    language = options["language"]
    return squad1.score(gold, predictions, mlqa_words(language), f"mlqa_evaluation_v1 {language}")


FORMAT = Format(
    name="mlqa",
    task="qa",
    title="MLQA: extractive answers in seven languages",
    source=Source(
        "github.com/facebookresearch/MLQA",
        "mlqa_evaluation_v1.py",
        "24bf470b2e68f2bfb93b2fd31c370bb8ee18d9ed",
        "CC BY-NC 4.0 (definition only)",
    ),
    options={"language": Option("de", "language of the contexts", LANGUAGES)},
    figures=squad1.FIGURES,
    quirks=(
        "Punctuation is what the interpreter's Unicode tables call so.",
        "The Arabic article is removed inside words too.",
        *squad1.QUIRKS,
    ),
    headline="f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
