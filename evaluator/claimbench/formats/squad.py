"""What SQuAD 1.1, 2.0 and the benchmarks in its format share: files, matching, rows and metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from claimbench.formats.answers import Normal, Words, precision_recall_f1
from claimbench.formats.documents import checked, unchecked
from claimbench.reading.jsonl import read_bytes
from claimbench.reading.keys import has_no_more_keys, most_keys
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Bools, Floats, Ints, Metric, Rows, to_fixed

COLUMNS = ("items", "exact", "f1")


class _Answer(msgspec.Struct, frozen=True, gc=False):
    text: str


class _Question(msgspec.Struct, frozen=True, gc=False):
    id: str | int
    answers: tuple[_Answer, ...]


class _Paragraph(msgspec.Struct, frozen=True, gc=False):
    qas: tuple[_Question, ...]


class _Article(msgspec.Struct, frozen=True, gc=False):
    paragraphs: tuple[_Paragraph, ...]
    title: str = ""


class _Gold(msgspec.Struct, frozen=True, gc=False):
    data: tuple[_Article, ...]


class _UsualAnswer(_Answer, frozen=True, gc=False):
    """An answer that has the keys of SQuAD, each once at least."""

    answer_start: int


class UsualQuestion(_Question, frozen=True, gc=False, kw_only=True):
    """The same of a question of SQuAD 1.1."""

    answers: tuple[_UsualAnswer, ...]
    question: msgspec.Raw


class UsualQuestion2(UsualQuestion, frozen=True, gc=False, kw_only=True):
    """The same of a question of SQuAD 2.0."""

    is_impossible: bool
    plausible_answers: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


Q = TypeVar("Q", bound=UsualQuestion)


class _UsualParagraph(msgspec.Struct, Generic[Q], frozen=True, gc=False):
    qas: tuple[Q, ...]
    context: msgspec.Raw


class _UsualArticle(msgspec.Struct, Generic[Q], frozen=True, gc=False):
    paragraphs: tuple[_UsualParagraph[Q], ...]
    title: str


class _UsualGold(msgspec.Struct, Generic[Q], frozen=True, gc=False):
    data: tuple[_UsualArticle[Q], ...]
    version: msgspec.Raw


class Questions(msgspec.Struct, frozen=True):
    """The questions of a gold file in file order, each list with one entry per question."""

    ids: list[str | int]
    articles: list[str]
    answers: list[tuple[str, ...]]
    repeated: int = 0
    """How many questions have the id of an earlier one."""


def read_questions(path: str, usual: type[UsualQuestion] = UsualQuestion) -> Questions:
    """Return the questions of a gold file; an article without a title is named by its place.

    ``usual`` is what most files hold, in which repeated keys are told quickly.

    Raises InputError where the file cannot be read, ProblemsError where it is not in SQuAD's format.
    """
    data = read_bytes(path)
    gold = unchecked(data, _UsualGold[usual])  # type: ignore[valid-type]
    if gold is not None:
        found = _questions(gold)
        if _repeats_none(data, gold, found, usual):
            return found
    return _questions(checked(path, data, _Gold))


def _questions(gold: _Gold | _UsualGold[Any]) -> Questions:
    ids: list[str | int] = []
    articles: list[str] = []
    answers: list[tuple[str, ...]] = []
    given: Sequence[_Article | _UsualArticle[Any]] = gold.data
    for number, article in enumerate(given, start=1):
        title = article.title or f"article {number}"
        for paragraph in article.paragraphs:
            ids += [question.id for question in paragraph.qas]
            articles += [title] * len(paragraph.qas)
            answers += [tuple([answer.text for answer in question.answers]) for question in paragraph.qas]
    return Questions(ids, articles, answers, len(ids) - len(set(ids)))


def _repeats_none(data: bytes, gold: _UsualGold[Any], found: Questions, usual: type[UsualQuestion]) -> bool:
    """Whether no object of the gold repeats a key; plausible answers, which are not read, are left out."""
    paragraphs = sum([len(article.paragraphs) for article in gold.data])
    each = sum(field.required for field in msgspec.structs.fields(usual))
    known = 2 + 2 * len(gold.data) + 2 * paragraphs + each * len(found.ids) + 2 * sum(map(len, found.answers))
    if most_keys(data) == known:
        return True
    questions = (q for article in gold.data for paragraph in article.paragraphs for q in paragraph.qas)
    plausible = [bytes(x) for q in questions if (x := getattr(q, "plausible_answers", None))]
    return has_no_more_keys(data, known + len(plausible), b"\n".join(plausible))


class Matches(NamedTuple):
    """How predictions match gold answers, one entry per question."""

    exact: Bools
    f1: Floats
    """The best F1 over the gold answers; 1 where one matches exactly, even if nothing is left of both."""
    empty: Bools
    """Whether nothing is left of the prediction in its normal form."""
    hollow: Bools
    """Whether there are gold answers, and nothing is left of any; not looked at without a prediction."""

    def part(self, chosen: Bools) -> Matches:
        """Return the entries of some questions."""
        return Matches(self.exact[chosen], self.f1[chosen], self.empty[chosen], self.hollow[chosen])


def best_match(gold: Iterable[Words], predicted: Words) -> tuple[bool, float]:
    """Return whether a gold answer equals the prediction, and the best F1."""
    best = 0.0
    for words in gold:
        if words == predicted:
            return True, 1.0
        best = max(best, precision_recall_f1(words, predicted)[2])
    return False, best


def match(
    answers: Sequence[tuple[str, ...]],
    predicted: Sequence[str | None],
    normal: Normal,
    *,
    drop_empty: bool = False,
) -> Matches:
    """Match each prediction with its question's gold answers; None and a question without answers match none.

    With ``drop_empty`` an answer of which the normal form leaves nothing is no answer, and a question without
    answers is answered by nothing (SQuAD 2.0). Each distinct pair is compared once.
    """

    def compare(texts: tuple[str, ...], text: str | None) -> tuple[bool, float, bool, bool]:
        if text is None:
            return False, 0.0, False, False
        words = normal(text)
        if words and text in texts:
            return True, 1.0, False, False
        gold = [normal(x) for x in dict.fromkeys(texts)]
        hollow = bool(gold) and not any(gold)
        if drop_empty:
            gold = [x for x in gold if x] or [()]
        return (*best_match(gold, words), not words, hollow)

    places: dict[tuple[tuple[str, ...], str | None], int] = {}
    at = np.array(
        [places.setdefault(pair, len(places)) for pair in zip(answers, predicted, strict=True)], int
    )
    exact, f1, empty, hollow = zip(*starmap(compare, places), strict=True) if places else ((), (), (), ())
    flags = (np.array(column, dtype=bool)[at] for column in (exact, empty, hollow))
    return Matches(next(flags), np.array(f1, dtype=np.float64)[at], *flags)


def rows(questions: Questions, found: Matches) -> Rows:
    """Lay out the house's counts per question: items, exact matches, F1."""
    counts: Ints = np.ones((len(questions.ids), len(COLUMNS)), dtype=np.int64)
    counts[:, 1] = found.exact
    counts[:, 2] = to_fixed(found.f1)
    return Rows(tuple(map(str, questions.ids)), COLUMNS, counts)


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return exact match and answer F1, as shares of 1."""
    return (
        Additive("exact_match", ("exact", "items"), c.share),
        Additive("f1", ("f1", "items"), c.mean_fixed),
    )


def ignored(ids: Iterable[str], predictions: Mapping[str, str]) -> int:
    """Return how many predictions are for ids that the gold does not have."""
    return len(predictions) - len(predictions.keys() & set(ids))
