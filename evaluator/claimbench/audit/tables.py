"""Figures as plain text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from claimbench.audit.duplicates import Duplicate
from claimbench.audit.probes import Probe
from claimbench.audit.structure import Structure
from claimbench.audit.surface import Surface
from claimbench.publishing.agreement import Agreement
from claimbench.records import SPLITS

Cells = Sequence[str]


def aligned(header: Cells, rows: Iterable[Cells]) -> str:
    """Return a table, the first column to the left and the others to the right."""
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    laid_out = [
        "  ".join(
            [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        ).rstrip()
        for line in lines
    ]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([laid_out[0], rule, *laid_out[1:]])


def structure_text(found: Structure) -> str:
    """Return the figures of a corpus's structure."""
    labels = [
        [label, *(str(counts[split]) for split in SPLITS), str(sum(counts.values()))]
        for label, counts in found.items.items()
    ]
    edits = [
        [edit, str(found.contrast_pairs[edit]), str(families)]
        for edit, families in found.contrast_families.items()
    ]
    return "\n\n".join(
        [
            aligned(["what", "count"], _singles(found)),
            aligned(["items", *SPLITS, "all"], labels),
            aligned(["contrast edit", "pairs", "families"], edits),
            aligned(["relation of facts", "count"], _counted(found.relations)),
        ]
    )


def _singles(found: Structure) -> list[Cells]:
    sentences, sources = found.needing_two_sentences, found.needing_two_sources
    share = f"{found.largest_cluster_share:.3f}"
    return [
        ["components of facts", str(found.components)],
        ["clusters of components that items join", str(found.clusters)],
        ["  of verification items in test", str(found.clusters_in_test)],
        [f"  the largest's share of items ({found.largest_cluster})", share],
        ["propositions that need two sentences", str(sentences["propositions"])],
        ["questions that need two sentences", str(sentences["questions"])],
        ["propositions that need two sources", str(sources["propositions"])],
        ["questions that need two sources", str(sources["questions"])],
        ["facts", str(found.facts)],
        ["  in several articles", str(found.facts_in_several_articles)],
        ["evidence sentences", str(found.evidence_sentences)],
        ["  in several splits", str(found.evidence_sentences_in_several_splits)],
        ["test items with evidence (verification)", str(found.test_items_with_evidence)],
        ["  in sentences unseen in other splits", str(found.test_items_with_only_unseen_sentences)],
    ]


def _counted(counts: Mapping[str, int]) -> list[Cells]:
    return [[name, str(count)] for name, count in counts.items()]


def probes_text(found: Iterable[Probe]) -> str:
    """Return what each probe reached beside its baselines, as macro-F1."""
    rows = []
    for probe in found:
        interval = probe.interval
        bounds = "–" if interval is None else f"[{interval.low:.3f}, {interval.high:.3f}]"
        figures = [f"{value:.3f}" for value in (probe.majority, probe.prior)]
        rows.append([probe.name, probe.splits, str(probe.items), f"{probe.macro_f1:.3f}", bounds, *figures])
    return aligned(["probe", "splits", "items", "macro-F1", "95 %", "majority", "prior"], rows)


def surface_text(found: Iterable[Surface]) -> str:
    """Return the surface figures, a line for each label and language."""
    header = ["label", "", "items", "chars", "neg.", "hedge", "digit", "overlap", "place", "edits"]
    return aligned(
        header,
        [
            [
                row.label,
                row.language,
                str(row.items),
                f"{row.length:.0f}",
                *map(_share, (row.negation, row.hedge, row.digit, row.overlap, row.position, row.edits)),
            ]
            for row in found
        ],
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def duplicates_text(found: Sequence[Duplicate]) -> str:
    """Return the pairs that are too alike."""
    if not found:
        return "No two items of one language are too alike, contrast partners apart."
    rows = [[pair.left, pair.right, *pair.splits, f"{pair.likeness:.2f}"] for pair in found]
    return aligned(["too alike", "item", "split", "split", "likeness"], rows)


def agreement_text(found: Sequence[Agreement]) -> str:
    """Return how far the independent passes agree."""
    if not found:
        return "No independent passes are kept with this corpus."
    rows = []
    for figure in found:
        bounds = "" if figure.low is None else f"[{figure.low:.3f}, {figure.high:.3f}]"
        rows.append([figure.name, figure.rests_on, f"{figure.value:.3f}", bounds])
    return aligned(["agreement of the passes", "rests on", "value", "95 %"], rows)


def unaccounted_text(found: Sequence[tuple[str, str]]) -> str:
    """Return the words of the articles that neither a claim nor a recorded stretch accounts for."""
    if not found:
        return "Every word of the articles but connectives is accounted for."
    listed = [f"{sentence:24}{textwrap.shorten(text, 50, placeholder=' …')}" for sentence, text in found]
    return "\n".join(["words that neither a claim nor a recorded stretch covers", "-" * 56, *listed])
