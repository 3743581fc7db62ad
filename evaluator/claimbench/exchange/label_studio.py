"""Label Studio: ``<article>.json``, a list of one task with one annotation.

A part of a claim is a labelled region whose label is the kind; its other fields are per-region texts and
choices of the first part, and all parts carry the claim's id in ``claim``. Offsets are code points: since
2021 the editor counts so in <Text> regions (rangeToGlobalOffset in its selection-tools.js); the quote beside
them would tell. In that quote the editor writes a line break as a backslash and an n.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec

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
    "Paste labelling-config.xml as the project's labelling code, import the .json files, edit the annotations"
    " and export as JSON. In 'claim', the parts of a new claim share any name."
)


class _Value(msgspec.Struct):
    """What a result says of its region."""

    start: int
    end: int
    text: str | list[str]
    labels: list[str] = []
    choices: list[str] = []


class _Result(msgspec.Struct):
    """One label, choice or text of a region."""

    id: str
    from_name: str
    type: str
    value: _Value


class _Data(msgspec.Struct):
    """What a task shows."""

    article: str
    text: str


class _Annotation(msgspec.Struct):
    """One person's answer to a task."""

    result: list[Json]
    was_cancelled: bool = False


class _Task(msgspec.Struct):
    """One article."""

    data: _Data
    annotations: list[_Annotation]


def settings() -> dict[str, bytes]:
    """Return the labelling configuration."""
    options = choices()
    rows = ["<View>", "  <Style>.htx-text { white-space: pre-wrap; }</Style>", '  <Header value="$title"/>']
    rows += ['  <Labels name="kind" toName="article">']
    rows += [f"    <Label value={quoteattr(kind)}/>" for kind in options.pop("kind")]
    rows += ["  </Labels>", '  <Text name="article" value="$text" saveTextResult="yes"/>']
    for name in ("claim", *TEXTS):
        rows.append(f'  <Header value="{name}" size="6"/>')
        area = f'<TextArea name="{name}" toName="article" perRegion="true" editable="true"'
        rows.append(f'  {area} maxSubmissions="1" rows="1"/>')
    for name, values in options.items():
        rows.append(f'  <Header value="{name}" size="6"/>')
        rows.append(f'  <Choices name="{name}" toName="article" perRegion="true" showInline="true">')
        rows += [f"    <Choice value={quoteattr(value)}/>" for value in values] + ["  </Choices>"]
    return {"labelling-config.xml": "\n".join([*rows, "</View>", ""]).encode()}


def files(article: Article, claims: Sequence[Claim]) -> dict[str, bytes]:
    """Return the article as one task with its claims annotated."""
    data = {"article": article.id, "title": article.title, "text": article.text}
    result = [row for claim in claims for row in _rows(claim)]
    text = json.dumps([{"data": data, "annotations": [{"result": result}]}], ensure_ascii=False, indent=1)
    return {article.id + SUFFIX: (text + "\n").encode()}


def _rows(claim: Claim) -> Iterator[dict[str, Any]]:
    for number, span in enumerate(claim.spans, start=1):
        # The label comes first, because the editor makes the region of the first result with its id.
        texts = {"kind": claim.kind, "claim": claim.id} | (to_texts(claim) if number == 1 else {})
        for name, text in texts.items():
            way = "labels" if name == "kind" else "choices" if name in choices() else "textarea"
            value = {"start": span.start, "end": span.end, "text": span.quote.replace("\n", "\\n")}
            yield {
                "id": f"{claim.id.rpartition('.')[2]}-{number}",
                "from_name": name,
                "to_name": "article",
                "type": way,
                "value": {**value, "text" if way == "textarea" else way: [text]},
            }


def read(path: Path, corpus: Corpus, problems: Problems) -> Marks:
    """Return the claims of every task in a file."""
    file = str(path)
    document = read_document(file, problems)
    tasks = document if isinstance(document, list) else [] if document is None else [document]
    result: Marks = {}
    for number, value in enumerate(tasks):
        pointer = f"/{number}"
        try:
            task = msgspec.convert(value, _Task)
        except msgspec.ValidationError as error:
            problems.add(Problem(file, 0, pointer, f"not an annotated task: {error}"))
            continue
        article = find_article(
            file, task.data.article, corpus.article_by_id, problems, f"{pointer}/data/article"
        )
        if article is None or not same_text(file, f"{pointer}/data/text", task.data.text, article, problems):
            continue
        valid = [(n, a) for n, a in enumerate(task.annotations) if not a.was_cancelled]
        if len(valid) != 1 or article.id in result:
            got = f"{len(valid)} annotations" if article.id not in result else "a second task"
            problems.add(Problem(file, 0, pointer, f"expected one annotation of {article.id}, got {got}"))
            continue
        at, annotation = valid[0]
        where = f"{pointer}/annotations/{at}/result"
        result[article.id] = joined(_parts(file, where, annotation.result, article, problems), problems)
    return result


def _parts(
    file: str, pointer: str, values: Sequence[Json], article: Article, problems: Problems
) -> Iterator[Mark]:
    """Yield a mark for each region, made of all results with its id."""
    regions: dict[str, list[tuple[str, _Result]]] = {}
    for number, value in enumerate(values):
        where = f"{pointer}/{number}"
        try:
            result = msgspec.convert(value, _Result)
        except msgspec.ValidationError as error:
            problems.add(Problem(file, 0, where, f"not a label, choice or text of a region: {error}"))
            continue
        regions.setdefault(result.id, []).append((where, result))
    for results in regions.values():
        labels = [(where, r) for where, r in results if r.type == "labels"]
        if len(labels) != 1:
            message = f"expected one label for the region, its kind, got {len(labels)}"
            problems.add(Problem(file, 0, results[0][0], message))
            continue
        where, label = labels[0]
        texts = _texts(file, results, problems)
        name = texts.pop("claim", "").strip()
        span = _span(label.value, article.text)
        yield mark_of_texts(file, 0, where, name, (span,), texts, problems)


def _texts(file: str, results: Sequence[tuple[str, _Result]], problems: Problems) -> dict[str, str]:
    """Return a region's fields, each given once."""
    texts: dict[str, str] = {}
    for where, result in results:
        way = "text" if result.type == "textarea" else result.type
        values = getattr(result.value, way) if way in ("text", "labels", "choices") else None
        if not isinstance(values, list) or len(values) > 1 or result.from_name in texts:
            message = f"expected one value for '{result.from_name}', got {result.type} {values!r}"
            problems.add(Problem(file, 0, where, message))
        elif values:
            texts[result.from_name] = values[0]
    return texts


def _span(value: _Value, text: str) -> Span:
    """Return the region as a span, in the article's own words if its quote differs in white space only."""
    found = text[max(value.start, 0) : max(value.end, 0)]
    said = value.text if isinstance(value.text, str) else ""
    same = _squeezed(found) == _squeezed(said.replace("\\n", " "))
    return Span(start=value.start, end=value.end, quote=found if same else said)


def _squeezed(text: str) -> str:
    return "".join(text.split())
