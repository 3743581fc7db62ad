"""What a task is: items, one row of counts per item, and metrics of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np

from claimbench.errors import UsageError, nearest
from claimbench.reading.corpus import Corpus
from claimbench.records import EvidenceSet, Prediction, Split
from claimbench.stats.clusters import joined_clusters
from claimbench.stats.estimators import Additive, Better, Calibration, Floats, Ints, Metric, Rows, Scale
from claimbench.tasks.names import MetricName, parse

P = TypeVar("P", bound=Prediction)


class State(Enum):
    """How an item was answered. Everything but ANSWERED is wrong and counted apart."""

    ANSWERED = "answered"
    MISSING = "missing"
    ABSTAINED = "abstained"
    INVALID = "invalid"


class Items(msgspec.Struct, frozen=True, eq=False):
    """What a task scores on one split.

    ``ids``, ``clusters``, ``sources`` and every field have one entry per row. ``expected`` are the ids that
    predictions are joined on: the same as ``ids``, except that extraction predicts articles and is laid out
    by sentence. ``sources`` is None where items do not belong to one source, ``families`` where no two items
    are one thing in several languages, with one gold between them.
    """

    ids: tuple[str, ...]
    expected: tuple[str, ...]
    clusters: tuple[str, ...]
    sources: tuple[str, ...] | None
    fields: Mapping[str, tuple[str, ...]]
    families: tuple[str, ...] | None = None


def _none_further(rows: Rows, name: MetricName) -> Metric | None:
    return None


class Settled(msgspec.Struct, Generic[P], frozen=True):
    """A run of predictions by id after what only a whole run can tell has been settled.

    ``problems`` are (id, JSON pointer, message), ``signed`` goes into the signature, ``notes`` are sentences
    for the report.
    """

    predictions: Mapping[str, P]
    problems: tuple[tuple[str, str, str], ...] = ()
    signed: Mapping[str, str] = msgspec.field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Task(msgspec.Struct, Generic[P], frozen=True):
    """One task: its prediction type and four pure functions."""

    name: str
    prediction: type[P]
    headline: str
    needs: tuple[str, ...]
    """The kinds of records that scoring reads."""
    splits: Callable[[Corpus], Mapping[str, Split]]
    """Every id a prediction may name, with its split."""
    items: Callable[[Corpus, Split], Items]
    columns: tuple[str, ...]
    """The columns of every table of rows."""
    rows: Callable[[Corpus, Items, Mapping[str, P]], Rows]
    metrics: Callable[[Rows], tuple[Metric, ...]]
    check: Callable[[Corpus, P], Iterable[tuple[str, str]]]
    """What types cannot say of one prediction: (JSON pointer, message) pairs."""
    payload: tuple[str, ...]
    """The fields of which at least one must hold something; empty where null is an answer."""
    fallback: str = ""
    """The headline where ``headline`` is undefined on the input; "" where there is no other."""
    further: Callable[[Rows, MetricName], Metric | None] = _none_further
    """A metric by a name that ``metrics`` does not list, such as another cut-off; None for no such metric."""
    settle: Callable[[Corpus, Mapping[str, P]], Settled[P]] | None = None
    """What only a whole run can tell; None where lines stand by themselves."""
    signed: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What the signature says of rows that are counted otherwise than usual."""
    across: Mapping[str, frozenset[str]] = msgspec.field(default_factory=dict)
    """By field, the columns that count on one item what hangs on others, of other values, too."""

    @property
    def schema(self) -> str:
        """Name of the JSON Schema of a prediction line."""
        return f"prediction-{self.name}"

    def metric(self, rows: Rows, name: str) -> Metric | None:
        """Return the metric of a canonical name; None where the rows have no such metric."""
        listed = (metric for metric in self.metrics(rows) if metric.name == name)
        return next(listed, None) or self.further(rows, parse(name))

    def sliced(self, metric: Metric, field: str) -> bool:
        """Whether a metric on the items of one value of a field says something about them alone."""
        return self.across.get(field, frozenset()).isdisjoint(metric.columns)

    def named(self, rows: Rows, names: Sequence[str], field: str = "") -> tuple[Metric, ...]:
        """Return the metrics of these canonical names, in their order, each once.

        Raises UsageError for a name that the task does not have or, where the rows are a slice by ``field``,
        that slices by it do not have.
        """
        found = {}
        for name in names:
            metric = self.metric(rows, name)
            if metric is None:
                known = [metric.name for metric in self.metrics(rows)]
                hint = nearest(name, known)
                raise UsageError(f"{self.name} has no metric '{name}'{hint}; one of {', '.join(known)}")
            if not self.sliced(metric, field):
                raise UsageError(
                    f"{self.name} has no metric '{name}' by {field}: it looks at items of several together"
                )
            found[metric.name] = metric
        return tuple(found.values())

    def refuse_unknown(self, names: Iterable[str], field: str = "") -> None:
        """Raise UsageError for the name of a metric that no predictions or no slices by ``field`` give."""
        # Where everything occurs, whatever hangs on what occurs is there.
        rows = Rows((), self.columns, np.ones((1, len(self.columns)), dtype=np.int64))
        self.named(rows, tuple(names), field)

    def state(self, prediction: P | None) -> State:
        """Return how an item was answered."""
        if prediction is None:
            return State.MISSING
        if prediction.invalid:
            return State.INVALID
        if prediction.abstain:
            return State.ABSTAINED
        if self.payload and not any(given(getattr(prediction, name)) for name in self.payload):
            return State.ABSTAINED
        return State.ANSWERED


def given(value: Any) -> bool:
    """Whether a payload field holds something: neither null nor left out."""
    return value is not None and value is not msgspec.UNSET


def answered(predictions: Mapping[str, P], item: str) -> P | None:
    """Return the prediction for an item unless it is missing, invalid or abstains."""
    prediction = predictions.get(item)
    if prediction is None or prediction.invalid or prediction.abstain:
        return None
    return prediction


def component_clusters(corpus: Corpus, facts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return each item's cluster: the component of its facts, joined with others where it has several."""
    return joined_clusters([sorted({corpus.fact_by_id[f].component for f in group}) for group in facts])


def sentence_clusters(corpus: Corpus) -> dict[str, str]:
    """Return the cluster of each sentence: components linked by the claims it holds, else itself."""
    held: dict[str, set[str]] = {sentence: set() for sentence in corpus.sentences}
    for claim in corpus.claims:
        held[corpus.sentence_of(claim)].add(corpus.fact_by_id[claim.fact].component)
    names = joined_clusters([sorted(components) or [sentence] for sentence, components in held.items()])
    return dict(zip(held, names, strict=True))


def complete_sets(evidence: tuple[EvidenceSet, ...], predicted: tuple[str, ...]) -> bool:
    """Whether the sentences hold one whole gold set for every stance the gold has."""
    found = set(predicted)
    stances = {group.stance for group in evidence}
    whole = {group.stance for group in evidence if found.issuperset(group.sentences)}
    return bool(stances) and whole == stances


def undefined(name: str, scale: Scale = "proportion", better: Better = "higher") -> Metric:
    """Return a metric that has no value on this input, so that reports say so."""

    def value(total: Ints) -> Floats:
        return np.full(total.shape[:-1], np.nan)

    return Additive(name, (), value, scale, better)


def calibration(columns: tuple[str, str, str], whole: bool, bins: int = 10) -> Metric:
    """Return the metric ``ece(bins=...)``.

    Undefined unless ``whole`` says that whatever is answered has a confidence: what is left out may be the
    worst.
    """
    name = str(MetricName("ece", bins, "bins"))
    return Calibration(name, columns, bins) if whole else undefined(name, "none", "lower")


def ece_bins(name: MetricName) -> int | None:
    """Return the number of bins in a name like ece(bins=15), None for other names."""
    asked = name.base == "ece" and name.setting == "bins"
    return name.parameter if asked and isinstance(name.parameter, int) else None


def counts(ids: tuple[str, ...], columns: tuple[str, ...], rows: Iterable[Mapping[str, int]]) -> Rows:
    """Lay out one mapping of counts per item as int64 rows; what a mapping leaves out is 0."""
    table = np.zeros((len(ids), len(columns)), dtype=np.int64)
    index = {name: i for i, name in enumerate(columns)}
    for target, row in zip(table, rows, strict=True):
        for name, count in row.items():
            target[index[name]] = count
    return Rows(ids, columns, table)


def check_sentences(
    corpus: Corpus, sentences: tuple[str, ...] | None, field: str
) -> Iterable[tuple[str, str]]:
    """Yield a problem for every sentence id that is unknown or repeated."""
    known = sentences or ()
    for i, sentence in enumerate(known):
        if sentence not in corpus.sentences:
            yield f"/{field}/{i}", f"unknown sentence '{sentence}'{nearest(sentence, corpus.sentences)}"
        elif sentence in known[:i]:
            yield f"/{field}/{i}", f"sentence '{sentence}' is given twice"
