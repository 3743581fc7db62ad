"""A decision as Markdown, for a job summary or a comment on a pull request.

What comes from the corpus or from predictions is shown as text, whatever it holds: HTML and Markdown in it
are escaped, and it names no user and no issue.
"""

from __future__ import annotations

import re

from claimbench.gating.decision import Decision, Gated, ItemChange
from claimbench.text.printing import one_line

_PUNCTUATION = re.compile(r"[!-&(-+/:<>?@\[-`{-~]|(?<=www)\.", re.IGNORECASE)
"""What means something in HTML or Markdown in the middle of a line; none of it does as an entity."""

_SIGNS = {"pass": "✅", "regression": "❌", "inconclusive": "❔", None: "·"}


def summary(found: Decision) -> str:
    """Return a table of what is gated, and the items that changed most, folded away."""
    blocks = [
        f"### {_SIGNS[found.verdict]} claimbench: {found.task}, {found.verdict}",
        "\n".join(
            [
                "| metric | before | after | difference | 95 % interval | allowed | verdict |",
                "|---|---:|---:|---:|---:|---|---|",
                *map(_row, found.metrics),
            ]
        ),
        "\n".join(f"- {_code(one.metric)}: {_text(one.reason)}" for one in found.metrics if one.reason),
        _must_pass(found),
        "\n".join(f"- {_text(said)}" for said in (*found.failures, *found.warnings)),
        _changed(found),
        f"Baseline: {_text(found.baseline_reason)}" if found.baseline_reason else "",
        f"<sub>{_code(found.signatures[1])}</sub>",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _row(one: Gated) -> str:
    allowed = [f"{word} {value:g}" for word, value in _demands(one) if value is not None]
    cells = [
        _code(one.metric),
        number(one.before),
        number(one.after),
        number(one.difference, "+.3f"),
        "–" if one.test is None else f"{one.test.low:+.3f} to {one.test.high:+.3f}",
        ", ".join(allowed) or "–",
        f"{_SIGNS[one.verdict]} {one.verdict or 'shown'}",
    ]
    return f"| {' | '.join(cells)} |"


def _demands(one: Gated) -> list[tuple[str, float | None]]:
    return [("drop", one.max_drop), ("at least", one.min), ("at most", one.max)]


def _must_pass(found: Decision) -> str:
    if not found.must_pass:
        return ""
    failed = [one for one in found.must_pass if not one.passed]
    lines = [f"Items that must pass: {len(found.must_pass) - len(failed)} of {len(found.must_pass)} do."]
    return "\n".join([*lines, *(f"- ❌ {_code(one.id)}: {_text(one.reason)}" for one in failed)])


def _changed(found: Decision) -> str:
    if not found.changed:
        return ""
    title = f"{found.items_changed} items changed in {_code(found.changed_on)}; these most"
    lines = "\n".join(map(_change, found.changed))
    return f"<details><summary>{title}</summary>\n\n{lines}\n\n</details>"


def _change(one: ItemChange) -> str:
    return (
        f"- {_code(one.id)} ({number(one.effect, '+.4f')}): {_text(one.asks)}<br>"
        f"gold {_code(one.gold)}, before {_code(one.before)}, after {_code(one.after)}"
    )


def number(value: float | None, form: str = ".3f") -> str:
    """Return a score or difference for reading; "undef." for 0/0."""
    return "undef." if value is None else format(value, form)


def _text(text: str) -> str:
    """Return text that Markdown shows as it is; an empty comment keeps @ and # from becoming links."""
    return _escaped(text).replace("&#64;", "&#64;<!-- -->").replace("&#35;", "&#35;<!-- -->")


def _code(text: str) -> str:
    """Return text in a code element, where no name becomes a link."""
    return f"<code>{_escaped(text)}</code>"


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", one_line(text))
