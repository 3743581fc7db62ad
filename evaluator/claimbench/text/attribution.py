"""Whose word a statement rests on: „laut Bloomberg“, “Meta told TechCrunch”, “volgens vijf bronnen”."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from claimbench.text.cognates import FUNCTION_WORDS, skeleton
from claimbench.text.glossary import notion
from claimbench.text.normalise import legible, tokens


class Attributed(msgspec.Struct, frozen=True):
    """What is stated, whether on somebody's word, and the words that name the speakers."""

    stated: str
    attributed: bool
    speakers: frozenset[str]

    def other_speaker(self, other: Attributed) -> bool:
        """Whether both name speakers and have none in common."""
        return bool(self.speakers and other.speakers and not self.speakers & other.speakers)


_DETERMINER = (
    r"(?:(?:der|die|das|des|dem|den|de|het|the|an?|ein(?:e[rnms]?)?|een|one|zwei|twee|fünf|vijf|five|some) )?"
)
_NAMED = (
    rf"{_DETERMINER}(?:(?-i:[a-zäöüß]{{3,}}(?:en|er|e)) )?"
    r"(?:(?-i:[A-ZÄÖÜ])[\w’'&-]*(?: |(?=[,.;:]|$)))+"
)
_COMPANY = r"(?:the company|het bedrijf|das unternehmen) "
_SAY = (
    r"sagt|sagte|erklärte|erklärt|berichtet|berichtete|teilte mit|bestätigte|räumte ein|zegt|zei|verklaarde|"
    r"meldt|meldde|bevestigde|says|said|stated|told \w+|announced|reports|reported|confirmed"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:laut|gemäß|nach (?:angaben|einschätzung|aussage|informationen|ansicht) (?:von |der |des )?"
        rf"|volgens|aldus|according to)\s*(?P<who>{_NAMED})(?:,\s*)?",
        r"\b(?:nach (?:eigenen|eigener) (?:angaben|aussage|einschätzung)|naar eigen zeggen|by its own account"
        r"|according to the company)(?: gegenüber (?P<who>[\w-]+))?,?\s*",
        rf",\s*(?:so |wie |aldus )?(?P<who>{_NAMED}|{_COMPANY})?(?:{_SAY}|teilte \w+ mit)\b[^.]*(?=\.|$)",
        rf",\s*(?:berichtet|meldet|teilte|zegt|meldt|sagte|erklärte)\s(?P<who>{_NAMED})[^.]*(?=\.|$)",
        rf"^(?P<who>{_NAMED})(?:hat |heeft |has )?(?:{_SAY})(?: \w+)?,? (?:dass |dat |that )",
    )
)


@lru_cache(maxsize=65536)
def attributed(text: str) -> Attributed:
    """Return a text without the phrases that attribute it; the whole text where nothing else is left."""
    plain = stated = legible(text)
    speakers: set[str] = set()
    for pattern in _PATTERNS:
        if match := pattern.search(stated):
            stated = f"{stated[: match.start()]} {stated[match.end() :]}".strip()
            speakers |= {word for word in tokens(match["who"] or "") if notion(word) is None}
    if not any(map(str.isalnum, stated)):
        stated = plain
    named = frozenset(skeleton(word) for word in speakers - FUNCTION_WORDS)
    return Attributed(stated, stated != plain, named)
