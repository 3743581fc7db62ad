"""What several tests need: the shipped corpus and predictions made from its gold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import claimbench
from claimbench.records import LABELS

# The same examples each time: a test fails for the change at hand. --hypothesis-profile explore goes further.
settings.register_profile("claimbench", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("claimbench")

Lines = list[dict[str, Any]]


@pytest.fixture(scope="session")
def corpus() -> claimbench.Corpus:
    return claimbench.load_corpus()


def perfect(corpus: claimbench.Corpus, task: str) -> Lines:
    """Predictions a system would make that had read the gold."""
    if task == "detection":
        worthy = {corpus.sentence_of(c) for c in corpus.claims if c.checkworthiness == 2}
        return [{"id": s, "score": float(s in worthy), "label": s in worthy} for s in corpus.sentences]
    if task == "extraction":
        return [
            {"id": a.id, "claims": [{"text": c.text} for c in corpus.claims if _counts(c, a.id)]}
            for a in corpus.articles
        ]
    if task == "qa":
        return [
            {"id": q.id, "answer": q.answers[0].text if q.answers else None, "confidence": 1.0,
             "evidence": list(q.evidence[0].sentences) if q.evidence else []}
            for q in corpus.questions
        ]  # fmt: skip
    return [
        {"id": v.id, "evidence": _one_set_a_stance(v)}
        | (
            {"label": v.label, "probabilities": {x: float(x == v.label) for x in LABELS}}
            if task == "verification"
            else {}
        )
        for v in corpus.verification
    ]


def _counts(claim: Any, article: str) -> bool:
    return claim.article == article and claim.duplicate_of is None


def _one_set_a_stance(item: Any) -> list[str]:
    chosen = {group.stance: group.sentences for group in reversed(item.evidence)}
    return list(dict.fromkeys(s for sentences in chosen.values() for s in sentences))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write lines (mappings, text or bytes) to a file and return its path."""

    def to_file(lines: Iterable[Mapping[str, Any]] | str | bytes, name: str = "predictions.jsonl") -> str:
        path = tmp_path / name
        if isinstance(lines, bytes):
            path.write_bytes(lines)
        elif isinstance(lines, str):
            path.write_text(lines, encoding="utf-8", newline="")
        else:
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return str(path)

    return to_file


def imported(words: list[str], among: set[str]) -> set[str]:
    """Return those of some modules that a command, which must succeed, has imported when it ends."""
    code = (
        "import sys; from claimbench.cli import main; code = main(sys.argv[1:]); "
        f"print(*({among!r} & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())
