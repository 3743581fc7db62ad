"""Numbers in German, Dutch and English text: „14,3 Milliarden Dollar“, “$ 870 miljoen”, “4.3 %”.

Digits with decimal comma or point, thousands marks, scale words in all three languages, currency, percent.
German and Dutch "Billion/biljoen" is 10¹², English "billion" 10⁹: spelling alone decides, as the words differ
(Milliarde, miljard, billion) except for "Billion(en)", which is read by the language given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from claimbench.text.normalise import canonical

SCALES: dict[str, int] = {
    "tausend": 3, "duizend": 3, "thousand": 3,
    "mio": 6, "million": 6, "millionen": 6, "miljoen": 6, "mln": 6, "millions": 6, "m": 6,
    "mrd": 9, "milliarde": 9, "milliarden": 9, "miljard": 9, "miljarden": 9, "mld": 9, "bn": 9,
    "billionen": 12, "biljoen": 12, "biljoenen": 12, "trillion": 12,
    "billions": 9,
}  # fmt: skip
"""Scale word to power of ten. "billion" is not here: its power depends on the language."""

CURRENCIES: dict[str, str] = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "us-dollar": "USD",
    "us-dollars": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP",
}  # fmt: skip

WORDS: dict[str, dict[str, int]] = {
    "de": {"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
           "zehn": 10, "elf": 11, "zwölf": 12, "zwanzig": 20},
    "nl": {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
           "tien": 10, "elf": 11, "twaalf": 12, "twintig": 20},
    "en": {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
           "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20},
}  # fmt: skip
"""Number words by language, as „elf“ and “ten” mean something else in another; "one" is also an article."""


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A number with its unit: a currency code, "percent", "year" or "" for a bare number."""

    unit: str
    value: Decimal


_NUMBER = r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?"
_SCALE = "|".join(sorted((*SCALES, "billion"), key=len, reverse=True))
_MONEY = r"us[- ]?dollars?|us\$|dollars?|usd|euros?|eur|\$|€|£"
_QUANTITY = {
    language: re.compile(
        rf"(?P<before>us\$|\$|€|£)?\s*(?<![\w.,])"
        rf"(?P<number>{_NUMBER}|\b(?:{'|'.join(words)})\b)"
        rf"(?:[\s-]*(?P<scale>{_SCALE})\b\.?)?"
        rf"(?:[\s-]*(?P<unit>{_MONEY}|%|prozent\w*|procent\w*|percent\w*))?",
    )
    for language, words in WORDS.items()
}
_HALF = re.compile(r"\b(?:die hälfte|de helft|half)\b")


@lru_cache(maxsize=65536)
def quantities(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """Return the distinct quantities of a text, sorted. ``language`` settles "1.000", "billion" and words."""
    plain = canonical(text)
    found = {_read(match, language) for match in _QUANTITY[language].finditer(plain)}
    if _HALF.search(plain):
        found.add(Quantity("percent", Decimal(50)))
    return tuple(sorted(q for q in found if q is not None))


def _read(match: re.Match[str], language: str) -> Quantity | None:
    number, scale, unit = match["number"], match["scale"], match["unit"] or match["before"]
    word = WORDS[language].get(number)
    value = parse_number(number, language) if word is None else Decimal(word)
    if scale:
        power = (9 if language == "en" else 12) if scale == "billion" else SCALES[scale]
        value = value.scaleb(power)
    if unit is None:
        is_year = not scale and re.fullmatch(r"(?:19|20)\d\d", number)
        return Quantity("year" if is_year else "", value.normalize())
    currency = CURRENCIES.get(unit.replace(" ", "-"))
    return Quantity(currency or "percent", value.normalize())


def parse_number(text: str, language: str = "en") -> Decimal:
    """Return the value of digits with marks: the last mark is decimal unless it groups thousands.

    A mark groups thousands where it repeats, or where three digits follow it and it is not the language's
    decimal mark (comma in German and Dutch, point in English).
    """
    marks = [c for c in text if c in ".,"]
    if not marks:
        return Decimal(text)
    last = marks[-1]
    whole, _, rest = text.rpartition(last)
    decimal_mark = "." if language == "en" else ","
    groups = marks.count(last) > 1 or (len(rest) == 3 and last != decimal_mark and len(set(marks)) == 1)
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(f"{digits}{rest}") if groups else Decimal(f"{digits}.{rest}")


def disagree(left: tuple[Quantity, ...], right: tuple[Quantity, ...]) -> bool:
    """Whether two texts give different numbers of one unit: each has a value there the other lacks."""
    for unit in {q.unit for q in left} & {q.unit for q in right}:
        a = {q.value for q in left if q.unit == unit}
        b = {q.value for q in right if q.unit == unit}
        if a - b and b - a:
            return True
    return False
