"""Numbers in digits and words, „14,3“, “1,234.5”, „fünfundzwanzig“, “anderhalf”, and scales after them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

SCALES: dict[str, int] = {
    "hundert": 2, "honderd": 2, "hundred": 2,
    "tausend": 3, "tsd": 3, "duizend": 3, "thousand": 3,
    "mio": 6, "million": 6, "millionen": 6, "miljoen": 6, "miljoenen": 6, "mln": 6, "mn": 6, "millions": 6,
    "mrd": 9, "milliarde": 9, "milliarden": 9, "miljard": 9, "miljarden": 9, "mld": 9, "bn": 9,
    "biljoen": 12, "biljoenen": 12, "billiarde": 15, "billiarden": 15, "biljard": 15,
    "triljoen": 18, "triljoenen": 18,
    "billionen": 12, "trillionen": 18, "billions": 9, "trillions": 12,
}  # fmt: skip
"""Scale word to power of ten where the spelling alone settles it."""

LONG_AND_SHORT: dict[str, tuple[int, int]] = {"billion": (12, 9), "trillion": (18, 12)}
"""Scale words whose power depends on the language: (German and Dutch, English)."""

LETTERS: dict[str, int] = {"k": 3, "m": 6, "b": 9}
"""Scales of one letter, read only after a currency: “$14.3B”."""

SMALL: dict[str, tuple[str, ...]] = {
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
"""The numbers from 2 to 12; "one" is also an article."""
_TEENS: dict[str, tuple[str, ...]] = {
    "de": ("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
    "nl": ("dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"),
    "en": ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
}
_TENS: dict[str, tuple[str, ...]] = {
    "de": ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"),
    "nl": ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"),
    "en": ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
}
_AND_A_HALF: dict[str, dict[str, str]] = {
    "de": {"anderthalb": "1.5", "eineinhalb": "1.5", "zweieinhalb": "2.5", "dreieinhalb": "3.5"},
    "nl": {"anderhalf": "1.5", "anderhalve": "1.5", "tweeënhalf": "2.5", "tweeëneenhalf": "2.5",
           "drieënhalf": "3.5", "drieëneenhalf": "3.5"},
    "en": {"one and a half": "1.5", "two and a half": "2.5", "three and a half": "3.5"},
}  # fmt: skip
ONE: dict[str, str] = {
    "de": r"ein(?:e[rnm]?)?",
    "nl": r"een|één",
    "en": r"an?|one",
}
"""What says 1 before a scale: „eine Milliarde“, “een miljard”, “a billion”."""
HALF: dict[str, str] = {
    "de": r"(?:(?:ein(?:e[rnm]?)?|die|der) )?halbe[nr]?",
    "nl": r"(?:een )?halve?|half",
    "en": r"(?:a )?half(?: an?)?",
}
"""What says ½ before a scale: „eine halbe Milliarde“, “half a billion”."""


def _below_hundred(language: str) -> dict[str, Decimal]:
    """Return the words of a language from 2 to 99, and the halves it has a word for."""
    found: dict[str, int] = {word: 2 + i for i, word in enumerate(SMALL[language])}
    found |= {word: 13 + i for i, word in enumerate(_TEENS[language])}
    for tens, word in enumerate(_TENS[language], start=2):
        found[word] = 10 * tens
        ones = {"de": ("ein",), "nl": ("een",), "en": ("one",)}[language] + SMALL[language][:8]
        for unit, one in enumerate(ones, start=1):
            found[_joined(language, one, word)] = 10 * tens + unit
    halves = {word: Decimal(value) for word, value in _AND_A_HALF[language].items()}
    return {word: Decimal(value) for word, value in found.items()} | halves


def _joined(language: str, unit: str, tens: str) -> str:
    if language == "en":
        return f"{tens}-{unit}"
    return f"{unit}und{tens}" if language == "de" else f"{unit}{'ën' if unit[-1] == 'e' else 'en'}{tens}"


_APART = re.compile(r"[ '’]")

WORDS: dict[str, dict[str, Decimal]] = {
    language: {word.casefold(): value for word, value in _below_hundred(language).items()}
    for language in SMALL
}
"""Number words by language, as „elf“ and “ten” mean something else in another."""

DIGITS = r"\d{1,3}(?:[ '’]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d{3})*(?:[.,]\d+)?"
"""A number in digits; thousands may also stand apart or, in Switzerland, behind apostrophes."""


def power(scale: str, language: str) -> int:
    """Return a scale word's power of ten; German and Dutch "Billion" is 10¹², English 10⁹."""
    if scale in LONG_AND_SHORT:
        return LONG_AND_SHORT[scale][language == "en"]
    return SCALES[scale] if scale in SCALES else LETTERS[scale]


@lru_cache(maxsize=4096)
def parse_number(text: str, language: str = "en") -> Decimal:
    """Return the value of digits with marks: the last mark is decimal unless it groups thousands.

    A mark groups thousands where it repeats, or where three digits follow it and it is not the language's
    decimal mark (comma in German and Dutch, point in English).
    """
    if text.isdecimal():
        return Decimal(text)
    text = _APART.sub("", text)
    marks = [c for c in text if c in ".,"]
    if not marks:
        return Decimal(text)
    last = marks[-1]
    whole, _, rest = text.rpartition(last)
    decimal_mark = "." if language == "en" else ","
    groups = marks.count(last) > 1 or (len(rest) == 3 and last != decimal_mark and len(set(marks)) == 1)
    digits = whole.replace(".", "").replace(",", "")
    return Decimal(f"{digits}{rest}") if groups else Decimal(f"{digits}.{rest}")
