"""Splitting a sentence into words in the manner of the Penn Treebank, as NLTK 3.7 does.

Equals ``NLTKWordTokenizer().tokenize`` of NLTK 3.7 with every token in lower case. Nearly every rule looks at
one piece between blanks, so that pieces are split once; only the last ones are special, for the period there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CLOSING = "])}>\"'»”’"
_ODD_BLANKS = re.compile(r"[^\S ]|  ")


class _Rule(NamedTuple):
    """A substitution, and the signs without which it never applies; "" for one that needs none."""

    pattern: re.Pattern[str]
    replacement: str
    signs: str


def _rules(*rules: tuple[str, str, str]) -> tuple[_Rule, ...]:
    return tuple(_Rule(re.compile(pattern), replacement, signs) for signs, pattern, replacement in rules)


_QUOTES = "`\"'"
_RULES = _rules(
    ("«“‘„`", "([«“‘„]|`+)", r" \1 "),
    ('"', '^"', "``"),
    (_QUOTES, "(``)", r" \1 "),
    (_QUOTES, r"""([ (\[{<])(?:"|'')""", r"\1 `` "),
    ("'", r"(?i)'(?!re|ve|ll|m|t|s|d|n)(\w)\b", r"' \1"),
    (".", r"([^.])\.([])}>\"'»”’ ]*)\s*$", r"\1 . \2 "),
    (":,", r"([:,])(\D)", r" \1 \2"),
    (":,", r"([:,])$", r" \1 "),
    (".", r"(\.{2,})", r" \1 "),
    (";@#$%&", r"([;@#$%&])", r" \1 "),
    (".", r"([^.])\.([])}>\"']*)\s*$", r"\1 .\2 "),
    ("?!", r"([?!])", r" \1 "),
    ("'", r"([^'])' ", r"\1 ' "),
    ("*", r"([*])", r" \1 "),
    ("][(){}<>", r"([][(){}<>])", r" \1 "),
    ("-", "--", " -- "),
)
_FIRST_PARTS = r"can(?=not\b)|gim(?=me\b)|gon(?=na\b)|got(?=ta\b)|lem(?=me\b)|wan(?=na\s)"
_RULES_OF_PADDED = _rules(
    ("»”’", "([»”’])", r" \1 "),
    ("'", "''", " '' "),
    ('"', '"', " '' "),
    ("'", r"([^' ])('[sSmMdD]?) ", r"\1 \2 "),
    ("'", r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", r"\1 \2 "),
    ("", rf"(?i)\b({_FIRST_PARTS})(not|me|na|ta)", r" \1 \2 "),
    ("'", r"(?i)\b(d)('ye)\b", r" \1 \2 "),
    ("'", r"(?i)\b(more)('n)\b", r" \1 \2 "),
    ("'", r"(?i) ('t)(is|was)\b", r" \1 \2 "),
)
_SIGNS = re.compile(r"[^\w\s]")
_PLAIN = re.compile(r"([0-9A-Za-z]+)([.?!]?)")
_CONTRACTED = frozenset({"cannot", "gimme", "gonna", "gotta", "lemme", "wanna"})


def words(sentence: str) -> list[str]:
    """Return the words of a sentence, which does not end with a blank, in lower case."""
    pieces = sentence.split()
    last = len(pieces) - 1
    while last > 0 and not pieces[last].strip(_CLOSING):
        last -= 1
    if last <= 0 or _ODD_BLANKS.search(sentence):
        return _split(sentence)
    found = list(_inside(pieces[0]) if sentence[0] == " " else _first(pieces[0]))
    for piece in pieces[1:last]:
        found += _inside(piece)
    found += _ending(pieces[last] if last == len(pieces) - 1 else " ".join(pieces[last:]))
    return found


def _split(text: str) -> list[str]:
    rules, rules_of_padded = _applicable(frozenset(_SIGNS.findall(text)))
    for rule in rules:
        text = rule.pattern.sub(rule.replacement, text)
    text = f" {text} "
    for rule in rules_of_padded:
        text = rule.pattern.sub(rule.replacement, text)
    return [word.lower() for word in text.split()]


@lru_cache(maxsize=1 << 12)
def _applicable(signs: frozenset[str]) -> tuple[tuple[_Rule, ...], tuple[_Rule, ...]]:
    """Return the rules that may change a text with these signs."""

    def may_apply(rules: tuple[_Rule, ...]) -> tuple[_Rule, ...]:
        return tuple(rule for rule in rules if not rule.signs or not signs.isdisjoint(rule.signs))

    return may_apply(_RULES), may_apply(_RULES_OF_PADDED)


def _plain(piece: str) -> tuple[str, ...] | None:
    """Return the words of a piece that no rule touches but the one for its last character."""
    found = _PLAIN.fullmatch(piece)
    if found is None:
        return None
    word = found[1].lower()
    return None if word in _CONTRACTED else (word, found[2]) if found[2] else (word,)


@lru_cache(maxsize=1 << 16)
def _inside(piece: str) -> tuple[str, ...]:
    """Return the words of a piece between two blanks; the x keeps the rules for endings away."""
    return _bare(piece) or tuple(_split(f" {piece} x")[:-1])


@lru_cache(maxsize=1 << 12)
def _first(piece: str) -> tuple[str, ...]:
    return _bare(piece) or tuple(_split(f"{piece} x")[:-1])


@lru_cache(maxsize=1 << 16)
def _ending(pieces: str) -> tuple[str, ...]:
    return _plain(pieces) or tuple(_split(" " + pieces))


def _bare(piece: str) -> tuple[str, ...] | None:
    """As ``_plain``, but a period stays with its word where more follows."""
    if not piece.isascii() or not piece.isalnum():
        return None
    return _plain(piece)
