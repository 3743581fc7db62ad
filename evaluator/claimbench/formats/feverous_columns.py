"""FEVEROUS's claims many at a time: evidence is compared as it is written, without making strings of it.

Pieces of evidence are stretches of one text. Whatever is unusual is left to the reading claim by claim, which
gives the same codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.formats.evidence import HITS, PIECES, RECALLED
from claimbench.stats.estimators import Ints

Places = npt.NDArray[np.intp]
Marks = npt.NDArray[np.bool_]

_QUOTE, _UNDERSCORE, _COMMA, _SPACE, _ESCAPE, _END = b'"_, \\]'
_WIDTH = 8
"""Bytes that are compared at once; shorter pieces are unusual."""
_LONGEST = 63
"""Pieces of a claim, each of which is compared with all others, above which it is unusual."""
_CHARACTER = r'(?:[^"_\\]|\\"|\\u[0-9a-f]{4})'
_PIECE = rf'"(?=(?:{_CHARACTER}|_){{{_WIDTH}}}){_CHARACTER}+_(?:{_CHARACTER}|_)*{_CHARACTER}"'
_LIST = re.compile(rf"\[{_PIECE}(?:, ?{_PIECE})*\]".encode())
"""A list of evidence that is as usual; others have a stand-in where there are any."""
_STAND_IN = b'["unusual_0"]'


class UnclearError(ValueError):
    """Something is unusual."""


Context = dict[str, msgspec.Raw] | msgspec.UnsetType


class Group(msgspec.Struct, frozen=True, gc=False):
    """One sufficient set of evidence, as it is written, and its context, whose keys count."""

    content: msgspec.Raw
    context: Context = msgspec.UNSET


class Line(msgspec.Struct, frozen=True, gc=False):
    """What is read of a line, its evidence as it is written."""

    label: str
    evidence: list[Group]
    predicted_label: str
    predicted_evidence: msgspec.Raw
    id: int | str | None = None


def plainly(lists: Iterable[msgspec.Raw | bytes]) -> bytes:
    """Return lists of evidence, one after the other, as msgspec writes them once they are decoded.

    Raises ValueError where they are written in an unusual way.
    """
    written = b"".join(lists)
    if b'", ",' in written:
        # A string may be a comma and a space.
        raise UnclearError
    data = np.frombuffer(written, np.uint8)
    quote, comma, kept = _unescaped(data, _QUOTE), data == _COMMA, np.ones(data.size, dtype=np.bool_)
    kept[2:-1] = ~((data[2:-1] == _SPACE) & quote[:-3] & comma[1:-2] & quote[3:])
    text: bytes = data[kept].tobytes()
    return text.decode("raw_unicode_escape").encode() if _escaped(text) else text


def _unescaped(data: npt.NDArray[np.uint8], character: int) -> Marks:
    """Return where a character stands that no backslash goes before."""
    found: Marks = data == character
    found[1:] &= data[:-1] != _ESCAPE
    return found


def _escaped(text: bytes) -> bool:
    """Whether characters are escaped. Raises ValueError where equal strings may be written differently.

    They are not where either only quotation marks are escaped, or all characters beyond ASCII, too, in lower
    case. Those beyond 65,535, which take two escapes, are unusual.
    """
    data = np.frombuffer(text, np.uint8)
    at = np.flatnonzero(data == _ESCAPE)
    letter, *digits = (data.take(at + i, mode="clip") for i in range(1, 6))
    other = letter != _QUOTE
    if not other.any():
        text.isascii() or text.decode()
        return False
    odd = (letter != ord("u")) | (digits[0] == ord("d")) & (digits[1] > ord("7"))
    odd |= (digits[0] == ord("0")) & (digits[1] == ord("0")) & (digits[2] < ord("8"))
    for digit in digits:
        odd |= (digit > ord("9")) & (digit < ord("a"))
    if (odd & other).any() or not text.isascii():
        raise UnclearError
    return True


class _Pieces(NamedTuple):
    """Pieces of evidence in a text: where each begins and ends, and where what follows its page begins.

    ``words`` are the next eight bytes from every place on, ``lists`` the first pieces of the lists of them.
    """

    words: npt.NDArray[np.uint64]
    starts: Places
    ends: Places
    kinds: Places
    lists: Places


def _pieces(text: bytes, lists: int) -> _Pieces:
    """Return the pieces of so many JSON arrays. Raises ValueError where any is not as usual."""
    data = np.frombuffer(text + bytes(2 * _WIDTH), np.uint8)
    words = np.ndarray(data.size - _WIDTH + 1, np.dtype("<u8"), data, strides=(1,))
    marks = np.flatnonzero(_unescaped(data, _QUOTE) | (data == _UNDERSCORE))
    quotes = np.flatnonzero(data[marks] == _QUOTE)
    first, last = quotes[::2], quotes[1::2]
    starts, ends = marks[first] + 1, marks[last]
    after = data[ends + 1]
    gaps, closing = starts[1:] - ends[:-1], after == _END
    comma = (after == _COMMA)[:-1] & ((gaps == 3) | (gaps == 4) & (data[ends[:-1] + 2] == _SPACE))
    usual = (closing[:-1] & (gaps == 4) | comma).all() and text[:2] == b'["' and text[-2:] == b'"]'
    if not usual or np.count_nonzero(closing) != lists:
        raise UnclearError
    if (last - first < 2).any() or (marks[last - 1] == ends - 1).any() or (ends - starts < _WIDTH).any():
        raise UnclearError
    bounds = np.concatenate([[0], np.flatnonzero(closing[:-1]) + 1])
    return _Pieces(words, starts, ends, marks[first + 1] + 1, bounds)


def _equal(pieces: _Pieces, claims: Ints, most: int) -> tuple[Places, Places]:
    """Return all pairs of equal pieces of one claim, each as the earlier and the later."""
    words, starts, ends = pieces.words, pieces.starts, pieces.ends
    lengths, tails = ends - starts, words[ends - _WIDTH]
    keys = (words[starts] ^ tails << np.uint64(1)) + (claims << 40 | lengths).astype(np.uint64)
    pairs = [np.flatnonzero(keys[lag:] == keys[:-lag]) for lag in range(1, most)]
    one = np.concatenate([np.zeros(0, np.intp), *pairs])
    other = one + np.repeat(np.arange(1, most), [len(pair) for pair in pairs])
    same = (claims[one] == claims[other]) & (lengths[one] == lengths[other]) & (tails[one] == tails[other])
    for at in range(0, int(lengths[one].max(initial=0)) - _WIDTH, _WIDTH):
        here, there = (words[np.minimum(starts[side] + at, words.size - 1)] for side in (one, other))
        same &= (here == there) | (lengths[one] < at + _WIDTH)
    return one[same], other[same]


def _word(text: bytes) -> int:
    return int.from_bytes(text, "little")


def _surely_cells(pieces: _Pieces, of: Places) -> Marks:
    """Whether pieces are surely cells or items: they may hold no other kind further on."""
    words, kinds = pieces.words, pieces.kinds[of]
    kind = words[kinds]
    short = pieces.ends[of] - kinds < len("cell_header_cell")
    cell = ((kind & 0xFFFFFFFFFF) == _word(b"cell_")) | ((kind & 0xFFFFFFFFFF) == _word(b"item_"))
    header = words[kinds - _WIDTH] >> 8 & 0xFFFFFFFFFFFF == _word(b"header")
    header_cell = (kind == _word(b"header_c")) & (words[kinds + 4] == _word(b"er_cell_"))
    found: Marks = cell & short & ~header | header_cell
    return found


class Found(NamedTuple):
    """The part of every claim's code that follows from its evidence.

    It does not for the claims that are ``unusual``; gold of those of them that are ``odd`` is not as usual.
    """

    codes: Ints
    unusual: list[int]
    odd: set[int]


def codes_of(lines: Sequence[Line], most: int, most_cells: int) -> Found:
    """Return what ``evidence.found`` makes of every claim.

    Unusual are a repeated predicted piece, no gold evidence, very many pieces, one that may not be as it
    should, and what may be more predicted evidence than ``most`` sentences or ``most_cells`` cells. Raises
    ValueError where the text of all is unusual.
    """
    groups = np.array([len(line.evidence) for line in lines])
    own = np.cumsum(groups + 1) - groups - 1
    pieces, stand_ins = _all_pieces(lines)
    total = pieces.starts.size
    sizes = np.diff(pieces.lists, append=total)
    begins, given = pieces.lists[own], sizes[own]
    counts = np.diff(begins, append=total)
    claims = np.repeat(np.arange(len(lines)), counts)
    predicted = np.arange(total) < np.repeat(begins + given, counts)
    earlier, later = _equal(pieces, claims, min(int(counts.max()), _LONGEST))
    hit = predicted[earlier] & ~predicted[later]
    hits, found = np.zeros(total, bool), np.zeros(total, bool)
    hits[earlier[hit]] = found[later[hit]] = True
    common = np.add.reduceat(hits, begins, dtype=np.int64)
    recalled = np.logical_or.reduceat(np.logical_and.reduceat(found, pieces.lists), own)
    unusual = (groups == 0) | (counts > _LONGEST) | (given > most_cells)
    if given.max() > most:
        of = np.flatnonzero(predicted)
        cells = np.bincount(claims[of[_surely_cells(pieces, of)]], minlength=len(lines))
        unusual |= given - cells > most
    unusual[claims[later[predicted[later]]]] = True
    whose = np.searchsorted(own, stand_ins, "right") - 1
    unusual[whose] = True
    codes = HITS[1] * common + PIECES[1] * given + RECALLED * recalled
    return Found(codes, np.flatnonzero(unusual).tolist(), set(whose[own[whose] != stand_ins].tolist()))


def _all_pieces(lines: Sequence[Line]) -> tuple[_Pieces, Places]:
    """Return the pieces of all claims, those predicted first, and which lists have a stand-in."""
    lists = list[msgspec.Raw | bytes]()
    for line in lines:
        lists.append(line.predicted_evidence)
        lists += [group.content for group in line.evidence]
    text = b"".join(lists)
    _escaped(text)
    try:
        return _pieces(text, len(lists)), np.zeros(0, np.intp)
    except UnclearError:
        odd = [place for place, some in enumerate(lists) if not _LIST.fullmatch(some)]
        for place in odd:
            lists[place] = _STAND_IN
        return _pieces(b"".join(lists), len(lists)), np.array(odd, np.intp)
