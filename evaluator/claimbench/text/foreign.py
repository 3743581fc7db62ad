"""The languages that an answer's numbers are read in, told by the words that are foreign to the others.

“1 billion dollars” is 10⁹ and „1 Billion Dollar“ 10¹², whatever the language of the question.
"""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from operator import and_

from claimbench.text.normalise import caseless, legible
from claimbench.text.numbers import WORDS
from claimbench.text.quantities import read_by_language

_BITS = {language: 1 << i for i, language in enumerate(WORDS)}
_ALL = sum(_BITS.values())
_LANGUAGES = [
    tuple(language for language, bit in _BITS.items() if bit & languages) for languages in range(_ALL + 1)
]

_ROWS = """
de: mrd mio tsd ein eine einen einem einer eines eins halbe halben halbes
de: jahr jahre jahren jahres monat monate monaten woche wochen tag tage tagen stunde stunden
de: prozent prozentpunkt prozentpunkte prozentpunkten hälfte quelle quellen pfund
de: rund etwa ungefähr nahezu knapp beinahe mindestens höchstens weniger
nl: mln een één halve jaar maand maanden weken dag dagen uur uren
nl: procent procentpunt procentpunten helft bron bronnen pond
nl: ongeveer bijna nagenoeg ruim minstens hoogstens minder
en: bn one a year years month months weeks day days hour hours
en: percent sources pound pounds people
en: about around roughly approximately nearly almost more than less least most
de en: million billion trillion
nl en: dollars half ten week
"""
_SPOKEN = {
    **{
        word: sum(bit for language, bit in _BITS.items() if word in WORDS[language])
        for words in WORDS.values()
        for word in words
    },
    **{
        word: sum(_BITS[language] for language in row.partition(":")[0].split())
        for row in _ROWS.strip().splitlines()
        for word in row.partition(":")[2].split()
    },
}
"""Words that make numbers or stand beside them, case folded, to the languages that have them."""
_AS_WRITTEN = {"Dollar": _BITS["de"], "Euro": _BITS["de"], "A": _ALL}
"""Nouns that only German begins with a capital, and a letter that may be a name: “Series A”."""
_SCALES = tuple(
    (_BITS[language], re.compile(words))
    for language, words in (
        ("de", r"hundert|tausend|(?:m|b|tr)illionen|(?:m|b)illiarde"),
        ("nl", r"honderd|duizend|(?:m|b|tr)iljoen|(?:m|b)iljard"),
        ("en", r"hundred|thousand|(?:m|b|tr)illions"),
    )
)
"""Scales that name their language wherever in a word they stand: „zweihundert“, “tienmiljard”."""
_PIECE = re.compile(r"[^\W\d_]+(?:[.'][^\W\d_]+)*")
_ENGLISH = re.compile(
    r"(?<![\d.,])(?:[2-9]|[1-9]\d)[\d.,]*[\s-]?(?:billion|trillion)\b"
    r"|(?-i:[$€£] ?\d[\d.,]*[ -]?(?:billion|trillion)\b)",
    re.IGNORECASE,
)
"""What German writes otherwise: “10 billion”, not „10 Billionen“; “$1 billion”, not „1 Billion Dollar“."""


@lru_cache(maxsize=8192)
def read_in(text: str, language: str) -> tuple[str, ...]:
    """Return the languages that the numbers of an answer to a question in ``language`` are read in.

    That is the question's language where no word of the answer is foreign to it, or all languages read the
    answer alike; else every language to which no word is foreign. Known are the words that make numbers or
    stand beside them: „Billionen“, “dollars”, “ten”, “about”; several “billion”, and “$1 billion”, are
    English. An answer whose words exclude one another is read in all; to be right it has to be so in each.
    """
    if not read_by_language(text):
        return (language,)
    plain = legible(text)
    spoken = reduce(and_, map(_spoken, plain.split(" ")))
    if _ENGLISH.search(plain):
        spoken &= _BITS["en"]
    return _LANGUAGES[spoken & _BITS[language] or spoken or _ALL]


@lru_cache(maxsize=1 << 14)
def _spoken(word: str) -> int:
    """Return the languages to which no piece of a word of legible text is foreign."""
    return reduce(and_, map(_spoken_alone, _PIECE.findall(word)), _ALL)


def _spoken_alone(piece: str) -> int:
    if piece in _AS_WRITTEN:
        return _AS_WRITTEN[piece]
    said = caseless(piece)
    if said in _SPOKEN:
        return _SPOKEN[said]
    return next((bit for bit, scales in _SCALES if scales.search(said)), _ALL)
