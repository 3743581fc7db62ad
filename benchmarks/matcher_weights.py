"""What each constant of the similarity does on train and validation pairs, the only ones it was chosen on.

    python benchmarks/matcher_weights.py

Prints AUROC and average precision in both settings, first with the constants as they are, then with one of
them changed at a time. Where a rule is switched off, the constant has the value at which it does nothing.
"""

from __future__ import annotations

import math

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

import claimbench
from claimbench.matchers import SETTINGS, Pair, labelled_pairs
from claimbench.matchers.evaluation import scores
from claimbench.matchers.functions import ours
from claimbench.text import similarity

SPLITS = ("train", "validation")
TRIED: dict[str, tuple[float, ...]] = {
    "LETTERS": (0.0, 0.1, 0.3, 0.5),
    "OTHER_NAME": (0.6, 0.7, 0.9, 1.0),
    "OTHER_NOUN": (0.8, 1.0),
    "CONTRADICTED": (0.0, 0.3, 1.0),
    "REORDERED": (0.9, math.inf),
}


def figures(pairs: list[Pair]) -> str:
    """Return AUROC and average precision by setting and split, for a line."""
    similarity.similarity.cache_clear()
    found, match = scores(ours, pairs), np.array([pair.match for pair in pairs])
    cells = []
    for in_language in SETTINGS.values():
        for split in SPLITS:
            chosen = np.array([pair.in_language == in_language and pair.split == split for pair in pairs])
            auroc = roc_auc_score(match[chosen], found[chosen])
            precision = average_precision_score(match[chosen], found[chosen])
            cells.append(f"{auroc:.3f}/{precision:.3f}")
    return "  ".join(f"{cell:12}" for cell in cells)


def main() -> None:
    """Measure and print."""
    pairs = [pair for pair in labelled_pairs(claimbench.load_corpus()) if pair.split in SPLITS]
    columns = [f"{setting.split('-')[0]} {split}" for setting in SETTINGS for split in SPLITS]
    print(f"{'AUROC/AP':20}", "  ".join(f"{column[:16]:12}" for column in columns))
    print(f"{'as it is':20}", figures(pairs))
    for name, values in TRIED.items():
        kept = getattr(similarity, name)
        for value in values:
            setattr(similarity, name, value)
            print(f"{f'{name} {value:g}':20}", figures(pairs))
        setattr(similarity, name, kept)


if __name__ == "__main__":
    main()
