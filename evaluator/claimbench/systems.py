"""Systems: what takes inputs without gold and returns predictions.

A system is installed by an entry point of the group ``claimbench.systems`` that names a class without
required arguments. It sees the articles and the gold of ``train`` and ``validation``, but never of the split
it predicts; for sentences and articles, which are all test items, the gold of every source but the one it
predicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

import msgspec

from claimbench.errors import FailedSystemError, UsageError, nearest
from claimbench.reading.corpus import Corpus
from claimbench.records import SPLITS, Split

GROUP = "claimbench.systems"

Input = Mapping[str, Any]
"""One item without gold, as ``claimbench items TASK`` writes it."""
Line = dict[str, Any]
"""One prediction line."""


class System(Protocol):
    """What an entry point of the group ``claimbench.systems`` must give."""

    @property
    def tasks(self) -> frozenset[str]:
        """The tasks the system can do."""
        ...

    def predict(
        self, task: str, inputs: Sequence[Input], training: Corpus, seed: int
    ) -> Iterable[Mapping[str, Any]]:
        """Return one prediction line for each input, in the task's format."""
        ...


def installed() -> dict[str, EntryPoint]:
    """Return the installed systems by name, unloaded."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)}


def load_system(name: str) -> System:
    """Return an installed system.

    Raises UsageError for an unknown name, FailedSystemError for a broken one.
    """
    known = installed()
    if name not in known:
        raise UsageError(f"no system '{name}' is installed{nearest(name, known)}; see claimbench systems")
    try:
        system: System = known[name].load()()
    except Exception as error:
        raise FailedSystemError(f"system '{name}' ({known[name].value}) cannot be loaded: {error}") from error
    for attribute in ("tasks", "predict"):
        if not hasattr(system, attribute):
            raise FailedSystemError(f"system '{name}' ({known[name].value}) has no '{attribute}'")
    return system


def inputs(task: str, corpus: Corpus, split: Split = "test") -> list[dict[str, Any]]:
    """Return the items of a task without gold, in the order of the corpus.

    Detection gives a sentence, extraction an article, the other tasks a proposition or question. Evidence
    gives all propositions, those without evidence too: leaving them out would tell their verdict.

    Raises UsageError for sentences and articles of another split than test: they are all test items.
    """
    if task in ("detection", "extraction") and split != "test":
        raise UsageError(f"{task} has no items in split '{split}'; sentences and articles are all in 'test'")
    return list(_INPUTS[task](corpus, split))


def _sentences(corpus: Corpus, split: Split) -> Iterator[dict[str, Any]]:
    for sentence_id, (article, sentence) in corpus.sentences.items():
        text = article.text[sentence.start : sentence.end]
        yield {"id": sentence_id, "article": article.id, "language": article.language, "text": text}


def _articles(corpus: Corpus, split: Split) -> Iterator[dict[str, Any]]:
    for article in corpus.articles:
        spans = [{"id": s.id, "start": s.start, "end": s.end} for s in article.sentences]
        yield {
            "id": article.id,
            "language": article.language,
            "title": article.title,
            "text": article.text,
            "sentences": spans,
        }


def _propositions(corpus: Corpus, split: Split) -> Iterator[dict[str, Any]]:
    for item in corpus.verification:
        if item.split == split:
            yield {"id": item.id, "claim": item.claim, "language": item.language}


def _questions(corpus: Corpus, split: Split) -> Iterator[dict[str, Any]]:
    for item in corpus.questions:
        if item.split == split:
            yield {"id": item.id, "question": item.question, "language": item.language}


_INPUTS = {
    "detection": _sentences,
    "extraction": _articles,
    "evidence": _propositions,
    "verification": _propositions,
    "qa": _questions,
}


class Share(msgspec.Struct, frozen=True):
    """Items that a system is asked for together, and what it may learn from."""

    items: Sequence[Input]
    training: Corpus


def shares(task: str, corpus: Corpus, split: Split = "test") -> list[Share]:
    """Return a task's items as they are asked for: all together, or by the source that must not be seen.

    Raises UsageError for sentences and articles of another split than test.
    """
    items = inputs(task, corpus, split)
    if task not in ("detection", "extraction"):
        seen = tuple(name for name in SPLITS if name not in (split, "test"))
        return [Share(items, corpus.for_training(seen))]
    found = []
    for source in sorted({article.source for article in corpus.articles}):
        ids = {article.id for article in corpus.articles if article.source == source}
        part = [item for item in items if item.get("article", item["id"]) in ids]
        found.append(Share(part, corpus.without_source(source)))
    return found


def predict(
    task: str,
    system: System,
    corpus: Corpus,
    split: Split = "test",
    seed: int = 0,
    *,
    watch: Callable[[Iterator[Line], int], Iterable[Line]] = lambda lines, _: lines,
) -> list[Line]:
    """Return a system's predictions for a task, without showing it the gold it is asked for.

    The lines, and how many are asked for, go through ``watch`` as the system yields them.

    Raises UsageError where the system does not do the task, FailedSystemError where it fails.
    """
    check_ability(task, system)
    parts = shares(task, corpus, split)
    lines = (line for share in parts for line in ask(system, task, share, seed))
    return list(watch(lines, sum(len(share.items) for share in parts)))


def check_ability(task: str, system: System) -> None:
    """Raise UsageError where a system does not do a task."""
    if task not in system.tasks:
        raise UsageError(f"the system does not do {task}; it does {', '.join(sorted(system.tasks))}")


def ask(system: System, task: str, share: Share, seed: int) -> Iterator[Line]:
    """Yield the lines a system gives for some items, one for each at the most and for no others.

    Raises FailedSystemError where it fails.
    """
    name = type(system).__name__
    asked = {item["id"] for item in share.items}
    for line in _guarded(system, task, share, seed):
        if not isinstance(line, Mapping):
            raise FailedSystemError(f"{name}.predict gave a {type(line).__name__} on {task}, not a mapping")
        if line.get("id") not in asked:
            raise FailedSystemError(f"{name}.predict gave {line.get('id')!r} on {task}: not asked, or twice")
        asked.discard(line["id"])
        yield dict(line)


def _guarded(system: System, task: str, share: Share, seed: int) -> Iterator[Mapping[str, Any]]:
    """Yield what a system does, until it fails."""
    try:
        yield from system.predict(task, share.items, share.training, seed)
    except Exception as error:
        raise FailedSystemError(f"{type(system).__name__}.predict failed on {task}: {error!r}") from error
