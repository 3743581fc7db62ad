"""The worked examples of the dataset card: one of every label, and a question without an answer."""

from __future__ import annotations

from typing import Any

from claimbench.publishing.configs import Config, Row
from claimbench.records import LABELS, LANGUAGES


def worked_examples(configs: list[Config]) -> str:
    """Return the examples as Markdown: the smallest id of ``train``, or of all splits where that has none."""
    by_name = {config.name: config for config in configs}
    examples = {f"`{label}`": _first(by_name["verification"], "label", label) for label in LABELS}
    examples["An unanswerable question"] = _first(by_name["questions"], "answerable", False)
    return "\n\n".join(f"#### {title}\n\n{_example(rows)}" for title, rows in examples.items())


def _first(config: Config, column: str, value: Any) -> list[Row]:
    """Return the rows of the first family, in the order of the languages, that has this value."""
    rows = [row for rows in config.splits.values() for row in rows if row[column] == value]
    chosen = [row for row in rows if row["split"] == "train"] or rows
    # Ids count upwards without leading zeros: the shorter is the smaller.
    family = min((row["family"] for row in chosen), key=lambda id_: (len(id_), id_), default=None)
    found = {row["language"]: row for row in chosen if row["family"] == family}
    return [found[language] for language in LANGUAGES if language in found]


def _example(rows: list[Row]) -> str:
    if not rows:
        return "The corpus has none."
    first = rows[0]
    text = "claim" if "claim" in first else "question"
    lines = [f"`{first['family']}`, in {first['split']}:", ""]
    lines += [f"- {row['language']}: {row[text]}" for row in rows]
    lines += ["", *_evidence(first), "", f"Why: {first['rationale']}"]
    return "\n".join(lines)


def _evidence(row: Row) -> list[str]:
    """Return the evidence as a list with one set of sentences in each line."""
    if not row["evidence"]:
        return ["Evidence: none."]
    lines = ["Evidence; each line is a set of sentences that suffices for its stance:", ""]
    for group, texts in zip(row["evidence"], row["evidence_texts"], strict=True):
        sentences = zip(group["sentences"], texts, strict=True)
        lines.append(f"- {group['stance']}: " + " + ".join(f"`{id_}` “{text}”" for id_, text in sentences))
    return lines
