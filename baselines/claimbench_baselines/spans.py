"""Stretches of a sentence that could answer a question of some kind, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable

import claimbench
from claimbench_baselines.clauses import clauses

_SCALE = (
    r"Mrd\.?|Mio\.?|Milliarden?|Million(?:en)?|Billionen|Tausend|"
    r"miljard|miljoen|mld\.?|mln\.?|billion|million"
)
_UNIT = r"US-Dollars?|Dollars?|Euros?|USD|EUR|%|Prozent|procent|percent|\$|€"
_QUANTITY = re.compile(
    rf"(?:(?:US)?\$|€|£)?\s?(?<![\w.,#])(?:\d+(?:[.,]\d+)*|fünf|vijf|five|drei|drie|three|zwei|twee|two)\b"
    rf"(?:[\s-](?:{_SCALE})(?!\w))?(?:[\s-]?(?:{_UNIT})(?!\w))?"
    r"|(?:die Hälfte|de helft|half)\b"
)
_DATE = re.compile(
    r"(?:am |op |on )?\d{1,2}\.? (?:[A-ZÄ][a-zä]+|[a-z]{3,9}) (?:19|20)\d\d"
    r"|\b(?:19|20)\d\d\b"
    r"|\b(?:am|op|on) (?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|\w+dag|\w+day)\b"
    r"|\b(?:in diesem|im (?:letzten|vergangenen)) Jahr\b|\b(?:dit|vorig|afgelopen) jaar\b"
    r"|\b(?:letzte|vorige|last) (?:Woche|week)\b|\bbis zum Jahresende\b|\btegen het einde van het jaar\b"
)
_NAME = re.compile(r"(?:\b[A-ZÄÖÜ]\w*|\b[a-z][A-Z]{2}\b)(?:[ -](?:[A-ZÄÖÜ]\w*))*")
_LOWER_CASE = re.compile(r"\b[^\W\dA-ZÄÖÜ_]+\b")
_NO_PERSON = re.compile(r"[A-Z]{2}|-|\d")
_ANY_UNIT = {"money", "percent", "number", "date"}


def plain_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that some text has in lower case: at the head of a sentence these are no names."""
    return frozenset(word for text in texts for word in _LOWER_CASE.findall(text))


def candidates(kind: str, sentence: str, language: str, plain: frozenset[str]) -> list[str]:
    """Return the stretches of a sentence that have the kind asked for; clauses where no kind is known."""
    if kind in _ANY_UNIT:
        return _measured(kind, sentence, language)
    if kind in ("person", "organisation"):
        return names(kind, sentence, plain)
    return [sentence[start:end] for start, end in clauses(sentence)]


def _measured(kind: str, sentence: str, language: str) -> list[str]:
    if kind == "date":
        return [found.group().strip() for found in _DATE.finditer(sentence)]
    texts = [found.group().strip() for found in _QUANTITY.finditer(sentence)]
    return [text for text in texts if _kind_of(text, language) == kind]


def _kind_of(text: str, language: str) -> str:
    units = [quantity.unit for quantity in claimbench.quantities(text, language)]
    if not units:
        return ""
    return {"percent": "percent", "year": "year", "": "number"}.get(units[0], "money")


def names(kind: str, sentence: str, plain: frozenset[str]) -> list[str]:
    """Return capitalised stretches: of two or three plain words for a person, of any make otherwise.

    German writes every noun with a capital, so many of them are no names.
    """
    found = []
    for part in _NAME.finditer(sentence):
        words = part.group().split(" ")
        while words and (words[0].lower() in plain or words[0].endswith("CEO")):
            words = words[1:]
        if kind != "person" or (len(words) in (2, 3) and not _NO_PERSON.search(" ".join(words))):
            found.append(" ".join(words))
    return list(dict.fromkeys(name for name in found if name))
