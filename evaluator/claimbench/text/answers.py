"""Whether an answer gives the value a typed gold answer has."""

from __future__ import annotations

import re
from decimal import Decimal

from claimbench.text.normalise import canonical, tokens
from claimbench.text.quantities import quantities

_YES = frozenset({"ja", "yes", "jawohl"})
_NO = frozenset({"nein", "nee", "no", "neen"})
_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+(?:und|en|and|sowie|&)\s+", re.IGNORECASE)


def typed_match(
    kind: str, value: bool | Decimal | str | tuple[str, ...] | None, unit: str, text: str, language: str
) -> bool:
    """Whether ``text`` states ``value``: the one number of that unit, the date, yes or no, the whole list.

    ``kind`` is the question's kind, ``language`` the one that decimal marks are read in. False where the gold
    has no typed value.
    """
    if value is None:
        return False
    if isinstance(value, bool):
        return yes_or_no(text) is value
    if isinstance(value, Decimal):
        wanted = {"money": unit, "percent": "percent"}.get(kind)
        found = {
            q.value
            for q in quantities(text, language)
            if q.unit == wanted or (wanted is None and q.unit in ("", "year"))
        }
        return found == {value.normalize()}
    if isinstance(value, tuple):
        return _members(text) == {tokens(member) for member in value}
    return kind == "date" and canonical(value) in canonical(text).split()


def yes_or_no(text: str) -> bool | None:
    """Return the truth value that an answer starts with, or None."""
    first = tokens(text)[:1]
    if first and first[0] in _YES:
        return True
    return False if first and first[0] in _NO else None


def _members(text: str) -> set[tuple[str, ...]]:
    return {tokens(part) for part in _SEPARATOR.split(text) if part.strip()}
