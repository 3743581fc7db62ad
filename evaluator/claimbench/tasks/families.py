"""Families: one proposition or question in three languages. How right and how alike is a system in them?

A family is counted as a whole on its German item, and the rest on every item by its language, so all counts
stay additive: intervals and tests are those of any other metric, and slices where all of a family are in one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from claimbench.records import LANGUAGES, Language
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, ratio

HEAD: Language = "de"
"""The language of the item on which a family is counted."""

_FAMILY = ("families", "families_same", "families_right", "agreeing")
_BY_LANGUAGE = {language: (f"{language}_right", f"{language}_items") for language in LANGUAGES}

LANGUAGE_COLUMNS = tuple(name for pair in _BY_LANGUAGE.values() for name in pair)
"""The columns of ``language_row``."""


def family_columns(outcomes: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of ``family_row`` where items have one of some outcomes."""
    return (*_FAMILY, *_rated(outcomes))


def _rated(outcomes: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"rated_{outcome}" for outcome in outcomes)


def family_row(outcomes: Sequence[str | None], right: bool) -> dict[str, int]:
    """Return the counts of one family from the outcome of each member, None where it was not answered.

    ``agreeing`` is twice Krippendorff's sum of agreeing pairs, each by the family's answers less one: an
    integer for two answers as for three. A family with fewer than two answers has no pairs.
    """
    whole = None not in outcomes
    row = {
        "families": 1,
        "families_same": int(whole and len(set(outcomes)) == 1),
        "families_right": int(whole and right),
    }
    given = Counter(outcome for outcome in outcomes if outcome is not None)
    answers = given.total()
    if answers < 2:
        return row
    row |= {f"rated_{outcome}": count for outcome, count in given.items()}
    row["agreeing"] = 2 * sum(count * (count - 1) for count in given.values()) // (answers - 1)
    return row


def language_row(language: str, right: bool) -> dict[str, int]:
    """Return the counts of one item by its language."""
    return {f"{language}_items": 1, f"{language}_right": int(right)}


def _alpha(total: Ints) -> Floats:
    """Columns (agreeing, answers of each outcome): 1 - observed / expected disagreement."""
    rated = total[..., 1:]
    answers = rated.sum(axis=-1)
    apart = answers * (answers - 1) - (rated * (rated - 1)).sum(axis=-1)
    return 1.0 - ratio((2 * answers - total[..., 0]) * (answers - 1), 2 * apart)


def _gap(total: Ints) -> Floats:
    """Columns (right, items) of one language, then of another: the difference of their shares."""
    return c.share(total[..., :2]) - c.share(total[..., 2:])


def family_metrics(outcomes: Sequence[str], base: str) -> tuple[Metric, ...]:
    """Return the metrics of families and languages; ``base`` names the share of right items.

    ``language_alpha`` is Krippendorff's alpha (2011) for nominal data with the languages as observers and
    items not answered left out; undefined where all answers have one outcome. ``base_gap[nl_en]`` is
    ``base[nl]`` less ``base[en]``. Oracle: the package ``krippendorff``.
    """
    return (
        Additive("language_consistency", ("families_same", "families"), c.share),
        Additive("language_alpha", ("agreeing", *_rated(outcomes)), _alpha, "correlation"),
        Additive("family_accuracy", ("families_right", "families"), c.share),
        *(Additive(f"{base}[{language}]", columns, c.share) for language, columns in _BY_LANGUAGE.items()),
        *(
            Additive(f"{base}_gap[{one}_{other}]", (*mine, *theirs), _gap, "correlation", "neither")
            for (one, mine), (other, theirs) in combinations(_BY_LANGUAGE.items(), 2)
        ),
    )
