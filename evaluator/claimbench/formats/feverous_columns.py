"""FEVEROUS's claims many at a time: their evidence is compared as it is written, without making strings of it.

Pieces of evidence are stretches of one text. Whatever is unusual is left to the reading claim by claim, which
gives the same codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.formats.evidence import RECALLED, packed
from claimbench.stats.estimators import Ints

Places = npt.NDArray[np.intp]

_QUOTE, _UNDERSCORE, _COMMA, _SPACE, _ESCAPE, _END, _NEWLINE = b'"_, \\]\n'
_WIDTH = 8
"""Bytes that are compared at once; shorter pieces are unusual."""
_LONGEST = 63
"""Pieces of a claim, each of which is compared with all others, above which it is unusual."""


class DoubtError(ValueError):
    """Something is unusual."""


class Group(msgspec.Struct, frozen=True, gc=False):
    """One sufficient set of evidence, as it is written."""

    content: msgspec.Raw


class Line(msgspec.Struct, frozen=True, gc=False):
    """What is read of a line, its evidence as it is written."""

    label: str
    evidence: list[Group]
    predicted_label: str
    predicted_evidence: msgspec.Raw
    id: int | str | None = None


def gold_of(lines: Sequence[Line]) -> bytes:
    """Return ids, labels and gold evidence as msgspec writes them once they are decoded.

    Raises ValueError where they are written in an unusual way.
    """
    written = msgspec.json.Encoder().encode_lines([(line.id, line.label, line.evidence) for line in lines])
    data = np.frombuffer(written, np.uint8)
    quote, comma = data == _QUOTE, data == _COMMA
    kept = data != _NEWLINE
    kept[2:-1] &= ~((data[2:-1] == _SPACE) & quote[:-3] & comma[1:-2] & quote[3:])
    text = data[kept].tobytes()
    return text.decode("raw_unicode_escape").encode() if _escaped(text) else text


def _escaped(text: bytes) -> bool:
    """Whether characters are escaped. Raises ValueError where equal strings may be written differently.

    They are not where either none is escaped, or all beyond ASCII in lower case and no others. Those beyond
    65,535, which take two, are unusual.
    """
    data = np.frombuffer(text, np.uint8)
    at = np.flatnonzero(data == _ESCAPE)
    if not at.size:
        text.isascii() or text.decode()
        return False
    letter, *digits = (data.take(at + i, mode="clip") for i in range(1, 6))
    odd = (letter != ord("u")) | (digits[0] == ord("d")) & (digits[1] > ord("7"))
    odd |= (digits[0] == ord("0")) & (digits[1] == ord("0")) & (digits[2] < ord("8"))
    for digit in digits:
        odd |= (digit > ord("9")) & (digit < ord("a"))
    if odd.any() or not text.isascii():
        raise DoubtError
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
    marks = np.flatnonzero((data == _QUOTE) | (data == _UNDERSCORE))
    quotes = np.flatnonzero(data[marks] == _QUOTE)
    first, last = quotes[::2], quotes[1::2]
    starts, ends = marks[first] + 1, marks[last]
    after = data[ends + 1]
    gaps, closing = starts[1:] - ends[:-1], after == _END
    comma = (after == _COMMA)[:-1] & ((gaps == 3) | (gaps == 4) & (data[ends[:-1] + 2] == _SPACE))
    usual = (closing[:-1] & (gaps == 4) | comma).all() and text[:2] == b'["' and text[-2:] == b'"]'
    if not usual or np.count_nonzero(closing) != lists:
        raise DoubtError
    if (last - first < 2).any() or (marks[last - 1] == ends - 1).any() or (ends - starts < _WIDTH).any():
        raise DoubtError
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


def _surely_cells(pieces: _Pieces, of: Places) -> npt.NDArray[np.bool_]:
    """Whether pieces are surely cells or items: they may hold no other kind further on."""
    words, kinds = pieces.words, pieces.kinds[of]
    kind = words[kinds]
    short = pieces.ends[of] - kinds < len("cell_header_cell")
    cell = ((kind & 0xFFFFFFFFFF) == _word(b"cell_")) | ((kind & 0xFFFFFFFFFF) == _word(b"item_"))
    header = words[kinds - _WIDTH] >> 8 & 0xFFFFFFFFFFFF == _word(b"header")
    header_cell = (kind == _word(b"header_c")) & (words[kinds + 4] == _word(b"er_cell_"))
    return cell & short & ~header | header_cell


def codes_of(lines: Sequence[Line], most: int, most_cells: int) -> tuple[Ints, Places]:
    """Return the part of every claim's code that follows from its evidence, and which claims are unusual.

    Those are claims with a repeated predicted piece, without gold evidence, or that may have more predicted
    evidence than ``most`` sentences or ``most_cells`` cells. Raises ValueError where the text is unusual.
    """
    lists = list[msgspec.Raw]()
    for line in lines:
        lists.append(line.predicted_evidence)
        lists += [group.content for group in line.evidence]
    groups = np.array([len(line.evidence) for line in lines])
    text = b"".join(lists)
    _escaped(text)
    pieces = _pieces(text, len(lists))
    total = pieces.starts.size
    sizes = np.diff(pieces.lists, append=total)
    own = np.cumsum(groups + 1) - groups - 1
    begins, given = pieces.lists[own], sizes[own]
    counts = np.diff(begins, append=total)
    if counts.max() > _LONGEST:
        raise DoubtError
    claims = np.repeat(np.arange(len(lines)), counts)
    predicted = np.arange(total) < np.repeat(begins + given, counts)
    earlier, later = _equal(pieces, claims, int(counts.max()))
    repeated = claims[later[predicted[later]]]
    hit = predicted[earlier] & ~predicted[later]
    hits, found = np.zeros(total, bool), np.zeros(total, bool)
    hits[earlier[hit]] = found[later[hit]] = True
    common = np.add.reduceat(hits, begins, dtype=np.int64)
    recalled = np.logical_or.reduceat(np.logical_and.reduceat(found, pieces.lists), own)
    beyond = np.zeros(len(lines), bool)
    if given.max() > most:
        of = np.flatnonzero(predicted)
        cells = np.bincount(claims[of[_surely_cells(pieces, of)]], minlength=len(lines))
        beyond = given - cells > most
    unusual = beyond | (given > most_cells) | (groups == 0)
    unusual[repeated] = True
    return packed(common, given, common, given) | RECALLED * recalled, np.flatnonzero(unusual)

