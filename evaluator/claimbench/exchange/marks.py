"""A claim as a tool holds it, whole or in parts, before it is a record again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from claimbench.errors import Problem, nearest
from claimbench.exchange.form import from_texts
from claimbench.reading.jsonl import Problems
from claimbench.reading.schemas import Json
from claimbench.records import Article, Span

Marks = dict[str, list["Mark"]]
"""Article id to the claims marked in it; an article without a file has no entry."""


class Mark(msgspec.Struct, frozen=True):
    """One claim, or one part of it, and where it stands in the tool's file.

    ``name`` is the claim's id, or any other name that joins the parts of a new claim, or "". ``fields``
    are those of the claim record, without id, article and spans. ``pointer`` points into the file; it is
    "" where ``line`` says enough.
    """

    file: str
    line: int
    pointer: str
    name: str
    spans: tuple[Span, ...]
    fields: Mapping[str, Json]

    def problem(self, where: str, message: str, keyword: str = "") -> Problem:
        """Return a problem of the claim; ``where`` is a JSON pointer into its record."""
        return explained(self.file, self.line, self.pointer, self.name, where, message, keyword)


def explained(
    file: str, line: int, pointer: str, name: str, where: str, message: str, keyword: str = ""
) -> Problem:
    """Return a problem with the file's own pointer, or else the record's, and the claim's name."""
    about = " ".join(part for part in (name, where if pointer else "") if part)
    return Problem(file, line, pointer or where, f"{about}: {message}" if about else message, keyword)


def mark_of_texts(
    file: str,
    line: int,
    pointer: str,
    name: str,
    spans: tuple[Span, ...],
    texts: Mapping[str, str],
    problems: Problems,
) -> Mark:
    """Return a mark whose fields are given as texts, adding a problem for each that cannot be read."""
    fields, found = from_texts(texts)
    mark = Mark(file, line, pointer, name, spans, fields)
    for where, message in found:
        problems.add(mark.problem(where, message))
    return mark


def joined(marks: Iterable[Mark], problems: Problems) -> list[Mark]:
    """Return one mark for each name, with the spans and fields of all its parts.

    Parts that disagree on a field are a problem. A mark without a name stays by itself.
    """
    result: list[Mark] = []
    place: dict[str, int] = {}
    for part in marks:
        if not part.name or part.name not in place:
            place[part.name] = len(result)
            result.append(part)
            continue
        whole = result[place[part.name]]
        for field in part.fields.keys() & whole.fields.keys():
            if part.fields[field] != whole.fields[field]:
                said = f"{part.fields[field]!r} and {whole.fields[field]!r}"
                problems.add(part.problem(f"/{field}", f"the parts of one claim disagree: {said}"))
        result[place[part.name]] = replace(
            whole, spans=(*whole.spans, *part.spans), fields={**part.fields, **whole.fields}
        )
    return result


def find_article(
    file: str, name: str, articles: Mapping[str, Article], problems: Problems, pointer: str = ""
) -> Article | None:
    """Return the article of that id; None and a problem where there is none."""
    if name not in articles:
        message = f"the corpus has no article '{name}'{nearest(name, articles)}"
        problems.add(Problem(file, 0, pointer, message))
    return articles.get(name)


def same_text(file: str, pointer: str, text: str, article: Article, problems: Problems) -> bool:
    """Whether a tool's text is the article's; offsets into any other mean nothing, so that is a problem."""
    if text == article.text:
        return True
    pairs = enumerate(zip(text, article.text, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(text), len(article.text)))
    expected, got = article.text[at : at + 20], text[at : at + 20]
    message = f"not the text of {article.id}: expected {expected!r} at {at}, got {got!r}"
    problems.add(Problem(file, 0, pointer, message))
    return False


def misplaced(spans: Sequence[Span], text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (pointer, keyword, message) for spans that do not quote the text or overlap each other."""
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    for number, span in enumerate(ordered):
        found = text[max(span.start, 0) : max(span.end, 0)]
        if found != span.quote or not found:
            place = text.find(span.quote) if span.quote else -1
            really = f"which is at {place}" if place >= 0 else "which is nowhere in the article"
            expected = f"expected the text at {span.start}–{span.end}, {found!r}"
            yield f"/spans/{number}/quote", "quote", f"{expected}, got {span.quote!r}, {really}"
    for number, (before, after) in enumerate(pairwise(ordered), start=1):
        if after.start < before.end:
            message = f"expected at least {before.end}, the end of the part before, got {after.start}"
            yield f"/spans/{number}/start", "order", message
