"""Whether an answer says yes or no, in German, Dutch and English."""

from __future__ import annotations

import re

from claimbench.text.normalise import canonical

_YES = "ja jawohl jazeker yes yep yeah true richtig stimmt wahr korrekt klopt juist waar correct"
_NO = "nein nee neen no nope false falsch unwahr onjuist onwaar fout incorrect keineswegs geenszins"
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
    rf"\W*(?:(?P<yes>(?:{_any(_YES)})\b(?!\s(?:nicht|niet|not)\b)|(?:{_any(_ALONE)})(?=\W*\Z|\s*[,.;:!–—]))|(?P<no>(?:{_any(_NO)})\b))"
)
_OTHER = re.compile(
    r"\s*[,/]?\s*(?:und|oder|en|of|and|or|aber auch|maar ook|but also)?\s*"
    rf"(?:(?P<yes>{_any(_YES)})|(?P<no>{_any(_NO)}))\s*(?:\Z|[.,;:!?)–—])"
)
"""The next word of an answer, which may take back the first one: “Yes and no”."""


def yes_or_no(text: str) -> bool | None:
    """Return the truth value that an answer starts with, or None; None where both stand side by side."""
    plain = canonical(text)
    lead = _LEAD.match(plain)
    said = _SAID.match(plain, lead.end() if lead else 0)
    if said is None:
        return None
    yes = said["yes"] is not None
    other = _OTHER.match(plain, said.end())
    return None if other and other["no" if yes else "yes"] else yes
