"""Splitting a text into sentences by Punkt with its parameters for English (Kiss and Strunk 2006).

Equals ``PunktSentenceTokenizer`` of NLTK 3.7; later versions also look at curly quotes.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from claimbench.errors import InputError

if TYPE_CHECKING:
    from claimbench.formats.meteor.resources import Folder

AFTER = r"""[)";}\]*:@'({\[!?]"""
"""What may follow a mark inside a word with which a sentence ends."""

_MANY = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_CANDIDATE = re.compile(rf"[.?!](?=(?P<after>{AFTER}|\s+(?P<next>\S+)))")
_TOKEN = re.compile(
    rf"{_MANY}|(?=[^(\"`{{\[:;&#*@)}}\]\-,])\S+?(?=\s|$|{AFTER}|{_MANY}|,(?=$|\s|{AFTER}|{_MANY}))|\S"
)
_BLANKS = re.compile(r"\s+")
_CLOSING = re.compile(r"""["')\]}]+?(?:\s+|(?=--)|$)""", re.MULTILINE)
_NUMBER = re.compile(r"^-?[.,]?\d[\d,.\-]*\.?$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_ELLIPSIS = re.compile(r"\.\.+$")

_UPPER_INSIDE = 1 << 2
_UPPER = 1 << 1 | 1 << 2 | 1 << 3
_LOWER_FIRST = 1 << 4
_LOWER = 1 << 4 | 1 << 5 | 1 << 6
"""How a word was seen: in which case, and where in a sentence."""


class Punkt(msgspec.Struct, frozen=True):
    """What Punkt learned of a language; ``decided`` keeps what followed for contexts that came up."""

    abbreviations: frozenset[str]
    collocations: frozenset[tuple[str, str]]
    starters: frozenset[str]
    seen: dict[str, int]
    decided: dict[str, bool] = msgspec.field(default_factory=dict)


def load_punkt(folder: Folder) -> Punkt:
    """Return the parameters in a folder of NLTK's punkt_tab. Raises InputError where they cannot be read."""

    def lines(name: str) -> list[str]:
        return (folder / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")

    try:
        pairs = [line.split("\t") for line in lines("collocations.tab")]
        seen = [line.split("\t") for line in lines("ortho_context.tab")]
        return Punkt(
            abbreviations=frozenset(lines("abbrev_types.txt")),
            collocations=frozenset((first, second) for first, second in pairs),
            starters=frozenset(lines("sent_starters.txt")),
            seen={word: int(flags) for word, flags in seen},
        )
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder}: no parameters of punkt_tab: {error}") from None


def sentences(text: str, punkt: Punkt) -> list[str]:
    """Return the sentences of a text, each without the blanks after it."""
    slices, start = [], 0
    for candidate, context in _candidates(text):
        if _breaks(context, punkt):
            slices.append((start, candidate.end()))
            start = candidate.start("next") if candidate["next"] else candidate.end()
    slices.append((start, len(text.rstrip())))
    return [text[a:b] for a, b in (_realigned(text, slices) if len(slices) > 1 else slices) if text[a:b]]


def ends_between(piece: str, after: str, punkt: Punkt) -> bool:
    """Whether a sentence ends with a piece and a blank, if only the piece's last mark can be its end."""
    return piece[-1] != "." or _breaks(f"{piece} {after}", punkt)


def _candidates(text: str) -> list[tuple[re.Match[str], str]]:
    """Return every possible end with its context: the word before it, it, and what follows.

    Of several in one word only the last counts.
    """
    found: list[tuple[re.Match[str], str]] = []
    blanks = [blank.span() for blank in _BLANKS.finditer(text)]
    before = 0
    for match in reversed(list(_CANDIDATE.finditer(text))):
        if found and match.end() > before:
            continue
        end = match.start()
        while blanks and blanks[-1][1] >= end:
            end = min(end, blanks.pop()[0])
        before, start = blanks[-1] if blanks else (0, 0)
        found.append((match, text[start:end] + match[0] + match["after"]))
    return found[::-1]


def _realigned(text: str, slices: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the slices with closing punctuation moved to the sentence that it closes."""
    result, skipped = [], 0
    for (start, stop), after in zip(slices, [*slices[1:], None], strict=True):
        start += skipped
        closing = _CLOSING.match(text[slice(*after)]) if after is not None else None
        if closing is not None and after is not None:
            stop, skipped = after[0] + len(closing[0].rstrip()), closing.end()
        else:
            skipped = 0
        result.append((start, stop))
    return result


class _Token:
    """A word of a context, with what Punkt says of it."""

    __slots__ = ("abbreviation", "ellipsis", "ends", "text", "type")

    def __init__(self, text: str, punkt: Punkt) -> None:
        self.text = text
        self.type = _NUMBER.sub("##number##", text.lower())
        self.ends = self.ellipsis = self.abbreviation = False
        if text in (".", "?", "!"):
            self.ends = True
        elif _ELLIPSIS.match(text):
            self.ellipsis = True
        elif text.endswith(".") and not text.endswith(".."):
            bare = text[:-1].lower()
            known = bare in punkt.abbreviations or bare.split("-")[-1] in punkt.abbreviations
            self.abbreviation, self.ends = known, not known

    @property
    def type_before_period(self) -> str:
        return self.type[:-1] if len(self.type) > 1 and self.type[-1] == "." else self.type

    @property
    def type_as_next(self) -> str:
        return self.type_before_period if self.ends else self.type


def _breaks(context: str, punkt: Punkt) -> bool:
    """Whether a sentence ends somewhere in a context before its last token."""
    known = punkt.decided.get(context)
    if known is None:
        tokens = [_Token(found[0], punkt) for line in context.split("\n") for found in _TOKEN.finditer(line)]
        known = any(_ends(token, after, punkt) for token, after in pairwise(tokens))
        punkt.decided[context] = known
    return known


def _ends(token: _Token, after: _Token, punkt: Punkt) -> bool:
    """Decide whether a token ends a sentence, given the next one."""
    if not token.text.endswith("."):
        return token.ends
    kind, next_kind = token.type_before_period, after.type_as_next
    if (kind, next_kind) in punkt.collocations:
        return False
    ends, initial = token.ends, _INITIAL.match(token.text) is not None
    starts = _starts(after, punkt)
    upper = after.text[0].isupper()
    usual = (token.abbreviation or token.ellipsis) and not initial
    if usual and (starts or (upper and next_kind in punkt.starters)):
        return True
    if initial or kind == "##number##":
        never_lower = not punkt.seen.get(next_kind, 0) & _LOWER
        if starts is False or (starts is None and initial and upper and never_lower):
            return False
    return ends


def _starts(token: _Token, punkt: Punkt) -> bool | None:
    """Whether the case of a word says that it starts a sentence; None where it does not tell."""
    if token.text in (";", ":", ",", ".", "!", "?"):
        return False
    seen = punkt.seen.get(token.type_as_next, 0)
    if token.text[0].isupper() and seen & _LOWER and not seen & _UPPER_INSIDE:
        return True
    if token.text[0].islower() and (seen & _UPPER or not seen & _LOWER_FIRST):
        return False
    return None
