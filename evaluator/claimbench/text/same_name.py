"""Whether two short texts name the same person or thing: „Meta-Chef Mark Zuckerberg“, “Zuckerberg’s”."""

from __future__ import annotations

import re
from functools import lru_cache

from claimbench.text.normalise import legible, tokens

_TITLED = """
    herr frau herrn doktor dr prof professor professorin mr mrs ms sir meneer mevrouw dhr mevr chef
    chefin ceo cto cfo coo boss leiter leiterin gründer gründerin mitgründer vorstand vorstandschef
    geschäftsführer geschäftsführerin konzernchef firmenchef präsident präsidentin minister ministerin
    topman topvrouw baas oprichter medeoprichter bestuursvoorzitter directeur voorzitter president
    founder co-founder cofounder head director chair chairman chairwoman entrepreneur unternehmer
    ondernemer milliardär miljardair billionaire
"""
_TITLES = frozenset(_TITLED.split())
_COMPANIES = """
    inc ag gmbh se ltd llc plc corp corporation co bv nv kg konzern concern firma unternehmen bedrijf
    company group gruppe groep start-up startup
"""
_FORMS = frozenset(_COMPANIES.split())
"""Legal forms and what a company is, which a name has or leaves out."""
_PREPOSITIONS = "von van of bei bij at für voor for laut volgens durch door by mit met with"
_BEFORE = frozenset(_PREPOSITIONS.split())
_JOINING = frozenset(("und", "oder", "and", "or", "en", "of", "sowie"))
"""Words that put two names side by side; such a text is no one name."""
_COMPOUND = re.compile(rf"(?<![\w.&])[\w.&]+-(?=(?:{'|'.join(sorted(_TITLES))})\b)", re.IGNORECASE)
_GENITIVE = re.compile(r"'s?$")
_SURE = 90.0
"""Least similarity in percent of two spellings of a long name, for rapidfuzz."""
_LONG = 6
_PARTS = 4
"""No person's name has more parts."""


def same_name(left: str, right: str, *, person: bool = False) -> bool:
    """Whether two texts give one name; symmetric.

    Titles, functions, legal forms, genitives, an apposition and slips in long names make no difference. With
    ``person`` a family name alone stands for the full one, as news has it.
    """
    one, other = sorted((_name(left), _name(right)), key=len)
    if not one or not _same_word(one[-1], other[-1]):
        return False
    if person and len(one) == 1:
        return len(other) <= _PARTS and not _JOINING & set(other)
    return len(one) == len(other) and all(map(_same_word, one, other))


@lru_cache(maxsize=8192)
def _name(text: str) -> tuple[str, ...]:
    plain = _COMPOUND.sub("", legible(text).replace(".", " "))
    head, _, apposition = plain.partition(",")
    if _TITLES & set(tokens(apposition)):
        plain = head  # „Alexandr Wang, CEO von Scale AI“
    said = [word for word in tokens(plain.replace(",", " und ")) if word not in _FORMS]
    while len(said) > 1 and said[0] in _BEFORE:
        said = said[1:]
    titles = [i for i, word in enumerate(said) if word in _TITLES]
    if titles and titles[-1] + 1 < len(said) and not _JOINING & set(said):
        said = said[titles[-1] + 1 :]  # „Meta CEO Mark Zuckerberg“
    return tuple(said)


@lru_cache(maxsize=1 << 14)
def _same_word(left: str, right: str) -> bool:
    a, b = _nominative(left), _nominative(right)
    if a == b or f"{a}s" == b or f"{b}s" == a:
        return True
    if min(len(a), len(b)) < _LONG or not (a.isalpha() and b.isalpha()):
        return False
    from rapidfuzz import fuzz

    return bool(fuzz.ratio(a, b) >= _SURE)


def _nominative(word: str) -> str:
    return _GENITIVE.sub("", word)
