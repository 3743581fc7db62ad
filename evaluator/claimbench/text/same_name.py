"""Whether two short texts name the same person or thing: „Meta-Chef Mark Zuckerberg“, “Zuckerberg’s”."""

from __future__ import annotations

import re
from functools import lru_cache

from claimbench.text.normalise import ARTICLES, legible, tokens

_TITLED = """
    herr frau herrn doktor dr prof professor professorin mr mrs ms sir meneer mevrouw dhr mevr chef
    chefin ceo cto cfo coo boss leiter leiterin gründer gründerin mitgründer vorstand vorstandschef
    geschäftsführer geschäftsführerin konzernchef firmenchef präsident präsidentin minister ministerin
    topman topvrouw baas oprichter medeoprichter bestuursvoorzitter directeur voorzitter president
    founder co-founder cofounder head director chair chairman chairwoman entrepreneur unternehmer
    ondernemer milliardär miljardair billionaire officer
"""
_KINDS = """
    konkurrent konkurrentin wettbewerber wettbewerberin rivale rivalin rival competitor concurrent rivaal
    mutterkonzern muttergesellschaft mutter parent moederbedrijf moederconcern moedermaatschappij
    tochter tochterfirma tochterunternehmen subsidiary dochter dochterbedrijf
    modell ki-modell sprachmodell model ki-model ai-model ai-modell taalmodel chatbot produkt product
    plattform platform anbieter provider aanbieder hersteller fabrikant maker
    land country stadt stad city staat state bundesstaat deelstaat region regio
"""
_OF_PERSONS = frozenset(_TITLED.split())
_TITLES = _OF_PERSONS.union(_KINDS.split())
"""What news puts before a name: a person's title or function, or what kind of thing is named."""
_COMPANIES = """
    inc ag gmbh se ltd llc plc corp corporation co bv nv kg konzern concern firma unternehmen bedrijf
    company group gruppe groep start-up startup selbst zelf itself
"""
_FORMS = frozenset(_COMPANIES.split())
"""Legal forms and what a company is, which a name has or leaves out, and what stresses it."""
_PREPOSITIONS = """
    von van of bei bij at für voor for laut volgens durch door by mit met with
    beim vom in im aus uit from within inside innerhalb binnen
"""
_BEFORE = frozenset(_PREPOSITIONS.split())
_JOINING = frozenset(("und", "oder", "and", "or", "en", "of", "sowie"))
"""Words that put two names side by side; such a text is no one name."""
_COMPOUND = re.compile(rf"(?<![\w.&])[\w.&]+-(?=(?:{'|'.join(sorted(_TITLES))})\b)", re.IGNORECASE)
_COMMA = re.compile(rf",(?=\s*(?:{'|'.join(sorted(_FORMS))})\b\W*\Z)", re.IGNORECASE)
"""What parts a name from its legal form: “Meta Platforms, Inc.”."""
_KIND = re.compile(
    rf"\b(?:{'|'.join(sorted((*_KINDS.split(), *_FORMS)))})\b"
    r"(?=\W*\Z|\s+(?:von|van|of|by|des|der|from|aus|uit)\b)",
    re.IGNORECASE,
)
"""What something is, said after its name: “xAI, Elon Musk's company”, not „Turing, Konkurrent Mercor“."""
_ASIDE = re.compile(r"\s*\((?P<said>[^()]*)\)\W*\Z")
_OWNER = re.compile(r"(?:\w's|[A-Z]s) (?=\S)")
"""How a possessor ends; an s alone may belong to a name, but after a capital."""
_DENIED = (
    "nicht kein keine statt außer ohne niet geen behalve zonder not no except without but vs than als dan"
)
_NOT = frozenset(_DENIED.replace("ß", "ss").split())
"""Words by which a name may be named that is not meant."""
_NO_NAME = _JOINING | _NOT
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
        return len(other) <= _PARTS and not _NO_NAME & set(other)
    return len(one) == len(other) and all(map(_same_word, one, other))


@lru_cache(maxsize=8192)
def _name(text: str) -> tuple[str, ...]:
    plain = _COMMA.sub("", legible(text).replace(".", " "))
    aside = _ASIDE.search(plain)
    if aside and not _NO_NAME & set(tokens(aside["said"])):
        plain = plain[: aside.start()]  # „Gemini (Google)“
    plain = _COMPOUND.sub("", plain)
    head, _, apposition = plain.partition(",")
    if apposition and (_OF_PERSONS & set(tokens(apposition)) or _KIND.search(apposition)):
        plain = head  # „Alexandr Wang, CEO von Scale AI“
    plain = _unowned(plain)
    said = [word for word in tokens(plain.replace(",", " und ")) if word not in _FORMS]
    while len(said) > 1 and said[0] in _BEFORE:
        said = said[1:]
    titles = [i for i, word in enumerate(said) if word in _TITLES]
    if titles and titles[-1] + 1 < len(said) and not _NO_NAME & set(said):
        said = said[titles[-1] + 1 :]  # „Meta CEO Mark Zuckerberg“
    return tuple(said)


def _unowned(plain: str) -> str:
    """Return a name without whose it is, if that leaves one: “OpenAI's GPT-5”, not “Musk's company”."""
    owners = list(_OWNER.finditer(plain))
    if not owners:
        return plain
    owner, owned = plain[: owners[-1].end()], plain[owners[-1].end() :]
    lower = {word for word in owner.split() if not any(map(str.isupper, word))}
    return owned if lower <= _BEFORE | ARTICLES and set(tokens(owned)) - _FORMS - _TITLES else plain


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
