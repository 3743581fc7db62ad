"""Questions for reading."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from claimbench.pages.entries.entry import (
    UNANSWERED,
    Entry,
    Said,
    cited,
    evidence_marks,
    quantities_said,
    sets,
    share,
)
from claimbench.pages.shown import Shown, shown
from claimbench.reading.corpus import Corpus
from claimbench.records import QaPrediction, Question
from claimbench.tasks.base import State
from claimbench.tasks.qa import TASK, answer_score
from claimbench.text.normalise import token_f1, tokens


def entries(corpus: Corpus, predictions: Mapping[str, QaPrediction], split: str) -> list[Entry]:
    """Return the questions of a split with their answers."""
    return [_entry(corpus, q, predictions.get(q.id)) for q in corpus.questions if q.split == split]


def _entry(corpus: Corpus, item: Question, prediction: QaPrediction | None) -> Entry:
    state = TASK.state(prediction)
    answered = prediction is not None and state is State.ANSWERED and prediction.answer is not msgspec.UNSET
    answer = str(prediction.answer) if answered and prediction and prediction.answer is not None else None
    outcome, score = _outcome(item, answer) if answered else (state.value, 0.0)
    given = prediction.evidence or () if prediction is not None else ()
    sentences = cited(item.evidence, given)
    return Entry(
        key=f"qa/{item.id}",
        id=item.id,
        task="qa",
        title=item.question,
        language=item.language,
        right=outcome in ("exact", "right value", "rightly declined") or score == 1.0,
        score=score,
        outcome=outcome,
        fields={"kind": item.kind, "answerable": "yes" if item.answerable else "no"},
        said=_said(item, answer, answered, state, prediction, given),
        reason=(*_reason(item, answer, state, answered), f"The gold’s own reason: {item.rationale}"),
        evidence=sentences,
        marks=evidence_marks(corpus, sentences),
        answered=answered,
    )


def _outcome(item: Question, answer: str | None) -> tuple[str, float]:
    if answer is None:
        return ("rightly declined", 1.0) if not item.answerable else ("wrongly declined", 0.0)
    if not item.answerable:
        return "answered the unanswerable", 0.0
    exact, typed, f1 = answer_score(item, answer)
    if exact:
        return "exact", f1
    if typed:
        return "right value", f1
    return ("partly right" if f1 else "wrong"), f1


def _accepted(item: Question) -> list[tuple[str, str]]:
    return [(w, a.language) for a in item.answers for w in (a.text, *a.variants)]


def _said(
    item: Question,
    answer: str | None,
    answered: bool,
    state: State,
    prediction: QaPrediction | None,
    given: tuple[str, ...],
) -> tuple[Said, ...]:
    mine = next((a.text for a in item.answers if a.language == item.language), "unanswerable")
    theirs: Shown = state.value if not answered else "unanswerable" if answer is None else shown(answer)
    said = [Said("answer", mine, (theirs,))]
    if answer is not None and item.answerable:
        said += quantities_said(_accepted(item), answer, item.language)
    if prediction is not None and prediction.confidence is not None:
        said.append(Said("confidence", "", (share(prediction.confidence),)))
    return (*said, Said("evidence", sets(item.evidence), (", ".join(given) or "none",)))


def _reason(item: Question, answer: str | None, state: State, answered: bool) -> tuple[Shown, ...]:
    if not answered:
        return (UNANSWERED.get(state, UNANSWERED[State.ABSTAINED]),)
    if answer is None:
        good = "rightly: the articles do not say." if not item.answerable else "but they do answer it."
        return (f"The system says that the articles do not answer this, {good}",)
    if not item.answerable:
        return ("The articles do not answer this; any answer but null is wrong.",)
    exact, typed, f1 = answer_score(item, answer)
    if exact:
        return ("Word for word an accepted answer, after normalisation.",)
    value = " It gives the right value, so typed match counts it." if typed else ""
    return (f"{_nearest(item, answer, f1)}{value}",)


def _nearest(item: Question, answer: str, f1: float) -> str:
    mine = tokens(answer[:20_000])
    best = max(_accepted(item), key=lambda pair: (token_f1(mine, tokens(pair[0])), pair[1] == item.language))
    if f1:
        return f"It shares words with the accepted “{best[0]}”: answer F1 is {share(f1)}."
    if token_f1(mine, tokens(best[0])):
        return f"It shares words with the accepted “{best[0]}”, but the quantities differ: answer F1 is 0."
    return f"It shares no word with an accepted answer, such as “{best[0]}”: answer F1 is 0."
