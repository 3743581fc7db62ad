"""FEVEROUS: verdict and evidence of claims against sentences, tables and lists (Aly et al. 2021).

Official figures equal ``feverous.evaluation.evaluate`` of Raldir/FEVEROUS, which reads gold and predictions
from one file, skips its first line, and scores NOT ENOUGH INFO like the other labels.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import msgspec
import numpy as np

from claimbench.errors import InputError, Problem
from claimbench.formats import evidence
from claimbench.formats.base import Format, Option, Scored, Source, count_of, only
from claimbench.formats.evidence import PIECES
from claimbench.formats.evidence_rows import COLUMNS, house, metrics
from claimbench.formats.feverous_columns import NONE, Line, codes_of, strings
from claimbench.formats.lines import Alike, Part, Records, first_line
from claimbench.formats.parts import in_parts, stretches
from claimbench.formats.quirks import touched
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats.estimators import Ints

_MANY = 1 << 19
"""Bytes of claims that are scored at once: enough for the columns they are laid out in."""

CELLS = frozenset({"cell", "item", "table_caption", "header_cell"})


class Group(msgspec.Struct, frozen=True, gc=False):
    """One sufficient set of evidence, and its context, which is not read."""

    content: list[str]
    context: msgspec.Raw = NONE


class Claim(msgspec.Struct, frozen=True, gc=False):
    """What is read of a line: gold and prediction of one claim."""

    label: str
    evidence: list[Group]
    predicted_label: str
    predicted_evidence: list[str]
    id: int | str | None = None


def _within(claims: Sequence[Claim | Line]) -> tuple[int, bytes]:
    """Return how many keys the evidence of claims has but for contexts, and these."""
    contexts = [group.context for claim in claims for group in claim.evidence]
    return 2 * len(contexts) - contexts.count(NONE), b"\n".join(contexts)


def triple(piece: str) -> tuple[str, str, str]:
    """Return page, type and position of a piece of evidence, cut at underscores as officially.

    A page that holds an underscore, "header_cell" or "table_caption" is cut wrongly. Raises IndexError for a
    piece without an underscore.
    """
    parts = piece.split("_")
    if "table_caption" in piece or "header_cell" in piece:
        return parts[0], "_".join(parts[1:3]), "_".join(parts[3:])
    return parts[0], parts[1], "_".join(parts[2:])


def _plain(piece: str) -> str:
    """Return a piece that ends in an underscore without it where that makes no other triple.

    So equal strings are equal triples.
    """
    if piece[-1] != "_":
        return piece
    whole, shorter = triple(piece), piece[:-1]
    return shorter if "_" in shorter and triple(shorter) == whole else piece


def kept(pieces: list[str], most: int | None, most_cells: int | None) -> list[str]:
    """Return the predicted evidence that counts: so many cells, items and captions, so many others."""
    limits = [len(pieces) if limit is None else limit for limit in (most, most_cells)]
    if len(pieces) <= min(limits):
        return pieces
    result = []
    for piece in pieces:
        cell = triple(piece)[1] in CELLS
        if limits[cell]:
            limits[cell] -= 1
            result.append(piece)
    return result


@lru_cache(maxsize=1024)
def _flags(gold: str, predicted: str) -> int:
    return evidence.flags(gold, predicted, scored=True)


_encoder = msgspec.json.Encoder()


class _Gold(msgspec.Struct):
    """Gold of claims as JSON: ids, labels, how many groups of evidence, and these, each by itself."""

    columns: tuple[bytearray, ...] = msgspec.field(
        default_factory=lambda: tuple(bytearray() for _ in range(4))
    )

    def add(
        self, ids: Sequence[int | str | None], labels: Sequence[str], groups: Sequence[int], evidence: bytes
    ) -> None:
        """Add claims."""
        lines = map(_encoder.encode_lines, (ids, labels, groups))
        for column, more in zip(self.columns, (*lines, evidence), strict=True):
            column += more


class _Digest:
    """The digest of gold, which may come in parts."""

    def __init__(self) -> None:
        self._columns = [hashlib.sha256() for _ in _Gold().columns]

    def take(self, gold: _Gold) -> None:
        """Take up what follows, and empty it."""
        for digest, column in zip(self._columns, gold.columns, strict=True):
            digest.update(column)
            column.clear()

    def __str__(self) -> str:
        """Return the digest so far."""
        return hashlib.sha256(b"".join(column.digest() for column in self._columns)).hexdigest()


class _Read(msgspec.Struct):
    """What is read of claims: codes in order, those that limits change by position, ids, and gold."""

    codes: array[int] = msgspec.field(default_factory=lambda: array("q"))
    uncut: dict[int, int] = msgspec.field(default_factory=dict)
    ids: list[int | str | None] = msgspec.field(default_factory=list)
    gold: _Gold = msgspec.field(default_factory=_Gold)
    """As far as no digest has it yet."""
    problems: Problems = msgspec.field(default_factory=Problems)
    lines: int = 0

    def extend(self, after: _Read) -> None:
        """Take up what was read of the lines that follow, but for the gold."""
        at = len(self.codes)
        self.uncut.update((at + place, code) for place, code in after.uncut.items())
        self.codes.extend(after.codes)
        self.ids.extend(after.ids)
        self.problems.extend(after.problems, self.lines)
        self.lines += after.lines


def read(
    gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str], workers: int = 1
) -> Scored:
    """Read the one file that holds gold and predictions."""
    name = only(predictions, "gold and predictions")
    limits = (count_of(options["max_evidence"]), count_of(options["max_evidence_cell"]))
    found, digest = _Read(), _Digest()
    stream = partial(_stream, name, limits, options["use_gold_verdict"] == "yes")
    if workers == 1:
        stream = partial(stream, digest=digest)
    with in_parts(stream, [name], workers, stretches) as results:
        for part in results():
            found.extend(part)
            digest.take(part.gold)
    found.problems.raise_if_any()
    codes, ids = np.frombuffer(found.codes, dtype=np.int64), found.ids
    if not codes.size:
        raise InputError(f"{name}: holds no claim after its first line, which is always skipped")
    header = _claim_in_header(name)
    refused = None
    if header:
        refused = "the first line is a claim, not a header; put a line before it"
    elif None in ids or len(set(ids)) < len(ids):
        refused = "ids of the claims are missing or not unique"
    elif unknown := evidence.unknown_labels(codes):
        refused = f"{unknown} gold labels are none of {', '.join(evidence.LABELS)}"
    return Scored(
        official=_official(codes, found.uncut, limits, header),
        counts=Counts(items=codes.size, abstained=0, other_split=0, **evidence.answers(codes)),
        house=None if refused else house(codes, ids),
        gold=str(digest),
        refused=refused,
    )


def _stream(
    name: str,
    limits: tuple[int | None, int | None],
    gold_verdict: bool,
    part: Part,
    digest: _Digest | None = None,
) -> _Read:
    """Read and score the claims of a stretch of the file; ``digest`` takes up the gold as it is read."""
    result = _Read()
    lines = Alike(Line, _within)

    def take(whole: bytes) -> int:
        found = lines.records(whole)
        if not found or not _taken(result, found, limits, gold_verdict):
            return 0
        if digest is not None:
            digest.take(result.gold)
        return len(found)

    claims = Records(
        name,
        Claim,
        result.problems,
        header=part.start == 0,
        part=part,
        within=_within,
        take=take,
        size=_MANY,
    )
    for claim in claims:
        label = claim.label
        flags = _flags(label, label if gold_verdict else claim.predicted_label)
        if wrong := _wrong(claim):
            result.problems.add(Problem(name, claims.number, *wrong))
            continue
        result.codes.append(flags | _found(result, claim, flags, limits, len(result.codes)))
        result.ids.append(claim.id)
        written = b"".join(_encoder.encode(group.content) for group in claim.evidence)
        result.gold.add([claim.id], [label], [len(claim.evidence)], written)
        if digest is not None:
            digest.take(result.gold)
    result.lines = claims.number
    return result


def _taken(
    result: _Read, lines: list[Line], limits: tuple[int | None, int | None], gold_verdict: bool
) -> bool:
    """Score many claims at once. Return False, and do nothing, where the text is unusual."""
    most, most_cells = (len(PIECES) - 1 if limit is None else min(limit, len(PIECES) - 1) for limit in limits)
    groups = [len(line.evidence) for line in lines]
    try:
        codes, unusual, gold = codes_of(lines, np.array(groups), most, most_cells)
        claims = {place: _claim(lines[place]) for place in unusual}
    except ValueError:
        return False
    if any(map(_wrong, claims.values())):
        return False
    ids, labels = [line.id for line in lines], [line.label for line in lines]
    verdicts = labels if gold_verdict else [line.predicted_label for line in lines]
    flags = list(map(_flags, labels, verdicts))
    codes |= np.array(flags)
    at = len(result.codes)
    for place, claim in claims.items():
        codes[place] = flags[place] | _found(result, claim, flags[place], limits, at + place)
    result.codes.frombytes(codes.tobytes())
    result.ids += ids
    result.gold.add(ids, labels, groups, gold)
    return True


def _claim(line: Line) -> Claim:
    groups = [Group(strings(group.content)) for group in line.evidence]
    return Claim(line.label, groups, line.predicted_label, strings(line.predicted_evidence), line.id)


def _found(result: _Read, claim: Claim, flags: int, limits: tuple[int | None, int | None], at: int) -> int:
    """Return the part of a code that follows from any evidence; note the code without limits."""
    given = list(map(_plain, claim.predicted_evidence))
    groups = [list(map(_plain, group.content)) for group in claim.evidence]
    counted = kept(given, *limits)
    if len(counted) < len(given):
        result.uncut[at] = flags | evidence.found(groups, given)
    return evidence.found(groups, counted)


def _wrong(claim: Claim) -> tuple[str, str] | None:
    """Return pointer and message of what cannot be scored: a piece without underscore, too many pieces."""
    lists = {f"/evidence/{place}/content": group.content for place, group in enumerate(claim.evidence)}
    for pointer, pieces in (lists | {"/predicted_evidence": claim.predicted_evidence}).items():
        for place, piece in enumerate(pieces):
            if "_" not in piece:
                return f"{pointer}/{place}", f"expected page_type_position, but {piece!r} has no underscore"
    if len(claim.predicted_evidence) > evidence.MOST_EVIDENCE:
        return "/predicted_evidence", f"expected at most {evidence.MOST_EVIDENCE} pieces of evidence"
    return None


def _claim_in_header(name: str) -> bool:
    """Whether the first line, which is always skipped, is a claim with a label."""
    try:
        return bool(msgspec.json.decode(first_line(name), type=Claim).label)
    except (ValueError, RecursionError):
        return False


def _official(
    codes: Ints, uncut: Mapping[int, int], limits: tuple[int | None, int | None], header: bool
) -> Official:
    sums = evidence.totals(codes)
    figures: dict[str, float | None] = {}
    reason, quirks = None, list[str]()
    try:
        figures |= evidence.official_figures(sums)
    except ZeroDivisionError:
        reason = "precision and recall are 0, and the official scorer divides by their sum"
    else:
        beyond = f"{limits[0]} sentences and {limits[1]} cells"
        quirks = list(evidence.quirks(codes, uncut, beyond, figures))
        if header:
            quirks.append("the first line is skipped, though it holds a claim")
        unverifiable = evidence.number(codes, evidence.GOLD_AT) == evidence.OTHER - 1
        if count := int(unverifiable.sum()):
            free = np.where(unverifiable, codes & ~evidence.SCORED, codes)
            what = f"evidence of {count} claims with NOT ENOUGH INFO is scored, unlike in FEVER"
            without = evidence.official_figures(evidence.totals(free), zero_f1=True)
            quirks.append(touched(what, figures, without))
    return Official(
        definition="feverous 0.54",
        figures=figures,
        counts=sums.counts(),
        quirks=tuple(quirks),
        refused=reason,
    )


FORMAT = Format(
    name="feverous",
    task="verification",
    title="FEVEROUS: claims against sentences, tables and lists of Wikipedia",
    source=Source(
        "github.com/Raldir/FEVEROUS",
        "src/feverous/evaluation/evaluate.py",
        "32b68ce4e33c53f34ae2e6d88b51cd073ab85ab6, feverous 0.54 on PyPI",
        "Apache-2.0 (LICENSE), MIT (setup.py)",
    ),
    options={
        "max_evidence": Option("5", "predicted sentences that count", kind="count"),
        "max_evidence_cell": Option("25", "predicted cells, items and captions that count", kind="count"),
        "use_gold_verdict": Option("no", "take every label as right, to score evidence alone", ("no", "yes")),
    },
    figures=evidence.FIGURES,
    quirks=(
        "Gold and predictions are one file, whose first line is always skipped.",
        "NOT ENOUGH INFO is scored like the rest: its evidence must be found, and counts.",
        "Precision is 1.0 for a claim without predicted evidence.",
        "Repeated evidence counts every time, and uses up the limits.",
        "Evidence beyond the limits is dropped; whatever is no cell, item or caption counts as a sentence.",
        "Ids are cut at underscores, so pages that hold one, or 'header_cell', are cut wrongly.",
        "Labels compare without case.",
        "There are no figures where precision and recall are 0.",
    ),
    headline="strict_accuracy",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
    parallel=read,
    gold="within",
)
