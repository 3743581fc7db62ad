"""Checks that tricks stay below honest answers: dumping, copying, cutting claims finer or coarser."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from claimbench.conformance.bench import EXACT, Bench, Check, Finding
from claimbench.conformance.gold import MOST_EVIDENCE, other_sentences
from claimbench.conformance.tricks import TRICKS
from claimbench.systems import inputs

Line = dict[str, Any]
Claims = list[dict[str, Any]]

TRICK_MOST = 0.5
"""Most of a perfect headline that a trick may give which understands nothing."""
RECUT_MOST = 0.75
"""Most of a perfect headline that right claims may give which are cut otherwise or repeated."""


def _trick(bench: Bench, name: str) -> list[Line]:
    return TRICKS[bench.task][name](inputs(bench.task, bench.corpus), bench.corpus.articles)


def _bounded(bench: Bench, most: float, tried: dict[str, list[Line]]) -> Finding:
    right = bench.headline(bench.perfect)
    found = {name: bench.headline(lines) for name, lines in tried.items()}
    return Finding(max(found.values()) <= most * right, {"right": right, **found})


def _tricks(most: float, *names: str) -> Callable[[Bench], Finding]:
    def test(bench: Bench) -> Finding:
        return _bounded(bench, most, {name: _trick(bench, name) for name in names})

    return test


def _recut(bench: Bench, name: str, cut: Callable[[Bench, str, Claims], Claims]) -> Finding:
    lines = [{**line, "claims": cut(bench, line["id"], line["claims"])} for line in bench.perfect]
    return _bounded(bench, RECUT_MOST, {name: lines})


def _halves(bench: Bench, article: str, claims: Claims) -> Claims:
    pieces = []
    for claim in claims:
        words = claim["text"].split()
        middle, cut = (len(words) + 1) // 2, (claim["start"] + claim["end"] + 1) // 2
        pieces.append({"text": " ".join(words[:middle]), "start": claim["start"], "end": cut})
        if words[middle:] and cut < claim["end"]:
            pieces.append({"text": " ".join(words[middle:]), "start": cut, "end": claim["end"]})
    return pieces


def _joined(bench: Bench, article: str, claims: Claims) -> Claims:
    """Join claims in threes, in reading order."""
    ordered = sorted(claims, key=lambda claim: claim["start"])
    groups = [ordered[i : i + 3] for i in range(0, len(ordered), 3)]
    return [
        {
            "text": " ".join(claim["text"] for claim in group),
            "start": group[0]["start"],
            "end": max(claim["end"] for claim in group),
        }
        for group in groups
    ]


def _granularity(bench: Bench) -> Finding:
    """Coverage of right claims, apart and joined in threes, and the share of merging claims of both."""
    joined = [{**line, "claims": _joined(bench, line["id"], line["claims"])} for line in bench.perfect]
    apart, together = (bench.metric("coverage", lines) or 0.0 for lines in (bench.perfect, joined))
    before, after = (bench.metric("merge_rate", lines) or 0.0 for lines in (bench.perfect, joined))
    return Finding(
        abs(apart - together) <= EXACT and after > before,
        {"coverage, apart": apart, "joined": together, "merge rate, apart": before, "merged": after},
    )


def _twice(bench: Bench, article: str, claims: Claims) -> Claims:
    return [{**claim, "start": claim["start"], "score": 0.5 * i} for claim in claims for i in (1, 2)]


def _over_splitting(bench: Bench) -> Finding:
    return _recut(bench, "every claim in two halves", _halves)


def _over_merging(bench: Bench) -> Finding:
    return _recut(bench, "claims joined in threes", _joined)


def _duplicates(bench: Bench) -> Finding:
    return _recut(bench, "every claim twice", _twice)


def _whole_article_spans(bench: Bench) -> Finding:
    lines = [
        {**whole, "claims": whole["claims"] * len(right["claims"])}
        for whole, right in zip(_trick(bench, "whole article"), bench.perfect, strict=True)
    ]
    return _bounded(bench, TRICK_MOST, {"as often as there are claims": lines})


def _evidence_dumping(bench: Bench) -> Finding:
    """Right sentences among five; the same five and then everything; everything in the order of the text."""
    five, more, dump = [], [], []
    everything = list(bench.corpus.sentences)
    for line in bench.perfect:
        padded = (line["evidence"] + other_sentences(bench.corpus, line["id"], MOST_EVIDENCE))[:MOST_EVIDENCE]
        articles = {sentence.rpartition("#")[0] for sentence in line["evidence"]}
        five.append({"id": line["id"], "evidence": padded})
        rest = [s for s in everything if s not in padded]
        more.append({"id": line["id"], "evidence": padded + rest})
        inside = [s for s in everything if s.rpartition("#")[0] in articles]
        dump.append({"id": line["id"], "evidence": inside})
    found = {
        "right ones among five": bench.headline(five),
        "five, then everything": bench.headline(more),
        "all sentences of the right article": bench.headline(dump),
    }
    honest, added, dumped = found.values()
    return Finding(added <= honest + EXACT and dumped < honest, found)


def _repeated_sentences(bench: Bench) -> Finding:
    repeated = [
        {**line, "evidence": [s for s in line["evidence"] for _ in range(2)]} for line in bench.perfect
    ]
    if bench.refuses(repeated) is not None:
        return Finding(True, {"refused": True})
    right, found = bench.headline(bench.perfect), bench.headline(repeated)
    return Finding(found <= right + EXACT, {"right": right, "every sentence twice": found})


def _ties(bench: Bench) -> Finding:
    first = sorted(bench.perfect, key=lambda line: -line["score"])
    best = [{"id": line["id"], "score": 0.5} for line in first]
    forward, backward = bench.headline(best), bench.headline(best[::-1])
    share = sum(line["label"] for line in bench.perfect) / len(bench.perfect)
    held = abs(forward - backward) <= EXACT and forward <= share + EXACT
    return Finding(
        held, {"positives first": forward, "positives last": backward, "share of positives": share}
    )


def _more_is_better(bench: Bench) -> Finding:
    """Widening one claim's text by its neighbour's never pays."""
    most, before = -1.0, bench.headline(bench.perfect)
    for i in bench.some():
        line = bench.perfect[i]
        pairs = list(pairwise(line["claims"]))
        wide = [{**a, "text": f"{a['text']} {b['text']}"} for a, b in pairs] + line["claims"][-1:]
        after = [*bench.perfect[:i], {**line, "claims": wide}, *bench.perfect[i + 1 :]]
        most = max(most, bench.headline(after) - before)
    return Finding(most <= EXACT, {"right": before, "largest gain of wider claims": most})


_EXTRACTION = ("extraction",)

CHECKS = (
    Check(
        "evidence_dumping",
        "Everything after five sentences gains nothing, and a whole article scores below five sentences "
        "with the right ones among them.",
        ("evidence",),
        _evidence_dumping,
    ),
    Check(
        "repeated_sentences",
        "A sentence given twice is refused or does not pay.",
        ("evidence",),
        _repeated_sentences,
    ),
    Check(
        "whole_article",
        "A whole article as one claim gets at most half of right claims.",
        _EXTRACTION,
        _tricks(TRICK_MOST, "whole article"),
    ),
    Check(
        "whole_article_spans",
        "A whole article, claimed as often as it holds claims, gets at most half of right claims.",
        _EXTRACTION,
        _whole_article_spans,
    ),
    Check(
        "copying",
        "The lead, or every five words, copied from the article get at most half of right claims.",
        _EXTRACTION,
        _tricks(TRICK_MOST, "lead copy", "every 5-gram"),
    ),
    Check(
        "whole_sentences",
        "Every sentence, word for word, gets at most three quarters of right claims.",
        _EXTRACTION,
        _tricks(RECUT_MOST, "every sentence"),
    ),
    Check("wider_claims", "Widening claims by others' words never pays.", _EXTRACTION, _more_is_better),
    Check(
        "over_splitting",
        "Right claims cut in half get at most three quarters of whole ones.",
        _EXTRACTION,
        _over_splitting,
    ),
    Check(
        "over_merging",
        "Right claims joined in threes get at most three quarters of single ones.",
        _EXTRACTION,
        _over_merging,
    ),
    Check(
        "granularity",
        "Right claims joined in threes cover what they cover apart, and their merging shows.",
        _EXTRACTION,
        _granularity,
    ),
    Check(
        "duplicates",
        "Right claims given twice get at most three quarters of those given once.",
        _EXTRACTION,
        _duplicates,
    ),
    Check(
        "constant_label",
        "One label for everything gets at most half of right labels.",
        ("verification",),
        _tricks(TRICK_MOST, *TRICKS["verification"]),
    ),
    Check(
        "empty_answers",
        "Echoes, articles, punctuation, one word and whole articles get at most half of right answers.",
        ("qa",),
        _tricks(TRICK_MOST, *TRICKS["qa"]),
    ),
    Check("ties", "Equal scores gain nothing from the order of lines.", ("detection",), _ties),
)
