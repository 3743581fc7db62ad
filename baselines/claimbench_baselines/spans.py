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
    r"|(?:die Hälfte|de helft|half)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:am |op |on )?\d{1,2}\.? (?:[A-ZÄ][a-zä]+|[a-z]{3,9}) (?:19|20)\d\d"
    r"|\b(?:19|20)\d\d\b"
    r"|\b(?:am|op|on) (?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|\w+dag|\w+day)\b"
    r"|\b(?:in diesem|im (?:letzten|vergangenen)) Jahr\b|\b(?:dit|vorig|afgelopen) jaar\b"
    r"|\b(?:letzte|vorige|last) (?:Woche|week)\b|\bbis zum Jahresende\b|\btegen het einde van het jaar\b"
)
_REASON = re.compile(
    r"\b(?:weil|da|damit|wegen|aufgrund|aus Sorge|omdat|doordat|zodat|vanwege|om|um|because|so that)\b"
    r"[^,;.]{12,}",
    re.IGNORECASE,
)
_WORD = r"[A-ZÄÖÜ][\w’'-]*|[a-z][A-Z]{2}\w*"
_NAME = re.compile(rf"\b(?:{_WORD})(?: (?:{_WORD}))*")
_ENUMERATION = re.compile(
    rf"\b(?:{_WORD})(?: (?:{_WORD}))*(?:, (?:{_WORD})(?: (?:{_WORD}))*)* (?:und|en|and) (?:{_WORD})"
)
_LOWER_CASE = re.compile(r"\b[^\W\dA-ZÄÖÜ_]+\b")
_NO_PERSON = re.compile(r"[A-Z]{2}|-|\d")
_MARKED = re.compile(r"\w[A-Z]|\d|^[A-Z]{2,}$")
_NOUN = re.compile(r"(?:ung|heit|keit|tion|schaft|ment|tät|nis|[^aeiouy]e[nr]?|[lnr]s)$")
_DETERMINER = re.compile(
    r"\b(?:d(?:er|ie|as|en|em|es)|(?:k|s|m)?ein\w*|ihr\w*|diese\w*|alle\w*) $",
    re.IGNORECASE,
)
_ANY_WORD = re.compile(r"[^\W_]+")
_STEM = 5
_MEASURED = {"money", "percent", "number", "date"}
NAMED = frozenset({"person", "organisation", "product", "place"})


def plain_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that some text has in lower case: at the head of a sentence these are no names."""
    return frozenset(word for text in texts for word in _LOWER_CASE.findall(text))


def candidates(kind: str, sentence: str, language: str, plain: frozenset[str]) -> list[str]:
    """Return the stretches of a sentence that have the kind asked for; clauses where no kind is known."""
    if kind in _MEASURED:
        return _measured(kind, sentence, language)
    if kind in NAMED:
        return names(kind, sentence, language, plain)
    if kind == "list":
        return [found.group() for found in _ENUMERATION.finditer(sentence)]
    if kind == "reason":
        return [found.group() for found in _REASON.finditer(sentence)]
    return [sentence[start:end] for start, end in clauses(sentence)]


def longest_news(sentence: str, question: str) -> str:
    """Return the longest stretch inside a clause without words of the question, compared by their start."""
    asked = {word[:_STEM] for word in _ANY_WORD.findall(question.lower())}
    runs: list[tuple[int, int]] = []
    for start, end in clauses(sentence):
        first = None
        for word in _ANY_WORD.finditer(sentence, start, end):
            if word.group().lower()[:_STEM] in asked:
                first = None
                continue
            first = word.start() if first is None else first
            runs.append((first, word.end()))
    first, last = max(runs, key=lambda run: (run[1] - run[0], -run[0]), default=(0, len(sentence)))
    return sentence[first:last]


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


def names(kind: str, sentence: str, language: str, plain: frozenset[str]) -> list[str]:
    """Return capitalised stretches: of two or three plain words for a person, of any make otherwise.

    German writes every noun with a capital: what follows an article, or ends as nouns do, is
    left out unless it is written as only names are (GPT-5, OpenAI).
    """
    found = []
    for part in _NAME.finditer(sentence):
        words = part.group().rstrip("-'’").split(" ")
        while words and (words[0].lower() in plain or words[0].endswith("CEO")):
            words = words[1:]
        text = " ".join(words)
        before = sentence[: part.start() + part.group().index(text)]
        if not text or (language == "de" and len(words) == 1 and _is_noun(text, before)):
            continue
        if kind != "person" or (len(words) in (2, 3) and not _NO_PERSON.search(text)):
            found.append(text)
    return list(dict.fromkeys(found))


def _is_noun(word: str, before: str) -> bool:
    return not _MARKED.search(word) and bool(_NOUN.search(word) or _DETERMINER.search(before))
