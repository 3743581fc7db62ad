"""The currency that words and symbols name, in German, Dutch and English."""

from __future__ import annotations

from functools import lru_cache

COLLOQUIAL: dict[str, str] = {
    "$": "USD", "us$": "USD", "us $": "USD", "dollar": "USD", "dollars": "USD", "us dollar": "USD",
    "us dollars": "USD", "amerikaanse dollar": "USD",
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pfund": "GBP", "pond": "GBP", "pounds": "GBP",
    "pound": "GBP", "sterling": "GBP", "¥": "JPY", "yen": "JPY", "franken": "CHF", "francs": "CHF",
    "yuan": "CNY", "renminbi": "CNY", "rupien": "INR", "roepie": "INR", "rupees": "INR", "won": "KRW",
    "rubel": "RUB", "roebel": "RUB", "roubles": "RUB", "zloty": "PLN", "zł": "PLN",
}  # fmt: skip
"""What people write without the country; "dollar" and "$" alone are the American ones."""

LONGEST = 3
"""No name has more words."""


_NOUNS = """
    dollar dollars pfund pond pounds pound franken frank franc francs krone kronen kroon kronor kroner krona
    peso pesos rand real reais lira lire forint
"""
_HEADS = frozenset(_NOUNS.split())
"""The nouns behind a country in „kanadische Dollar“: CLDR is asked only where one of them stands."""


@lru_cache(maxsize=4096)
def currency(words: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the code of the currency that the words start with and how many of them name it, or None.

    Codes are in capitals, as ISO 4217 has them; names are those of CLDR.
    """
    said = tuple(word.casefold() for word in words[:LONGEST])
    for count in range(len(said), 0, -1):
        name = " ".join(said[:count]).replace("us-", "us ")
        if name in COLLOQUIAL:
            return COLLOQUIAL[name], count
        if count > 1 and said[count - 1] in _HEADS and name in _names():
            return _names()[name], count
    if words and len(words[0]) == 3 and words[0].isupper() and words[0] in _codes():
        return words[0], 1
    return None


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return CLDR's names of several words, singular and plural: „Kanadische Dollar“, “Britse pond”."""
    from babel import Locale
    from babel.numbers import get_currency_name

    found: dict[str, str] = {}
    for language in ("de", "nl", "en"):
        for code in sorted(Locale(language).currencies):
            for count in (None, 2):
                name = get_currency_name(code, count, language).casefold()
                if 1 < len(name.split()) <= LONGEST:
                    found.setdefault(name, code)
    return found
