"""FEVEROUS: verdict and evidence of claims against sentences, tables and lists (Aly et al. 2021).

Official figures equal ``feverous.evaluation.evaluate`` of Raldir/FEVEROUS, which reads gold and predictions
from one file, skips its first line, and scores NOT ENOUGH INFO like the other labels.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
import numpy as np

from claimbench.errors import InputError, Problem
from claimbench.formats import evidence
from claimbench.formats.base import Format, Option, Scored, Source, count_of, only
from claimbench.formats.evidence_rows import house, metrics
from claimbench.formats.lines import Records, first_line
from claimbench.formats.quirks import touched
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats.estimators import Ints

CELLS = frozenset({"cell", "item", "table_caption", "header_cell"})


class Group(msgspec.Struct, frozen=True, gc=False):
    """One sufficient set of evidence; its context is not read."""

    content: list[str]


class Claim(msgspec.Struct, frozen=True, gc=False):
    """What is read of a line: gold and prediction of one claim."""

    label: str
    evidence: list[Group]
    predicted_label: str
    predicted_evidence: list[str]
    id: int | str | None = None


def triple(piece: str) -> tuple[str, str, str]:
    """Return page, type and position of a piece of evidence, cut at underscores as officially.

    A page that holds an underscore, "header_cell" or "table_caption" is cut wrongly. Raises IndexError for a
    piece without an underscore.
    """
    parts = piece.split("_")
    if "table_caption" in piece or "header_cell" in piece:
        return parts[0], "_".join(parts[1:3]), "_".join(parts[3:])
    return parts[0], parts[1], "_".join(parts[2:])


def _same(pieces: list[str]) -> list[str]:
    """Return pieces so that equal strings are equal triples. Raises IndexError as ``triple`` does."""
    return [piece if "_" in piece and piece[-1] != "_" else _plain(piece) for piece in pieces]


def _plain(piece: str) -> str:
    """Return a piece that ends in an underscore without it where that makes no other triple."""
    whole, shorter = triple(piece), piece[:-1]
    return shorter if "_" in shorter and triple(shorter) == whole else piece


def kept(pieces: list[str], most: int | None, most_cells: int | None) -> list[str]:
    """Return the predicted evidence that counts: so many cells, items and captions, so many others."""
    limits = [len(pieces) if limit is None else limit for limit in (most, most_cells)]
    if len(pieces) <= min(limits):
        return pieces
    result = []
    for piece in pieces:
        cell = _is_cell(piece)
        if limits[cell]:
            limits[cell] -= 1
            result.append(piece)
    return result


def _is_cell(piece: str) -> bool:
    """Whether the type of a piece is one of the cells'; most types are told by their first word."""
    kind = piece.split("_", 2)[1]
    if kind == "sentence":
        return False
    if kind in CELLS and "header_cell" not in piece and "table_caption" not in piece:
        return True
    return triple(piece)[1] in CELLS


@lru_cache(maxsize=1024)
def _flags(gold: str, predicted: str) -> int:
    return evidence.flags(gold, predicted, scored=True)


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read the one file that holds gold and predictions."""
    name = only(predictions, "gold and predictions")
    limits = (count_of(options["max_evidence"]), count_of(options["max_evidence_cell"]))
    problems = Problems()
    codes, uncut, ids, digest = _stream(name, limits, options["use_gold_verdict"] == "yes", problems)
    problems.raise_if_any()
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
        official=_official(codes, uncut, limits, header),
        counts=Counts(items=codes.size, abstained=0, other_split=0, **evidence.answers(codes)),
        house=None if refused else house(codes, ids),
        gold=digest,
        refused=refused,
    )


def _stream(
    name: str, limits: tuple[int | None, int | None], gold_verdict: bool, problems: Problems
) -> tuple[Ints, dict[int, int], list[int | str | None], str]:
    """Return codes in the order of the file, others without limits by position, ids, digest of the gold."""
    codes, uncut, ids = array("q"), dict[int, int](), list[int | str | None]()
    digest, encode = hashlib.sha256(), msgspec.json.encode
    claims = Records(name, Claim, problems, header=True)
    for claim in claims:
        given = claim.predicted_evidence
        try:
            groups = [_same(group.content) for group in claim.evidence]
            counted = kept(_same(given), *limits)
        except IndexError:
            pointer, piece = _uncuttable(claim)
            message = f"expected page_type_position, but {piece!r} has no underscore"
            problems.add(Problem(name, claims.number, pointer, message))
            continue
        if len(given) > evidence.MOST_EVIDENCE:
            message = f"expected at most {evidence.MOST_EVIDENCE} pieces of evidence"
            problems.add(Problem(name, claims.number, "/predicted_evidence", message))
            continue
        flags = _flags(claim.label, claim.label if gold_verdict else claim.predicted_label)
        if len(counted) < len(given):
            uncut[len(codes)] = flags | evidence.found(groups, _same(given))
        codes.append(flags | evidence.found(groups, counted))
        ids.append(claim.id)
        digest.update(encode((claim.id, claim.label, claim.evidence)))
    return np.array(codes, dtype=np.int64), uncut, ids, digest.hexdigest()


def _uncuttable(claim: Claim) -> tuple[str, str]:
    """Return pointer and text of the first piece of evidence that has no underscore."""
    for place, group in enumerate(claim.evidence):
        for at, piece in enumerate(group.content):
            if "_" not in piece:
                return f"/evidence/{place}/content/{at}", piece
    at = next(at for at, piece in enumerate(claim.predicted_evidence) if "_" not in piece)
    return f"/predicted_evidence/{at}", claim.predicted_evidence[at]


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
    metrics=metrics,
    gold="within",
)
