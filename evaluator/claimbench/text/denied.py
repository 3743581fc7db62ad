"""Whether a number or date is denied, below zero or a bound of another: “not five”, „vor 2016“, “-29”."""

from __future__ import annotations

import re

from claimbench.text.approximators import without_approximator

_NEAR = 80
"""Characters before and after a number in which something is said of it."""
_ANOTHER = re.compile(r"[,;:.!?–—](?!\d)|\b(?:und|aber|sondern|en|maar|and|but)\b", re.IGNORECASE)
"""Where another clause begins."""
_NEGATION = re.compile(
    r"(?<!\w)(?:(?:not|cannot|never|neither|nor|nicht|nie|niemals|weder|niet|nooit)|[^\W\d_]+n't)(?!\w)"
    r"(?! (?:only|just|merely|until|nur|bloß|allein|alleen|slechts|enkel)\b)",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(
    r"(?<!\w)(?:no|no longer|kein(?:e[mnrs]?)?|geen|except|other than|rather than|instead of|anything but"
    r"|all but|außer|(?:an)?statt|behalve|in plaats van)"
    r"(?: (?:in|im|the|der|die|das|de|het|year|jahr|jaar))*\s*\Z",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:(?<![\w.,)%])[-−–]|(?<!\w)(?:minus|negative?[mnrs]?|negatie(?:f|ve)) ?|≠ ?)\Z", re.IGNORECASE
)
_TAKEN_BACK = re.compile(
    r"[^,;:.!?–—]*?(?<!\w)"
    r"(?:(?:not|nicht|niet)(?: (?:right|correct|true|richtig|korrekt|wahr|juist|waar))?\s*(?:\Z|[,;:.!?–—])"
    r"|(?:is|was|are|were|ist|war|sind|waren|zijn) "
    r"(?:wrong|false|incorrect|falsch|unwahr|fout|onjuist|onwaar)\b)",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?:(?<!\w)(?:before|after|prior to|earlier than|later than|vor|nach|früher als|später als"
    r"|vóór|voor|na|eerder dan|later dan)"
    r"(?: (?:the|der|dem|den|de|het))?(?: (?:year|jahre?|jaar))? |[<>] ?)\Z",
    re.IGNORECASE,
)


def denied(plain: str, start: int, end: int) -> bool:
    """Whether legible text says of the number or date between two places that it is not so, or below zero.

    A negation counts in the clause of the number, before it or at the end: „2016 war es nicht“.
    """
    before = plain[max(0, start - _NEAR) : start]
    if before and not before.isspace():
        before = without_approximator(before)
        clause = _ANOTHER.split(before)[-1]
        if _NEGATION.search(clause) or _EXCLUDED.search(before) or _BELOW.search(before):
            return True
    return bool(_TAKEN_BACK.match(plain[end : end + _NEAR]))


def bounded(plain: str, start: int) -> bool:
    """Whether a date that starts there only bounds another from outside: “before 2016”, „nach Freitag“."""
    return bool(_BOUND.search(plain[max(0, start - _NEAR) : start]))
