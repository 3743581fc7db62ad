"""Do verdicts follow a change of wording, and survive a change of language?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from claimbench.pages.entries import Entry
from claimbench.reading.corpus import Corpus
from claimbench.records import LANGUAGES

EDITS_SHOWN = ("both", "original only", "edit only", "neither")


class Edit(msgspec.Struct, frozen=True):
    """What became of the contrast pairs with one kind of edit; ``counts`` go with ``EDITS_SHOWN``."""

    edit: str
    counts: tuple[int, ...]


class Family(msgspec.Struct, frozen=True):
    """One proposition's entries by language, and whether the verdicts agree."""

    name: str
    claim: str
    label: str
    entries: tuple[Entry, ...]


class Families(msgspec.Struct, frozen=True):
    """Contrast pairs by edit; how often three languages agree, and those where they do not."""

    edits: tuple[Edit, ...]
    same_right: int
    same_wrong: int
    differing: tuple[Family, ...]


def families(corpus: Corpus, found: Sequence[Entry]) -> Families:
    """Return how one run's verification entries fare by contrast pair and by language."""
    by_id = {entry.id: entry for entry in found}
    return Families(_edits(corpus, by_id), *_languages(corpus, by_id))


def _edits(corpus: Corpus, by_id: Mapping[str, Entry]) -> tuple[Edit, ...]:
    counts: dict[str, Counter[tuple[bool, bool]]] = {}
    for item in corpus.verification:
        edited, original = by_id.get(item.id), by_id.get(item.contrast_of or "")
        if edited is not None and original is not None:
            pair = bool(original.right), bool(edited.right)
            counts.setdefault(item.edit or "other", Counter())[pair] += 1
    order = ((True, True), (True, False), (False, True), (False, False))
    return tuple(Edit(edit, tuple(found[pair] for pair in order)) for edit, found in sorted(counts.items()))


def _languages(corpus: Corpus, by_id: Mapping[str, Entry]) -> tuple[int, int, tuple[Family, ...]]:
    groups: dict[str, dict[str, Entry]] = {}
    for item in corpus.verification:
        if item.id in by_id:
            groups.setdefault(item.family, {})[item.language] = by_id[item.id]
    right = wrong = 0
    differing = []
    for name, group in groups.items():
        if len(group) < len(LANGUAGES):
            continue
        entries = tuple(group[language] for language in LANGUAGES)
        if len({entry.fields["predicted"] for entry in entries}) > 1:
            shown = group["en"]
            differing.append(Family(name, str(shown.title), shown.fields["label"], entries))
        elif entries[0].right:
            right += 1
        else:
            wrong += 1
    return right, wrong, tuple(differing)
