"""How far a judge can be trusted: its verdicts on pairs of which the gold knows whether they match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from claimbench.judging.config import digest
from claimbench.judging.judge import Judge
from claimbench.judging.prompts import Request, answer, claims
from claimbench.matchers import labelled_pairs
from claimbench.reading.corpus import Corpus
from claimbench.records import Question, Split
from claimbench.tasks.qa import unit_asked_for
from claimbench.text.answers import numbers_accepted, numbers_given, other_numbers
from claimbench.text.normalise import tokens


class Labelled(msgspec.Struct, frozen=True):
    """A comparison of which the gold knows the verdict; ``stratum`` says of what sort it is."""

    request: Request
    match: bool
    stratum: str


class Confusion(msgspec.Struct, frozen=True):
    """Counts of pairs by gold (first word) and verdict (second); without a verdict a pair is inconclusive."""

    match_match: int
    match_other: int
    match_inconclusive: int
    other_match: int
    other_other: int
    other_inconclusive: int

    def __str__(self) -> str:
        return (
            f"of {self.match_match + self.match_other + self.match_inconclusive} that match "
            f"{self.match_match} called so, {self.match_other} not, {self.match_inconclusive} inconclusive; "
            f"of {self.other_match + self.other_other + self.other_inconclusive} others "
            f"{self.other_match} called a match, {self.other_other} not, "
            f"{self.other_inconclusive} inconclusive"
        )


def confusion(judge: Judge, pairs: Iterable[Labelled]) -> Confusion:
    """Return the confusion matrix of a judge on labelled comparisons, as far as it has been asked."""
    count = dict.fromkeys([(gold, said) for gold in (True, False) for said in (True, False, None)], 0)
    for pair in pairs:
        verdict = judge.verdict(pair.request)
        count[pair.match, verdict.match if verdict else None] += 1
    return Confusion(*count.values())


def claim_pairs(corpus: Corpus, split: Split) -> Iterator[Labelled]:
    """Yield the labelled pairs of statements of a split."""
    for pair in labelled_pairs(corpus):
        if pair.split == split:
            yield Labelled(claims(pair.left[0], pair.right[0]), pair.match, f"{pair.kind} {pair.in_language}")


def answer_pairs(corpus: Corpus, split: Split) -> Iterator[Labelled]:
    """Yield answers to the questions of a split: accepted variants, and what other questions accept.

    A variant is held against the answer without its variants. An answer to another question of one kind and
    language does not match where no accepted answer has its words or its quantities.
    """
    chosen = sorted((q for q in corpus.questions if q.split == split and q.answerable), key=_kind)
    for _, group in groupby(chosen, key=_kind):
        alike = list(group)
        for question in alike:
            texts = tuple(accepted.text for accepted in question.answers)
            for variant in dict.fromkeys(v for accepted in question.answers for v in accepted.variants):
                if variant not in texts:
                    yield Labelled(answer(question.question, texts, variant), True, "variant")
            for other in alike:
                for wrong in other.answers:
                    if other.family != question.family and _differs(wrong.text, question):
                        yield Labelled(answer(question.question, texts, wrong.text), False, "other answer")


def _kind(question: Question) -> tuple[str, str]:
    return question.kind, question.language


def _differs(text: str, question: Question) -> bool:
    wanted, words = unit_asked_for(question), set(tokens(text))
    given = numbers_given(text, question.language, wanted)
    return all(
        other_numbers(given, numbers_accepted(wording, accepted.language, wanted))
        or words.isdisjoint(tokens(wording))
        for accepted in question.answers
        for wording in (accepted.text, *accepted.variants)
    )


def sample(pairs: Iterable[Labelled], count: int) -> Sequence[Labelled]:
    """Return at most ``count`` pairs, evenly from the strata as far as they reach, always the same."""
    strata: dict[str, list[Labelled]] = {}
    for pair in pairs:
        strata.setdefault(pair.stratum, []).append(pair)
    for members in strata.values():
        members.sort(key=lambda pair: digest(pair.request.messages))
    ranked = sorted(
        ((rank, name) for name, members in strata.items() for rank in range(len(members))),
    )
    return [strata[name][rank] for rank, name in ranked[:count]]
