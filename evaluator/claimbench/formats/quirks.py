"""Saying what a quirk of an official scorer did to a result."""

from __future__ import annotations

from collections.abc import Mapping

Figures = Mapping[str, float | None]


def touched(what: str, official: Figures, without: Figures) -> str:
    """Return one sentence: what happened, and every official figure that would be another without it."""
    changed = [
        f"{name} is {_shown(official[name])}, not {_shown(without[name])}"
        for name in official
        if name in without and official[name] != without[name]
    ]
    return f"{what}: {', '.join(changed) or 'no figure changes'}"


def _shown(figure: float | None) -> str:
    return "undefined" if figure is None else f"{figure:.6g}"
