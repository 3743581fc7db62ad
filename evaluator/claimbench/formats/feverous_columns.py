"""FEVEROUS's claims many at a time: evidence is compared as it is written, without making strings of it.

Pieces of evidence are stretches of one text. Whatever is unusual is left to the reading claim by claim, which
gives the same codes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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


NONE = msgspec.Raw()
"""Stands for a context that is not given."""


class Group(msgspec.Struct, frozen=True, gc=False):
    """One sufficient set of evidence, as it is written, and its context, which is not read."""

    content: msgspec.Raw
    context: msgspec.Raw = NONE


class Line(msgspec.Struct, frozen=True, gc=False):
    """What is read of a line, its evidence as it is written."""

    label: str
    evidence: list[Group]
    predicted_label: str
    predicted_evidence: msgspec.Raw
    id: int | str | None = None


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

    ``words`` are the next eight bytes from every place on, ``sizes`` how many pieces each list of them has.
    """

    words: npt.NDArray[np.uint64]
    starts: Places
    ends: Places
    kinds: Places
    sizes: Places


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
    return _Pieces(words, starts, ends, marks[first + 1] + 1, np.diff(np.flatnonzero(closing), prepend=-1))


def _plainly(text: bytes, pieces: _Pieces, at: int) -> bytes:
    """Return the lists from a place of a text on as msgspec writes them once they are decoded."""
    data = np.frombuffer(text, np.uint8)
    after = pieces.ends[:-1] + 2
    kept = np.ones(data.size, dtype=np.bool_)
    kept[after[data[after] == _SPACE]] = False
    return data[at:][kept[at:]].tobytes()


def _equal(pieces: _Pieces, claims: Ints, most: int) -> tuple[Places, Places]:
    """Return all pairs of equal pieces of one claim, each as the earlier and the later."""
    words, starts, ends = pieces.words, pieces.starts, pieces.ends
    lengths, tails = ends - starts, words[ends - _WIDTH]
    keys = (words[starts] ^ tails << np.uint64(1)) + (claims << 40 | lengths).astype(np.uint64)
    alike = np.zeros((most - 1, keys.size), dtype=np.bool_)
    for lag, found in enumerate(alike, start=1):
        np.equal(keys[lag:], keys[:-lag], out=found[:-lag])
    lags, one = np.divmod(np.flatnonzero(alike), keys.size)
    other = one + lags + 1
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
    """The part of every claim's code that follows from its evidence, but for those that are ``unusual``.

    ``gold`` is the gold evidence of all as msgspec writes it.
    """

    codes: Ints
    unusual: list[int]
    gold: bytes


def codes_of(lines: Sequence[Line], groups: Ints, most: int, most_cells: int) -> Found:
    """Return what ``evidence.found`` makes of every claim; ``groups`` says how many sets of evidence it has.

    Unusual are a repeated predicted piece, no gold evidence, very many pieces, one that may not be as it
    should, and what may be more predicted evidence than ``most`` sentences or ``most_cells`` cells. Raises
    ValueError where the text of all is unusual.
    """
    claims = np.arange(len(lines))
    owners = np.concatenate([claims, np.repeat(claims, groups)])
    pieces, gold, odd = _all_pieces(lines)
    # Texts hold what is predicted of all claims, then the gold; here each claim's is together.
    order = np.argsort(np.repeat(owners, pieces.sizes), kind="stable")
    sizes = pieces.sizes[np.argsort(owners, kind="stable")]
    starts, ends, kinds = (places[order] for places in (pieces.starts, pieces.ends, pieces.kinds))
    pieces = _Pieces(pieces.words, starts, ends, kinds, sizes)

    own = np.cumsum(groups + 1) - groups - 1
    total = pieces.starts.size
    lists = np.cumsum(sizes) - sizes
    begins, given = lists[own], sizes[own]
    counts = np.diff(begins, append=total)
    whose = np.repeat(claims, counts)
    predicted = np.arange(total) < np.repeat(begins + given, counts)
    earlier, later = _equal(pieces, whose, min(int(counts.max()), _LONGEST))
    hit = predicted[earlier] & ~predicted[later]
    hits, found = np.zeros(total, bool), np.zeros(total, bool)
    hits[earlier[hit]] = found[later[hit]] = True
    common = np.add.reduceat(hits, begins, dtype=np.int64)
    recalled = np.logical_or.reduceat(np.logical_and.reduceat(found, lists), own)
    unusual = (groups == 0) | (counts > _LONGEST) | (given > most_cells)
    if given.max() > most:
        of = np.flatnonzero(predicted)
        cells = np.bincount(whose[of[_surely_cells(pieces, of)]], minlength=len(lines))
        unusual |= given - cells > most
    unusual[whose[later[predicted[later]]]] = True
    unusual[owners[odd]] = True
    codes = HITS[1] * common + PIECES[1] * given + RECALLED * recalled
    return Found(codes, np.flatnonzero(unusual).tolist(), gold)


def _all_pieces(lines: Sequence[Line]) -> tuple[_Pieces, bytes, list[int]]:
    """Return the pieces of all claims, first all predicted ones, then the gold.

    After them come the gold as msgspec writes it, and which lists are odd: a stand-in has their place.
    """
    lists: list[msgspec.Raw | bytes] = [line.predicted_evidence for line in lines]
    gold = [group.content for line in lines for group in line.evidence]
    lists += gold
    text, odd = b"".join(lists), list[int]()
    escaped = _escaped(text)
    try:
        pieces = _pieces(text, len(lists))
    except UnclearError:
        odd = [place for place, some in enumerate(lists) if not _LIST.fullmatch(some)]
        for place in odd:
            lists[place] = _STAND_IN
        text = b"".join(lists)
        pieces = _pieces(text, len(lists))
    if odd and odd[-1] >= len(lines):
        return pieces, b"".join(_write(strings(content)) for content in gold), odd
    written = _plainly(text, pieces, sum(map(len, lists[: len(lines)])))
    return pieces, written.decode("raw_unicode_escape").encode() if escaped else written, odd


_write = msgspec.json.Encoder().encode
strings = msgspec.json.Decoder(list[str]).decode
"""Reads a list of evidence. Raises ValueError where it is none."""
