"""Languages and families in bulk: what ``tasks.families`` counts, looked up instead of counted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from claimbench.records import LANGUAGES
from claimbench.stats.estimators import Bools, Ints
from claimbench.tasks.families import HEAD, LANGUAGE_COLUMNS, language_row


def in_columns(columns: Sequence[str], row: Mapping[str, int]) -> list[int]:
    """Return a row's counts of these columns."""
    return [row.get(name, 0) for name in columns]


class Families:
    """The families among scored items, each with the places of its members.

    ``heads`` (families,) are the items that families are counted on; ``members`` (families, languages) are
    -1 where an item is not scored.
    """

    def __init__(self, ids: Sequence[str], families: Sequence[str], languages: Sequence[str]) -> None:
        place = {item: i for i, item in enumerate(ids)}
        heads = [i for i, language in enumerate(languages) if language == HEAD]
        members = [[place.get(f"{families[i]}-{other}", -1) for other in LANGUAGES] for i in heads]
        self.heads: npt.NDArray[np.intp] = np.array(heads, dtype=np.intp)
        self.members: npt.NDArray[np.intp] = np.array(members, dtype=np.intp).reshape(-1, len(LANGUAGES))
        self._language = np.array([LANGUAGES.index(language) for language in languages], dtype=np.intp)
        self._rows = np.array(
            [
                [in_columns(LANGUAGE_COLUMNS, language_row(language, right)) for right in (False, True)]
                for language in LANGUAGES
            ]
        )

    def outcomes(self, codes: npt.NDArray[np.integer], absent: int) -> npt.NDArray[np.integer]:
        """Return codes (runs, items) by family and language, ``absent`` for those not scored."""
        return np.where(self.members >= 0, codes[:, self.members], absent)

    def by_language(self, right: Bools) -> Ints:
        """Return the columns LANGUAGE_COLUMNS of every item, given which are right (runs, items)."""
        rows: Ints = self._rows[self._language, right.astype(np.intp)]
        return rows


def combinations(outcomes: int) -> list[tuple[int, ...]]:
    """Return every combination of outcome codes in the languages, in the order of their index."""
    return list(product(range(outcomes), repeat=len(LANGUAGES)))
