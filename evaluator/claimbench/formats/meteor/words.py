"""Splitting a sentence into words in the manner of the Penn Treebank, as NLTK 3.7 does.

Equals ``NLTKWordTokenizer().tokenize`` of NLTK 3.7 with every token in lower case. Nearly every rule looks at
one piece between blanks, so that pieces are split once; only the last ones are special, for the period there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

CLOSING = "])}>\"'»”’"
"""What may stand after the period of a sentence."""


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
    (".", r"([^.])\.([])}>\"'»”’ ]*+)\s*$", r"\1 . \2 "),
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
_CONTRACTED = frozenset({"cannot", "gimme", "gonna", "gotta", "lemme", "wanna"})


def words(sentence: str) -> list[str]:
    """Return the words of a sentence, which does not end with a blank, in lower case."""
    return _lower(_marked(sentence))


def words_inside(pieces: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each piece between blanks with its words where it neither starts nor ends a sentence.

    Pieces with the same signs are split in one go, with line breaks between them; what stands after the
    last keeps the rules for endings away.
    """
    together: dict[frozenset[str], list[str]] = {}
    for piece in pieces:
        if piece.isascii() and piece.isalnum() and piece.lower() not in _CONTRACTED:
            yield piece, [piece.lower()]
        else:
            together.setdefault(frozenset(_SIGNS.findall(piece)), []).append(piece)
    for group in together.values():
        marked = _marked(" " + " \n ".join(group) + " \n x")
        yield from zip(group, map(_lower, marked.split("\n")), strict=False)


def _lower(marked: str) -> list[str]:
    return [word.lower() for word in marked.split()]


def _marked(text: str) -> str:
    """Return a text with blanks between its words."""
    rules, rules_of_padded = _applicable(frozenset(_SIGNS.findall(text)))
    for rule in rules:
        text = rule.pattern.sub(rule.replacement, text)
    text = f" {text} "
    for rule in rules_of_padded:
        text = rule.pattern.sub(rule.replacement, text)
    return text


@lru_cache(maxsize=1 << 12)
def _applicable(signs: frozenset[str]) -> tuple[tuple[_Rule, ...], tuple[_Rule, ...]]:
    """Return the rules that may change a text with these signs."""

    def may_apply(rules: tuple[_Rule, ...]) -> tuple[_Rule, ...]:
        return tuple(rule for rule in rules if not rule.signs or not signs.isdisjoint(rule.signs))

    return may_apply(_RULES), may_apply(_RULES_OF_PADDED)
