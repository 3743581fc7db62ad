"""The baselines' scores, frozen to the last digit."""

from __future__ import annotations

import json

import pytest
from freeze import FROZEN, SYSTEMS, scores

from claimbench.tasks import NAMES

frozen = json.loads(FROZEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("task", NAMES)
@pytest.mark.parametrize("name", SYSTEMS)
def test_scores_are_what_they_were(name, task, corpus):
    """A baseline's scores on the shipped corpus change only together with the frozen file."""
    assert scores(name, task, corpus) == frozen[name][task]


def test_scores_were_frozen_on_this_corpus(corpus):
    """The frozen scores belong to the corpus that ships."""
    assert frozen["digest"] == corpus.digest


@pytest.mark.parametrize("task", sorted(set(NAMES) - {"verification"}))
def test_tfidf_beats_the_floors_on_the_headline(task):
    """The baseline that reads scores above majority and random wherever surface features carry something.

    Verdicts are left out: propositions come with minimal edits that flip them, and no surface feature helps.
    """
    headline = {"detection": "average_precision"}.get(task, "f1")
    found = {name: frozen[name][task][headline] for name in SYSTEMS}
    assert found["tfidf"] > max(found["majority"], found["random"])
