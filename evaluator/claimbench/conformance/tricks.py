"""What a system can answer without understanding anything: functions of the inputs and the articles.

No trick sees gold. ``TRICKS`` gives for each task a name and a function of (inputs, articles) to one
prediction line for each input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from claimbench.records import LABELS, Article
from claimbench.systems import Input

Line = dict[str, Any]
Trick = Callable[[Sequence[Input], Sequence[Article]], list[Line]]
LEAD = 3
"""Sentences of an article's lead."""
NGRAM = 5
"""Tokens of a piece when sentences are cut up."""


def _each(
    fields: Callable[[Input], Line], inputs: Sequence[Input], articles: Sequence[Article]
) -> list[Line]:
    return [{"id": item["id"], **fields(item)} for item in inputs]


def _same(fields: Line) -> Trick:
    return partial(_each, lambda _: fields)


def _scored(score: float) -> Line:
    return {"score": score, "label": score >= 0.5}


def _by_length(item: Input) -> Line:
    return _scored(round(1.0 - 1.0 / (1.0 + len(item["text"]) / 100), 6))


def _by_position(item: Input) -> Line:
    return _scored(round(1.0 / int(item["id"].rpartition("#")[2]), 6))


def _piece(item: Input, start: int, end: int) -> Line:
    return {"text": item["text"][start:end], "start": start, "end": end}


def _sentences(item: Input) -> list[Line]:
    return [_piece(item, s["start"], s["end"]) for s in item["sentences"]]


def _ngrams(item: Input) -> Line:
    claims = []
    for sentence in item["sentences"]:
        words = list(re.finditer(r"\S+", item["text"][sentence["start"] : sentence["end"]]))
        for i in range(0, len(words), NGRAM):
            last = words[min(i + NGRAM, len(words)) - 1]
            claims.append(_piece(item, sentence["start"] + words[i].start(), sentence["start"] + last.end()))
    return {"claims": claims}


def _ranked_dump(inputs: Sequence[Input], articles: Sequence[Article]) -> list[Line]:
    """Give every sentence of every article, those that share most words with the proposition first."""
    texts = {s.id: set(_words(a.text[s.start : s.end])) for a in articles for s in a.sentences}

    def ranked(item: Input) -> list[str]:
        mine = set(_words(item["claim"]))
        return sorted(texts, key=lambda s: -len(mine & texts[s]) / (1 + len(texts[s])) ** 0.5)

    return [{"id": item["id"], "evidence": ranked(item)} for item in inputs]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _lead_evidence(inputs: Sequence[Input], articles: Sequence[Article]) -> list[Line]:
    """Give the first sentence of every article."""
    leads = [article.sentences[0].id for article in articles]
    return [{"id": item["id"], "evidence": leads} for item in inputs]


def _dump(inputs: Sequence[Input], articles: Sequence[Article]) -> list[Line]:
    everything = [s.id for article in articles for s in article.sentences]
    return [{"id": item["id"], "evidence": everything} for item in inputs]


def _dump_with(label: str, inputs: Sequence[Input], articles: Sequence[Article]) -> list[Line]:
    return [{**line, "label": label} for line in _ranked_dump(inputs, articles)]


def _whole_article_answer(inputs: Sequence[Input], articles: Sequence[Article]) -> list[Line]:
    return [{"id": item["id"], "answer": articles[0].text if articles else None} for item in inputs]


TRICKS: Mapping[str, Mapping[str, Trick]] = {
    "detection": {
        "constant score": _same(_scored(1.0)),
        "length as score": partial(_each, _by_length),
        "earlier is better": partial(_each, _by_position),
    },
    "extraction": {
        "nothing": _same({"claims": []}),
        "lead copy": partial(_each, lambda item: {"claims": _sentences(item)[:LEAD]}),
        "every sentence": partial(_each, lambda item: {"claims": _sentences(item)}),
        "whole article": partial(_each, lambda item: {"claims": [_piece(item, 0, len(item["text"]))]}),
        "every 5-gram": partial(_each, _ngrams),
    },
    "evidence": {
        "first sentences": _lead_evidence,
        "every sentence": _dump,
        "every sentence, ranked by words": _ranked_dump,
    },
    "verification": {
        **{f"all {label}": _same({"label": label}) for label in LABELS},
        "all supported, every sentence": partial(_dump_with, "supported"),
        "all refuted, every sentence": partial(_dump_with, "refuted"),
    },
    "qa": {
        "unanswerable": _same({"answer": None}),
        "echo the question": partial(_each, lambda item: {"answer": item["question"]}),
        "a full stop": _same({"answer": "."}),
        "an article": _same({"answer": "die"}),
        "yes": _same({"answer": "ja"}),
        "a whole article": _whole_article_answer,
    },
}
