"""INCEpTION: ``<article>.json`` in UIMA CAS JSON 0.4, offsets in UTF-16 code units as in all of UIMA.

A part of a claim is an annotation of the custom span layer Claim. The first part carries all fields; all
parts carry the kind and, in ``claim``, the claim's id. The layer itself is ``typesystem.xml``. Format:
github.com/apache/uima-uimaj-io-jsoncas, SPECIFICATION.adoc; DKPro Cassis 0.12 reads the files too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from claimbench.errors import Problem
from claimbench.exchange.documents import read_document
from claimbench.exchange.form import TEXTS, choices, to_texts
from claimbench.exchange.marks import Mark, Marks, find_article, joined, mark_of_texts, same_text
from claimbench.reading.corpus import Corpus
from claimbench.reading.jsonl import Problems
from claimbench.reading.schemas import Json
from claimbench.records import Article, Claim, Span

SUFFIX = ".json"
HINT = (
    "Import typesystem.xml under Settings, Layers, then the .json files as 'UIMA CAS JSON'; export the"
    " documents the same way. In 'claim', the parts of a new claim share any name."
)

LAYER = "webanno.custom.Claim"
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
ANNOTATION = "uima.tcas.Annotation"
SOFA = "uima.cas.Sofa"
VIEW = "_InitialView"
EDGES = ("begin", "end")


def _features() -> tuple[str, ...]:
    return ("claim", *choices(), *TEXTS)


def settings() -> dict[str, bytes]:
    """Return the layer as a UIMA type system description."""
    string = "<rangeTypeName>uima.cas.String</rangeTypeName>"
    feature = f"<featureDescription><name>{{}}</name>{string}</featureDescription>"
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">',
        "  <types>",
        "    <typeDescription>",
        f"      <name>{LAYER}</name>",
        f"      <supertypeName>{ANNOTATION}</supertypeName>",
        "      <features>",
        *(f"        {feature.format(name)}" for name in _features()),
        "      </features>",
        "    </typeDescription>",
        "  </types>",
        "</typeSystemDescription>",
        "",
    ]
    return {"typesystem.xml": "\n".join(rows).encode()}


def files(article: Article, claims: Sequence[Claim]) -> dict[str, bytes]:
    """Return the article as one CAS with its sentences and claims."""
    units = utf16_offsets(article.text)

    def placed(kind: str, start: int, end: int) -> dict[str, Any]:
        return {"%TYPE": kind, "@sofa": 1, "begin": units[start], "end": units[end]}

    sofa = {"%TYPE": SOFA, "sofaNum": 1, "sofaID": VIEW, "mimeType": "text", "sofaString": article.text}
    whole = placed("uima.tcas.DocumentAnnotation", 0, len(article.text)) | {"language": article.language}
    rows = [sofa, whole, *(placed(SENTENCE, s.start, s.end) | {"id": s.id} for s in article.sentences)]
    for claim in claims:
        for number, span in enumerate(claim.spans):
            texts = {"kind": claim.kind} if number else to_texts(claim)
            rows.append(placed(LAYER, span.start, span.end) | {"claim": claim.id} | texts)
    numbered = [{"%ID": number} | row for number, row in enumerate(rows, start=1)]
    document = {
        "%TYPES": {SENTENCE: _type(SENTENCE, ("id",)), LAYER: _type(LAYER, _features())},
        "%FEATURE_STRUCTURES": numbered,
        "%VIEWS": {VIEW: {"%SOFA": 1, "%MEMBERS": [row["%ID"] for row in numbered[1:]]}},
    }
    return {article.id + SUFFIX: (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()}


def _type(name: str, features: Sequence[str]) -> dict[str, Any]:
    ranges = {feature: {"%NAME": feature, "%RANGE": "uima.cas.String"} for feature in features}
    return {"%NAME": name, "%SUPER_TYPE": ANNOTATION, **ranges}


def utf16_offsets(text: str) -> list[int]:
    """Return for every code point, and for the end, its offset in UTF-16 code units."""
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def read(path: Path, corpus: Corpus, problems: Problems) -> Marks:
    """Return the claims of a CAS; the article is named by the file or else by the text itself."""
    file = str(path)
    document = read_document(file, problems)
    if document is None:
        return {}
    try:
        rows = list(enumerate(document["%FEATURE_STRUCTURES"]))
        members = set(document["%VIEWS"][VIEW]["%MEMBERS"])
        text = next(str(row["sofaString"]) for _, row in rows if row["%TYPE"] == SOFA)
        layer = [(n, row) for n, row in rows if row["%TYPE"] == LAYER and row["%ID"] in members]
    except (KeyError, TypeError, StopIteration) as error:
        message = "not a CAS in JSON 0.4 with feature structures as a list, a text and the view _InitialView"
        problems.add(Problem(file, 0, "", f"{message} ({type(error).__name__} {error})"))
        return {}
    name = path.name.split(".")[0]
    by_text = {article.text: article.id for article in corpus.articles}
    article = find_article(file, by_text.get(text, name), corpus.article_by_id, problems)
    where = next(f"/%FEATURE_STRUCTURES/{n}/sofaString" for n, row in rows if row["%TYPE"] == SOFA)
    if article is None or not same_text(file, where, text, article, problems):
        return {}
    return {article.id: joined(_parts(file, layer, article, problems), problems)}


def _parts(
    file: str, layer: Sequence[tuple[int, dict[str, Json]]], article: Article, problems: Problems
) -> Iterator[Mark]:
    points = {unit: point for point, unit in enumerate(utf16_offsets(article.text))}
    for number, row in layer:
        where = f"/%FEATURE_STRUCTURES/{number}"
        start, end = (points.get(at) if isinstance(at := row.get(edge), int) else None for edge in EDGES)
        texts = {k: v or "" for k, v in row.items() if k not in EDGES and not k.startswith(("%", "@"))}
        strange = next((key for key, value in texts.items() if not isinstance(value, str)), None)
        if start is None or end is None or strange is not None:
            what = f"a text as '{strange}'" if strange else "begin and end at characters of the text"
            problems.add(Problem(file, 0, where, f"expected {what}"))
            continue
        name = texts.pop("claim", "").strip()
        span = Span(start=start, end=end, quote=article.text[start:end])
        yield mark_of_texts(file, 0, where, name, (span,), texts, problems)
