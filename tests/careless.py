"""Lines that a careless system might write, for tests of scoring in bulk."""

from __future__ import annotations

import functools
import json
import random
from typing import Any

from conftest import perfect

import claimbench
from claimbench.records import LABELS
from claimbench.tasks import task

RUNS = ("a", "b ü", 'c"d', None)


@functools.cache
def shipped() -> claimbench.Corpus:
    """The shipped corpus, for tests whose arguments hypothesis prints."""
    return claimbench.load_corpus()


def _said(draw: random.Random, line: dict, sentences: list[str]) -> dict:
    """What a careless system might say instead of a perfect line."""
    result = dict(line)
    for name in ("evidence", "probabilities", "confidence", "score", "label", "meta"):
        if draw.random() < 0.15:
            result[name] = None
        elif draw.random() < 0.1:
            result.pop(name, None)
    if "label" in line and isinstance(line["label"], str) and draw.random() < 0.5:
        result["label"] = draw.choice(LABELS)
    if result.get("probabilities") and draw.random() < 0.8:
        shares = [draw.choice((0.0, 1.0, draw.random())) for _ in LABELS]
        shares[draw.randrange(4)] += 0.1
        digits = draw.choice((4, 20))  # rounded ones do not quite sum to one
        result["probabilities"] = {
            x: round(s / sum(shares), digits) for x, s in zip(LABELS, shares, strict=True)
        }
    if isinstance(result.get("evidence"), list) and draw.random() < 0.7:
        more = draw.sample(sentences, draw.randrange(7))
        result["evidence"] = list(dict.fromkeys(draw.sample([*result["evidence"], *more], len(more))))
    if isinstance(result.get("score"), float) and draw.random() < 0.8:
        result["score"] = draw.choice((-2.5, 0.0, 0.5, draw.random(), 7, 1))
    if result.get("confidence") is not None and draw.random() < 0.5:
        result["confidence"] = draw.choice((0.0, 0.5, draw.random()))
    if isinstance(result.get("answer"), str) and draw.random() < 0.5:
        result["answer"] = draw.choice((None, "Meta", "14,3 Milliarden Dollar", '"49 %"', "der", ""))
    for name in ("abstain", "invalid"):
        if draw.random() < 0.1:
            result[name] = draw.random() < 0.7
    return result


def _allowed(name: str, line: dict) -> dict:
    """The line with only the fields of its task, and the one that is needed."""
    fields = set(task(name).prediction.__struct_fields__)
    result = {key: value for key, value in line.items() if key in fields}
    needed = {"verification": "label", "evidence": "evidence", "qa": "answer", "detection": "score"}[name]
    if not result.get("abstain") and not result.get("invalid"):
        result.setdefault(needed, None)
    return result


def random_lines(name: str, seed: int, runs: int, *, mixed: bool = True) -> list[dict]:
    """Lines of several runs, mixed or one after the other, with gaps, abstentions and whatever is allowed."""
    draw = random.Random(seed)
    corpus = shipped()
    sentences = list(corpus.sentences)
    lines = []
    for run in range(runs):
        kept = draw.choice((1.0, 0.6, 0.05))
        careless = draw.random() < 0.8
        for line in perfect(corpus, name):
            if draw.random() < kept:
                said = _allowed(name, _said(draw, line, sentences)) if careless else dict(line)
                chosen = RUNS[run] if runs > 1 else None
                if chosen is not None:
                    said |= {"run": chosen} if run != 1 else {"system": chosen, "seed": run}
                lines.append(said)
    return draw.sample(lines, len(lines)) if mixed else lines


def text(lines: list[dict], **how: bool) -> bytes:
    """Lines as a file."""
    return "".join(json.dumps(line, **how) + "\n" for line in lines).encode()


def told(name: str, source: str | list[dict], **asked: Any) -> bytes | str:
    """The report of a file or of lines on the shipped corpus, as JSON, or why they are refused."""
    try:
        return claimbench.score(name, source, corpus=shipped(), **{"by": (), **asked}).to_json()
    except claimbench.InputError as error:
        return str(error)
