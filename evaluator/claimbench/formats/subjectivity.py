"""CheckThat! 2025 task 1: is a sentence subjective?

Equals ``task1/scorer/evaluate.py``, which reads with pandas: ids that all look like numbers meet as numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

import msgspec

from claimbench.errors import Problem, ProblemsError
from claimbench.formats.base import Format, House, Scored, Source, only
from claimbench.formats.labelled import COLUMNS, OF_LABELS, label_rows, metrics
from claimbench.formats.labels import label_scores, mean
from claimbench.formats.lines import file_digest
from claimbench.formats.tables import text_lines
from claimbench.report import Counts, Official

SUBJECTIVE = "SUBJ"
FIGURES = ("macro-F1", "macro-P", "macro-R", "SUBJ-F1", "SUBJ-P", "SUBJ-R", "accuracy")

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_NOTHING = frozenset(
    ("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A")
) | frozenset(("NA", "NULL", "NaN", "None", "n/a", "nan", "null"))
"""What pandas reads as no value."""


class _Table(msgspec.Struct, frozen=True):
    ids: list[str]
    labels: list[str]


def _read_table(path: str) -> _Table:
    """Read two columns. Raises ProblemsError where one is missing or a line is longer than the header."""
    lines = [(number, text.split("\t")) for number, text in text_lines(path) if text.strip(" ")]
    header = lines[0][1] if lines else []
    for name in ("sentence_id", "label"):
        if name not in header:
            raise ProblemsError(
                [Problem(path, 1, "", f"expected a column '{name}', found {', '.join(header)}")]
            )
    long = [(number, cells) for number, cells in lines if len(cells) > len(header)]
    if long:
        raise ProblemsError(
            Problem(path, number, "", f"expected {len(header)} columns, found {len(cells)}")
            for number, cells in long
        )
    rows = [cells + [""] * (len(header) - len(cells)) for _, cells in lines[1:]]
    places = header.index("sentence_id"), header.index("label")
    return _Table([row[places[0]] for row in rows], [row[places[1]] for row in rows])


def _keys(ids: Sequence[str]) -> tuple[bool, list[Hashable]]:
    """Return whether a column of ids is one of numbers, and the keys they meet by; None is no value."""
    given = [text for text in ids if text not in _NOTHING]
    for pattern, kind in ((_WHOLE, int), (_NUMBER, float)):
        if all(pattern.fullmatch(text) for text in given):
            return True, [None if text in _NOTHING else kind(text) for text in ids]
    return False, [None if text in _NOTHING else text for text in ids]


def _pairs(gold: _Table, found: _Table) -> list[tuple[str, str]] | str:
    """Return (gold, predicted) labels that meet, or why the scorer gives no figures."""
    if len(found.ids) != len(gold.ids):
        return "different number of instances in the files"
    if not found.labels or not set(found.labels) <= {"SUBJ", "OBJ"}:
        return "wrong labels: only SUBJ and OBJ may be predicted"
    (gold_numbers, gold_keys), (found_numbers, found_keys) = _keys(gold.ids), _keys(found.ids)
    if gold_numbers != found_numbers:
        return "ValueError: the ids are numbers in one file and text in the other"
    labels: dict[Hashable, list[str]] = {}
    for key, label in zip(gold_keys, gold.labels, strict=True):
        labels.setdefault(key, []).append(label)
    pairs = [
        (right, label)
        for key, label in zip(found_keys, found.labels, strict=True)
        for right in labels.get(key, ())
    ]
    if len(pairs) != len(found.ids):
        return "different ids in the two files"
    if any(right in _NOTHING for right, _ in pairs):
        return "ValueError: a gold label is empty"
    return pairs


def figures(pairs: Sequence[tuple[str, str]], *, later: bool = False) -> dict[str, float]:
    """Return the official figures of (gold, predicted) labels, 0/0 being 0; ``later`` is scikit-learn 1.3."""
    gold, found = [right for right, _ in pairs], [label for _, label in pairs]
    scores = label_scores(gold, found)
    subjective = label_scores(gold, found, [SUBJECTIVE])[SUBJECTIVE]
    return {
        "macro-F1": mean(score.f1_of_counts if later else score.f1 for score in scores.values()),
        "macro-P": mean(score.precision for score in scores.values()),
        "macro-R": mean(score.recall for score in scores.values()),
        "SUBJ-F1": subjective.f1_of_counts if later else subjective.f1,
        "SUBJ-P": subjective.precision,
        "SUBJ-R": subjective.recall,
        "accuracy": sum(right == label for right, label in pairs) / len(pairs),
    }


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score one language."""
    path = only(gold, "gold")
    right, found = _read_table(path), _read_table(only(predictions, "predictions"))
    pairs = _pairs(right, found)
    refused = pairs if isinstance(pairs, str) else None
    official = {} if isinstance(pairs, str) else figures(pairs)
    reason = _not_joinable(right, found)
    given = dict(zip(found.ids, found.labels, strict=True))
    labels = [given.get(key) for key in right.ids]
    return Scored(
        official=Official(
            definition="CheckThat! 2025 task1/scorer/evaluate.py",
            figures=dict(official),
            counts={"n": len(found.ids)},
            quirks=() if isinstance(pairs, str) else tuple(_quirks(right, found, pairs)),
            refused=refused,
        ),
        counts=Counts(items=len(labels), missing=labels.count(None), abstained=0, invalid=0, other_split=0),
        house=None if reason else House(label_rows(right.ids, right.labels, labels)),
        gold=file_digest(path),
        refused=reason,
    )


def _not_joinable(gold: _Table, found: _Table) -> str | None:
    if not gold.ids:
        return "the gold holds no sentence"
    for name, table in (("gold", gold), ("predictions", found)):
        twice = [key for key, count in Counter(table.ids).items() if count > 1]
        if twice:
            return f"ids of the {name} are not unique: '{twice[0]}' is given more than once"
    unknown = sorted(set(found.ids) - set(gold.ids))
    return f"the gold does not have the id '{unknown[0]}'" if unknown else None


def _quirks(gold: _Table, found: _Table, pairs: Sequence[tuple[str, str]]) -> list[str]:
    lines = []
    other = len(set(found.ids) - set(gold.ids))
    if other:
        lines.append(f"{other} ids meet as numbers that differ as text")
    met = set(_keys(found.ids)[1])
    unmet = sum(key not in met for key in _keys(gold.ids)[1])
    if unmet:
        lines.append(f"{unmet} gold sentences meet no prediction, which repeated ids hide")
    here, there = figures(pairs), figures(pairs, later=True)
    changed = [f"{name} {there[name]!r}" for name in here if here[name] != there[name]]
    if changed:
        lines.append(f"scikit-learn from 1.3 on gives other last digits: {', '.join(changed)}")
    return lines


FORMAT = Format(
    name="checkthat-subjectivity",
    task="detection",
    title="CheckThat! 2025 task 1: is a sentence subjective?",
    source=Source(
        "gitlab.com/checkthat_lab/clef2025-checkthat-lab",
        "task1/scorer/evaluate.py",
        "48b4a35d2f1df99851442d22febf894906154082 (copy on GitHub)",
        "none stated (definition only)",
    ),
    options={},
    figures=FIGURES,
    quirks=(
        "Ids that all look like numbers meet as numbers: 01 is 1.",
        "The macro figures average over every label in gold or prediction, also unknown ones in the gold.",
        "A repeated id can make the number of pairs come out right, and is not noticed then.",
        "Whatever is wrong with the files is logged, nothing is printed, and the exit code is 0.",
    ),
    headline="macro_f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
    of_labels=OF_LABELS,
)
