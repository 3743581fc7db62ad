"""The generated parts of the dataset card."""

from __future__ import annotations

import re
from typing import Any

from claimbench.errors import InputError
from claimbench.publishing.composition import composition
from claimbench.publishing.configs import Config
from claimbench.publishing.examples import worked_examples
from claimbench.publishing.fields import field_tables
from claimbench.publishing.manifest import counts, parquet_path, row_lines, rows_digest
from claimbench.publishing.release import CANARY, VERSION
from claimbench.publishing.shapes import features


def card_text(text: str, configs: list[Config], agreement: str) -> str:
    """Return the card with every generated part renewed. Raises InputError where a marker is missing."""
    text = _replace(text, "# generated: begin", "# generated: end", _front_matter(configs))
    blocks = {
        "release": f"Version {VERSION}. Canary string: `{CANARY}`",
        "composition": composition(configs),
        "counts": _counts_table(configs),
        "examples": worked_examples(configs),
        "fields": field_tables(configs),
        "agreement": agreement,
    }
    for name, body in blocks.items():
        begin, end = (f"<!-- generated: {name} {edge} -->" for edge in ("begin", "end"))
        text = _replace(text, begin, end, body)
    return text


def _replace(text: str, begin: str, end: str, body: str) -> str:
    pattern = re.compile(f"^({re.escape(begin)}\n).*?^({re.escape(end)})$", re.DOTALL | re.MULTILINE)
    if len(pattern.findall(text)) != 1:
        raise InputError(f"README.md: expected one line '{begin}' and after it one line '{end}'")
    return pattern.sub(lambda match: f"{match[1]}{body}\n{match[2]}", text)


def _front_matter(configs: list[Config]) -> str:
    rows = sum(len(rows) for config in configs for rows in config.splits.values())
    lines = [f"size_categories: [{'n<1K' if rows < 1000 else '1K<n<10K'}]", "configs:"]
    for config in configs:
        lines.append(f"- config_name: {config.name}")
        lines += ["  default: true"] * (config is configs[0])
        lines.append("  data_files:")
        paths = [{"split": split, "path": parquet_path(config.name, split)} for split in config.splits]
        lines += [f"  - {_flow(path)}" for path in paths]
    lines.append("dataset_info:")
    for config in configs:
        lines += _dataset_info(config)
    return "\n".join(lines)


def _dataset_info(config: Config) -> list[str]:
    """Return the lines of a config's ``dataset_info``.

    datasets takes its cache key from the card, not from the files. The digest in the description makes
    it follow the rows; sizes alone would miss an edit that keeps the length.
    """
    digest = rows_digest(row for rows in config.splits.values() for row in rows)
    sizes = [
        {"name": split, "num_bytes": len(row_lines(rows)), "num_examples": len(rows)}
        for split, rows in config.splits.items()
    ]
    return [
        f"- config_name: {config.name}",
        f"  description: claimbench {VERSION}, SHA-256 of all rows {digest}",
        "  features:",
        *(f"  - {_flow(feature)}" for feature in features(config.fields)),
        "  splits:",
        *(f"  - {_flow(size)}" for size in sizes),
    ]


def _flow(value: Any) -> str:
    """Return YAML in flow style; all keys and strings that come here are plain scalars."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


def _counts_table(configs: list[Config]) -> str:
    lines = ["| config | split | rows | of these |", "|---|---|---:|---|"]
    for config in configs:
        for split, rows in config.splits.items():
            numbers = counts(rows)
            rest = ", ".join(f"{name} {n}" for name, n in numbers.items() if name != "rows")
            lines.append(f"| `{config.name}` | {split} | {numbers['rows']} | {rest} |")
    return "\n".join(lines)
