"""Systems that understand nothing and try a trick; what they get is a floor to stand above.

The tricks are those of ``claimbench.conformance.TRICKS``: constant scores, copying, dumping, cutting up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import claimbench
from claimbench.conformance import TRICKS


@dataclass(frozen=True)
class Adversarial:
    """Plays one trick, by its name, on the tasks that have it."""

    trick: str

    @property
    def tasks(self) -> frozenset[str]:
        """The tasks that have the trick."""
        return frozenset(task for task, tricks in TRICKS.items() if self.trick in tricks)

    def predict(
        self, task: str, inputs: Sequence[Mapping[str, Any]], training: claimbench.Corpus, seed: int
    ) -> Iterable[dict[str, Any]]:
        """Return one line for each input; reads no gold, and ``seed`` changes nothing."""
        return TRICKS[task][self.trick](inputs, training.articles)
