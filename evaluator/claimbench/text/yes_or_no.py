"""Whether an answer says yes or no, in German, Dutch and English."""

from __future__ import annotations

import re

from claimbench.text.normalise import canonical

_YES = "ja jawohl jazeker yes yep yeah true richtig stimmt wahr korrekt klopt juist waar correct"
_NO = "nein nee neen nope false falsch unwahr onjuist onwaar fout incorrect keineswegs geenszins"
_ENGLISH_NO = (
    r"no(?=\W*\Z|\s*[^\w\s]"
    r"|\s(?:i|it|they|he|she|we|this|that|these|those|there|the|not|because|since|as)\b)"
)
"""“No” where it is no article: “no idea”, “no one” and “no doubt” say something else."""
_ALONE = "doch indeed inderdaad tatsächlich genau zeker certainly absolutely definitely"
"""What says yes where nothing follows but a pause: „Doch, …“; „doch das …“ means but."""


def _any(words: str) -> str:
    return "|".join(words.split())


_LEAD = re.compile(
    r"(?:(?:die |the |het )?(?:antwort|answer|antwoord)(?: (?:ist|lautet|is|luidt))?"
    r"|(?:laut|gemäß|volgens|according to)(?: [^\W\d_]+){1,3}?(?=[,:]|\W+(?:ja|nein|nee|yes|no)\W*\Z))"
    r"\s*[,:]?\s*"
)
_SAID = re.compile(
    rf"\W*(?:(?P<yes>(?:{_any(_YES)})\b(?!\s(?:nicht|niet|not)\b)|(?:{_any(_ALONE)})(?=\W*\Z|\s*[,.;:!–—]))|(?P<no>(?:{_any(_NO)})\b|{_ENGLISH_NO}))"
)
_TURNS = """
    und oder en of and or aber maar but auch ook also doch toch however eigentlich eigenlijk actually eher
    eerder rather vielmehr well then dann dan vielleicht misschien perhaps maybe wieder weer again
"""
_UNKNOWN = (
    r"keine ahnung|(?:ich )?weiss (?:ich |es )?nicht|nicht sicher|unklar|unbekannt"
    r"|geen idee|(?:ik )?weet (?:ik )?(?:het )?niet|niet zeker|onduidelijk|onbekend"
    r"|(?:i have )?no idea|(?:i )?(?:do not|don't) know|(?:i'm )?not sure|unclear|unknown"
)
_OTHER = re.compile(
    rf"[\s,/.;:!?…–—-]*(?:(?:{_any(_TURNS)})\b[\s,]*){{0,3}}"
    rf"(?:(?:(?P<yes>{_any(_YES)}|doch)|(?P<no>no|{_any(_NO)}))"
    r"\s*(?:\Z|[.,;:!?…)–—]|(?:zugleich|gleichzeitig|tegelijk|maybe|vielleicht|misschien)\b)"
    rf"|(?P<unknown>{_UNKNOWN})\b)"
)
"""What is said next, which may take back the first word: “Yes and no”, „Ja, aber nein“, “No, no idea”."""


def yes_or_no(text: str) -> bool | None:
    """Return the truth value that an answer starts with, or None; None where both stand side by side."""
    plain = canonical(text)
    lead = _LEAD.match(plain)
    said = _SAID.match(plain, lead.end() if lead else 0)
    if said is None:
        return None
    yes = said["yes"] is not None
    other = _OTHER.match(plain, said.end())
    return None if other and (other["unknown"] or other["no" if yes else "yes"]) else yes
