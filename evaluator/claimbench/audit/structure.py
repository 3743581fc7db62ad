"""What the gold is made of: components, labels and splits, contrasts, sources, relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from claimbench.audit.duplicates import contrast_families
from claimbench.audit.finding import Finding
from claimbench.audit.invariants import deciding
from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, SPLITS
from claimbench.tasks.base import component_clusters
from claimbench.tasks.verification import verification_items
from claimbench.validation.gold import Item

LARGEST_CLUSTER = 0.10
"""No cluster of components may hold a larger share of the items."""


class Structure(msgspec.Struct, frozen=True):
    """Figures of the gold's structure.

    ``items`` are counts by label (or answerability) and split. Clusters join the components of items that
    have facts of several. Contrast pairs and families ("any" counts them all, whatever the edit), and what
    needs two sentences or two sources, are counted in propositions and questions: three items each.
    """

    components: int
    clusters: int
    clusters_in_test: int
    largest_cluster: str
    largest_cluster_share: float
    items: Mapping[str, Mapping[str, int]]
    contrast_pairs: Mapping[str, int]
    contrast_families: Mapping[str, int]
    needing_two_sentences: Mapping[str, int]
    needing_two_sources: Mapping[str, int]
    facts: int
    facts_in_several_articles: int
    relations: Mapping[str, int]
    evidence_sentences: int
    evidence_sentences_in_several_splits: int
    test_items_with_evidence: int
    test_items_with_only_unseen_sentences: int


def structure_of(corpus: Corpus) -> Structure:
    """Return the figures of a corpus."""
    items: tuple[Item, ...] = (*corpus.verification, *corpus.questions)
    clusters = Counter(component_clusters(corpus, [item.facts for item in items]))
    largest, size = max(clusters.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    test = verification_items(corpus, "test")
    unseen = Counter(test.fields["unseen_sentence"])
    cited = _splits_of_evidence(items)
    several = [f for f in corpus.facts if len({reading.article for reading in f.readings}) > 1]
    edits = [item for item in corpus.verification if item.contrast_of is not None]
    family = contrast_families(edits)
    return Structure(
        components=len({fact.component for fact in corpus.facts}),
        clusters=len(clusters),
        clusters_in_test=len(set(test.clusters)),
        largest_cluster=largest,
        largest_cluster_share=size / len(items) if items else 0.0,
        items=_per_label_and_split(corpus),
        contrast_pairs=_by_edit({(item.edit or "", item.family) for item in edits}),
        contrast_families=_by_edit({(item.edit or "", family[item.id].rpartition("-")[0]) for item in edits}),
        needing_two_sentences=_needing(corpus, _two_sentences),
        needing_two_sources=_needing(corpus, _two_sources),
        facts=len(corpus.facts),
        facts_in_several_articles=len(several),
        relations=_sorted(Counter(relation.type for fact in corpus.facts for relation in fact.relations)),
        evidence_sentences=len(cited),
        evidence_sentences_in_several_splits=sum(len(splits) > 1 for splits in cited.values()),
        test_items_with_evidence=unseen["yes"] + unseen["no"],
        test_items_with_only_unseen_sentences=unseen["yes"],
    )


def oversized(found: Structure) -> Iterator[Finding]:
    """Yield a finding where one cluster holds too large a share of the items."""
    if found.largest_cluster_share > LARGEST_CLUSTER:
        share = f"{found.largest_cluster_share:.3f} of the items"
        yield Finding("cluster", f"{found.largest_cluster} holds {share}, more than {LARGEST_CLUSTER:.2f}")


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _per_label_and_split(corpus: Corpus) -> dict[str, dict[str, int]]:
    found: Counter[tuple[str, str]] = Counter((item.label, item.split) for item in corpus.verification)
    answerable = {True: "answerable", False: "unanswerable"}
    found.update((answerable[question.answerable], question.split) for question in corpus.questions)
    return {
        label: {split: found[label, split] for split in SPLITS} for label in (*LABELS, *answerable.values())
    }


def _by_edit(edited: set[tuple[str, str]]) -> dict[str, int]:
    """Count (edit, proposition or contrast family) pairs by edit, and what they name in all."""
    return {**_sorted(Counter(edit for edit, _ in edited)), "any": len({name for _, name in edited})}


def _two_sentences(item: Item) -> bool:
    sets = deciding(item)
    return bool(sets) and min(map(len, sets)) > 1


def _two_sources(item: Item) -> bool:
    return item.sources_needed > 1


def _needing(corpus: Corpus, needs: Callable[[Item], bool]) -> dict[str, int]:
    return {
        "propositions": len({item.family for item in corpus.verification if needs(item)}),
        "questions": len({item.family for item in corpus.questions if needs(item)}),
    }


def _splits_of_evidence(items: Iterable[Item]) -> dict[str, set[str]]:
    splits: dict[str, set[str]] = {}
    for item in items:
        for group in item.evidence:
            for sentence in group.sentences:
                splits.setdefault(sentence, set()).add(item.split)
    return splits
