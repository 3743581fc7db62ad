"""Words that make two statements exclude one another: negation, more and less, all and some, now and then."""

from __future__ import annotations

import re
from functools import lru_cache

_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|ohne|weder|niet|geen|nooit|zonder|not|cannot|no|never|without|neither|nor)\b"
    r"|n't\b"
)

_GROUPS: tuple[tuple[str, ...], ...] = (
    (r"mehr|meer|more", r"weniger|minder|less|fewer"),
    (r"alle[nr]?|all|jede[mnrs]?|iedere|every", r"meisten?|meeste|most", r"viele[nr]?|veel|vele|many",
     r"einige[nr]?|mehrere[nr]?|enkele|sommige|some|several", r"wenige[nr]?|weinig|few|handvoll?|handful"),
    (r"\w*(?:steig|stieg|wachs|wuchs|erhöh|zunehm|zugenommen|stijg|steeg|groei|toenem|toegenomen|increas)\w*"
     r"|rise[ns]?|rising|rose|grow\w*|grew|surg\w*",
     r"\w*(?:sink|sank|gesunken|schrumpf|abnehm|abgenommen|verringer|daal|krimp|afnem|afgenomen|declin|decreas)\w*"
     r"|falls?|fell|falling|shr[aiu]nk\w*|drop\w*"),
    (r"beschleunig\w*|versnel\w*|accelerat\w*", r"drossel\w*|verlangsam\w*|bremst?|vertraag\w*|slow\w*"),
    (r"größte[rnms]?|grootste|largest|biggest|greatest", r"kleinste[rnms]?|smallest"),
    (r"beste[rnms]?|best", r"schlechteste[rnms]?|slechtste|worst"),
    (r"erst(?:e[mnrs]?|mals)|eerste|first|1st|1e", r"zweite[mnrs]?|tweede|second|2nd|2e",
     r"dritte[mnrs]?|derde|third|3rd|3e", r"vierte[mnrs]?|vierde|fourth|4th|4e",
     r"fünfte[mnrs]?|vijfde|fifth|5th|5e"),
    (r"(?:letzte|vergangene|vorige)[nms] jahr(?:es)?|(?:vorig|afgelopen) jaar|last year",
     r"(?:diese[ms]|laufenden) jahr(?:es)?|dit jaar|this year",
     r"(?:nächste|kommende)[nms] jahr(?:es)?|(?:volgend|komend) jaar|next year"),
    (r"bereits|schon|reeds|al|already",
     r"plant|planen|van plan|plans?|beabsichtig\w*|intends?|will|wollen|wil|willen|bereitet|bereidt"
     r"|voorber\w*|prepar\w*|könnte\w*|zou|could|might"),
    (r"kaum|nauwelijks|hardly|barely", r"viel|veel|much|stark|sterk|strongly"),
    (r"neue[mnrs]?|nieuwe?|new", r"alte[mnrs]?|oude?|old|bestehend\w*|bestaand\w*|exist\w*"),
    (r"gewinn\w*|gewann\w*|gewonnen|winst|wint|won|wins?|profit\w*",
     r"verlier\w*|verlor\w*|verlust\w*|verlies\w*|verloor|los(?:t|e|es|s|ses|ing)"),
    (r"kauft?\w*|gekauft|erw[io]rb\w*|koopt|kocht|gekocht|kopen|buy\w*|bought|acquir\w*",
     r"verkauf\w*|verkoopt|verkocht|verkopen|sells?|sold|selling"),
    (r"zivil\w*|civiele?|civilian", r"militär\w*|militaire?|military|verteidigung\w*|defensie|defen[cs]e"),
    (r"zuvor|vorher|vroeger|eerder|earlier|before|previously", r"danach|später|later|daarna|afterwards"),
)  # fmt: skip
_OPPOSED = tuple(tuple(re.compile(rf"\b(?:{words})\b") for words in group) for group in _GROUPS)
"""Groups of sides that exclude one another: texts are opposed where each takes one that the other lacks."""


@lru_cache(maxsize=65536)
def negated(plain: str) -> bool:
    """Whether a canonical text denies something."""
    return bool(_NEGATION.search(plain))


def opposed(left: str, right: str) -> bool:
    """Whether two canonical texts take sides that exclude one another."""
    return any(a - b and b - a for a, b in zip(_sides(left), _sides(right), strict=True))


@lru_cache(maxsize=65536)
def _sides(plain: str) -> tuple[frozenset[int], ...]:
    """Return for each group which of its sides a text takes."""
    return tuple(frozenset(i for i, side in enumerate(group) if side.search(plain)) for group in _OPPOSED)
