"""Write the frozen scores of the baselines: python tests/freeze.py. Say in the changelog why they changed."""

from __future__ import annotations

import json
from pathlib import Path

import claimbench
from claimbench.systems import load_system

FROZEN = Path(__file__).parent / "frozen.json"
SYSTEMS = ("majority", "random", "tfidf")


def scores(name: str, task: str, corpus: claimbench.Corpus) -> dict[str, float | None]:
    """Every score of a system on a task's test split."""
    lines = claimbench.predict(task, load_system(name), corpus)
    report = claimbench.score(task, lines, corpus=corpus, by=())
    return {metric: score.value for metric, score in report.metrics.items()}


def main() -> None:
    """Write the file."""
    from claimbench.tasks import NAMES

    corpus = claimbench.load_corpus()
    frozen = {"digest": corpus.digest} | {
        name: {task: scores(name, task, corpus) for task in NAMES} for name in SYSTEMS
    }
    FROZEN.write_text(json.dumps(frozen, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
