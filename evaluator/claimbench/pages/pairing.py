"""Two systems' entries side by side: which items B gains, which it loses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from claimbench.pages.entries.entry import Cited, Entry, Mark, Said, joined
from claimbench.pages.shown import Shown, plain, shown
from claimbench.reading.corpus import Corpus
from claimbench.report import ItemRows
from claimbench.stats.estimators import FRACTION_BITS

CHANGES = ("gained", "lost", "changed", "same")

COUNTS = "Counts of a report, those that differ. Compare prediction files to read the answers."

_SCORES: Mapping[str, Callable[[Mapping[str, int]], float | None]] = {
    "verification": lambda row: float(row["correct"]),
    "evidence": lambda row: float(row["complete@5"]),
    "qa": lambda row: row["f1"] / 2**FRACTION_BITS,
    "detection": lambda row: (
        float(row["tp"] or not (row["positive"] or row["fp"])) if row["labelled"] else None
    ),
    "extraction": lambda row: None,
}
"""An item's own result by task, from its counts; None where they do not tell."""


def row_entries(corpus: Corpus, task: str, items: ItemRows) -> list[Entry]:
    """Return what a report's rows tell of its items: their counts, not the answers."""
    texts = {v.id: v.claim for v in corpus.verification} | {q.id: q.question for q in corpus.questions}
    texts |= {sentence: corpus.sentence_text(sentence) for sentence in corpus.sentences}
    found = []
    for item, counts in zip(items.ids, items.rows, strict=True):
        row = dict(zip(items.columns, counts, strict=True))
        score = _SCORES[task](row)
        said = tuple(Said(name, "", (_count(count),)) for name, count in row.items())
        found.append(
            Entry(
                key=f"{task}/{item}",
                id=item,
                task=task,
                title=texts.get(item) or shown(item),
                language="",
                right=None if score is None else score == 1.0,
                score=score,
                outcome="–" if score is None else f"{score:.2f}",
                fields={},
                said=said,
                reason=(COUNTS,),
            )
        )
    return found


def _count(count: int) -> str:
    return str(count) if abs(count) < 2**24 else f"{count / 2**FRACTION_BITS:.3f}"


def side_by_side(a: Sequence[Entry], b: Sequence[Entry]) -> list[Entry]:
    """Return the entries of both systems joined, those that B gains or loses first, greatest change first."""
    left, right = ({_identity(entry): entry for entry in side} for side in (a, b))
    names = list(dict.fromkeys([*left, *right]))
    found = [_joined(left.get(name), right.get(name), n) for n, name in enumerate(names)]

    def order(entry: tuple[Entry, float]) -> tuple[int, float]:
        change = entry[0].change
        return (0 if change in ("gained", "lost") else CHANGES.index(change)), -entry[1]

    return [entry for entry, _ in sorted(found, key=order)]


def _identity(entry: Entry) -> str:
    """A gold item is the same in both; a claim only a system has is the same where its words are."""
    own = entry.key.rpartition("/")[2].startswith("system-")
    return f"{entry.fields['article']}\n{plain(entry.title)}" if own else entry.key


def _joined(a: Entry | None, b: Entry | None, n: int) -> tuple[Entry, float]:
    one = b or a
    if one is None:  # no name without an entry
        raise ValueError("neither system has the item")
    before, after = a.score if a else None, b.score if b else None
    difference = (after or 0.0) - (before or 0.0)
    outcomes = [entry.outcome if entry else "not given" for entry in (a, b)]
    both = replace(
        one,
        key=one.key if a and b else f"{one.key}@{'A' if a else 'B'}{n}",
        outcome=outcomes[0] if outcomes[0] == outcomes[1] else " ⇒ ".join(outcomes),
        said=_said(a, b),
        reason=_reason(a, b),
        evidence=_evidence(a, b),
        marks=_marks(a, b),
        change=_change(a, b, difference),
    )
    return both, abs(difference)


def _change(a: Entry | None, b: Entry | None, difference: float) -> str:
    if a is None or b is None:
        lone = a or b
        wrong = lone is not None and lone.right is False
        return "changed" if not wrong else "gained" if b is None else "lost"
    if difference:
        return "gained" if difference > 0 else "lost"
    return "same" if _answer(a) == _answer(b) else "changed"


def _answer(entry: Entry) -> tuple[Said, ...]:
    """What a system answers: an entry's first line; all of an entry from counts, which has no fields."""
    return entry.said[:1] if entry.fields else entry.said


def _said(a: Entry | None, b: Entry | None) -> tuple[Said, ...]:
    """Return the lines of both, of counts only those that differ."""
    sides = [{line.term: line for line in entry.said} if entry else {} for entry in (a, b)]
    counts = a is not None and not a.fields
    lines = []
    for term in dict.fromkeys([*sides[0], *sides[1]]):
        found = [side.get(term) for side in sides]
        gold = next(line.gold for line in found if line is not None)
        said = tuple(line.predicted[0] if line else "–" for line in found)
        if not counts or said[0] != said[1]:
            lines.append(Said(term, gold, said))
    return tuple(lines)


def _reason(a: Entry | None, b: Entry | None) -> tuple[Shown, ...]:
    """Return what is said of A alone, of B alone, and of both."""
    first, second = (entry.reason if entry else ("The system does not give it.",) for entry in (a, b))
    return (
        *(joined("A:", line) for line in first if line not in second),
        *(joined("B:", line) for line in second if line not in first),
        *(line for line in first if line in second),
    )


def _evidence(a: Entry | None, b: Entry | None) -> tuple[Cited, ...]:
    sides = [{one.sentence: one for one in entry.evidence} if entry else {} for entry in (a, b)]
    found = []
    for sentence in dict.fromkeys([*sides[0], *sides[1]]):
        both = [side.get(sentence) for side in sides]
        stances = next(one.stances for one in both if one is not None)
        found.append(Cited(sentence, stances, tuple(one.ranks[0] if one else None for one in both)))
    return tuple(sorted(found, key=lambda one: not one.stances))


def _marks(a: Entry | None, b: Entry | None) -> tuple[Mark, ...]:
    found: dict[Mark, None] = {}
    for name, entry in (("a", a), ("b", b)):
        for mark in entry.marks if entry else ():
            found[replace(mark, kind=name) if mark.kind == "predicted" else mark] = None
    return tuple(found)
