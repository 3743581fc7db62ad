"""The words that may give a label away, and the numbers a text gives, in German, Dutch and English."""

from __future__ import annotations

import re

from claimbench.records import LANGUAGES, Language
from claimbench.text.normalise import canonical
from claimbench.text.quantities import quantities


def _compiled(**patterns: str) -> dict[Language, re.Pattern[str]]:
    """Return a pattern of whole words for each language, to be searched for in canonical text."""
    return {
        language: re.compile(rf"\b(?:{'|'.join(patterns[language].casefold().split())})\b")
        for language in LANGUAGES
    }


NEGATIONS = _compiled(
    de=r"nicht nichts kein\w* nie niemals niemand\w* nirgend\w* ohne weder",
    nl=r"niet niets geen nooit niemand nergens zonder noch",
    en=r"not nothing no none never nobody nowhere without neither nor cannot \w+n['’]t",
)
HEDGES = _compiled(
    de=r"""könnte\w* dürfte\w* möglich\w* möglicherweise vielleicht wohl wahrscheinlich voraussichtlich
        angeblich offenbar mutmaßlich\w* soll sollen sollte\w* laut zufolge rund etwa ungefähr circa nahezu
        fast knapp erwäg\w* erwog\w*""",
    nl=r"""zou zouden kan kunnen mogelijk\w* misschien wellicht waarschijnlijk vermoedelijk naar\sverwachting
        kennelijk volgens ongeveer circa rond zo['’]n bijna nagenoeg overweeg\w* overwoog\w*""",
    en=r"""could might may would possibl\w* perhaps maybe probabl\w* likely apparently allegedly reportedly
        expected according about around roughly approximately nearly almost some\s\d consider\w*""",
)
"""Words that make a statement less sure or less exact, or rest it on somebody's word (Prince et al. 1982)."""

_SPELT = {
    "2": _compiled(
        de=r"beide\w* doppelt\w* verdoppel\w*",
        nl=r"(?:alle)?beide\w* dubbel\w* verdubbel\w*",
        en=r"both double\w* doubling twice twofold",
    ),
    "3": _compiled(
        de=r"dreimal (?:ver)?dreifach\w*",
        nl=r"driemaal drievoud\w* verdrievoudig\w*",
        en=r"thrice tripl\w* threefold",
    ),
    "8": _compiled(de="acht", nl="acht", en="eight"),
    "10": _compiled(de=r"zehnmal zehnfach\w*", nl=r"tienmaal tienvoud\w*", en="tenfold"),
    "20": _compiled(de=r"zwanzig(?:mal|fach\w*)?", nl=r"twintig(?:maal|voud\w*)?", en=r"twenty(?:fold)?"),
    "third": _compiled(de=r"drittel\w* dritte\w*", nl="derde", en=r"thirds?"),
    "quarter": _compiled(de=r"viertel\w*", nl="kwart", en=r"quarters?"),
}
"""Numbers written in words that ``claimbench.text.quantities`` does not read."""

_AMOUNTS = _compiled(
    de=r"""alle[nrs]? sämtliche\w* gesamt\w* ganze\w* größte\w* meiste\w* viele\w* wenige\w* einige\w*
        mehrere\w* einzelne\w* vereinzelte\w* teil\w* hälfte mehr weniger mindestens höchstens erste\w*
        zweite\w* einzige\w*""",
    nl=r"""alle al gehele hele grootste meeste veel vele weinig enkele sommige meerdere deel helft meer minder
        minstens hoogstens eerste tweede enige""",
    en=r"""all whole entire most many much few fewer some several handful part half more less least first
        second only single""",
)


def has_digit(text: str) -> bool:
    """Whether the text holds a digit."""
    return any(char.isdecimal() for char in text)


def numbers(text: str, language: Language) -> frozenset[str]:
    """Return the values of the numbers in a text, in digits or spelt out, without their units."""
    plain = canonical(text)
    if language == "nl":
        plain = re.sub(r"\bten\b", " ", plain)  # „ten opzichte van“: never the English number
    read = {f"{quantity.value:f}" for quantity in quantities(plain, language)}
    return frozenset(read | {value for value, spelt in _SPELT.items() if spelt[language].search(plain)})


def amounts(text: str, language: Language) -> frozenset[str]:
    """Return the numbers of a text and its words for how much, how many and which place in an order."""
    return numbers(text, language) | set(_AMOUNTS[language].findall(canonical(text)))
