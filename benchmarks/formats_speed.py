"""How long scoring foreign formats takes, against reading the same files with a plain json.loads loop.

    python benchmarks/formats_speed.py [--items 1000000] [--rounds 5] [--workers 1] [FORMAT...]

Makes seeded input (about the shape of real gold and predictions), runs both sides in turn, each as a process
of its own and with the whole report written, and prints medians of wall and CPU time, their ratios, and peak
memory (of the largest process). The installed package is byte-compiled first, as pip does. AVeriTeC's METEOR
needs NLTK's punkt_tab and WordNet; without them only its labels are scored.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import claimbench
from claimbench.formats import format_named

LOOP = """
import json, sys
for path in sys.argv[1:]:
    for line in open(path, "rb"):
        json.loads(line)
"""
LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")
WORDS = (
    "Aria",
    "Bell",
    "Cape",
    "Dune",
    "Echo",
    "Fjord",
    "Gulf",
    "Hill",
    "Isle",
    "Jura",
    "Kiel",
    "Lake",
    "Moor",
)


class Spent(NamedTuple):
    """What a process took: seconds and MiB."""

    wall: float
    cpu: float
    memory: float


def page(rng: random.Random) -> str:
    """Return a name of a page, some with characters beyond ASCII or brackets."""
    extra = rng.choice(("", "", "_-LRB-film-RRB-", "_–_Südküste"))
    return f"{rng.choice(WORDS)}_{rng.choice(WORDS)}_{rng.randrange(2000)}{extra}"


def fever(items: int, rng: random.Random) -> Iterator[tuple[Any, Any]]:
    """Yield gold and prediction lines in the shape of FEVER's shared task."""
    for i in range(items):
        label = rng.choice(LABELS)
        groups = [
            [[i, i + k, page(rng), rng.randrange(20)] for k in range(rng.choice((1, 1, 1, 2)))]
            for _ in range(rng.choice((1, 1, 2, 4)))
        ]
        if label == LABELS[2]:
            groups = [[[i, None, None, None]]]
        given = [[page(rng), rng.randrange(20)] for _ in range(5)]
        if label != LABELS[2] and rng.random() < 0.5:
            given[: len(groups[0])] = [piece[2:] for piece in groups[0]]
        gold = {"id": i, "verifiable": "VERIFIABLE", "label": label, "claim": f"Claim {i} about {page(rng)}."}
        yield (
            gold | {"evidence": groups, "all_evidence": [piece for group in groups for piece in group]},
            {"id": i, "predicted_label": rng.choice(LABELS), "predicted_evidence": given},
        )


def piece(rng: random.Random) -> str:
    """Return the id of a sentence, cell, list item or header cell."""
    kind = rng.choice(("sentence_{}", "sentence_{}", "cell_0_{}_1", "item_0_{}", "header_cell_0_{}_0"))
    return page(rng).replace("_", " ") + "_" + kind.format(rng.randrange(20))


def feverous(items: int, rng: random.Random) -> Iterator[tuple[None, Any]]:
    """Yield lines of gold and prediction in the shape of FEVEROUS, after its header."""
    yield None, {"id": "", "label": "", "evidence": [], "predicted_evidence": [], "predicted_label": ""}
    for i in range(items):
        groups = [[piece(rng) for _ in range(rng.choice((1, 2, 3)))] for _ in range(rng.choice((1, 1, 2)))]
        given = [piece(rng) for _ in range(rng.randrange(4, 9))]
        if rng.random() < 0.5:
            given[: len(groups[0])] = groups[0]
        yield (
            None,
            {
                "id": i,
                "label": rng.choice(LABELS),
                "evidence": [
                    {"content": group, "context": {group[0]: [f"{group[0]}_title"]}} for group in groups
                ],
                "predicted_evidence": given,
                "predicted_label": rng.choice(LABELS),
            },
        )


def scifact(items: int, rng: random.Random) -> Iterator[tuple[Any, Any]]:
    """Yield gold and prediction lines in the shape of SciFact."""
    for i in range(items):
        documents = [str(rng.randrange(10**6, 10**8)) for _ in range(rng.choice((0, 1, 1, 1, 2)))]
        label = rng.choice(("SUPPORT", "CONTRADICT"))
        gold = {
            document: [
                {"sentences": [4 * k + j for j in range(rng.choice((1, 1, 2)))], "label": label}
                for k in range(rng.choice((1, 1, 2)))
            ]
            for document in documents
        }
        given = {
            document: {"sentences": sorted(rng.sample(range(10), rng.randrange(1, 4))), "label": label}
            for document in [*documents[: rng.choice((0, 1, 2))], str(rng.randrange(10**8))]
        }
        yield (
            {
                "id": i,
                "claim": f"Claim {i} on {' '.join(WORDS[:8])}.",
                "evidence": gold,
                "cited_doc_ids": [i],
            },
            {"id": i, "evidence": given},
        )


DISTINCT_QUESTIONS = 6_080


def squad2(items: int, rng: random.Random) -> Iterator[tuple[Any, Any]]:
    """Yield the two documents of SQuAD 2.0: five questions a paragraph, half of them without an answer.

    The texts of DISTINCT_QUESTIONS questions come again and again under new ids, as when the official script
    was timed.
    """
    seed = rng.randrange(10**9)
    words = [f"{a.lower()}{b.lower()}" for a in WORDS for b in WORDS] + ["a", "the", "of", "in"] * 20
    articles, answers = [], {}
    for first in range(0, items, 5):
        if first % DISTINCT_QUESTIONS == 0:
            rng = random.Random(seed)
        context = " ".join(rng.choices(words, k=110)).capitalize() + "."
        questions = []
        for i in range(first, min(first + 5, items)):
            at = rng.randrange(400)
            spans = [context[at : at + rng.choice((8, 12, 12, 20, 35))] for _ in range(rng.choice((3, 4, 5)))]
            given = [{"text": span, "answer_start": at} for span in spans] if rng.random() < 0.5 else []
            wrong = "" if rng.random() < 0.75 and not given else context[at : at + 24]
            answers[f"{i:024x}"] = given[0]["text"] if given and rng.random() < 0.7 else wrong
            question = f"What {' '.join(rng.choices(words, k=7))}?"
            qa = {"id": f"{i:024x}", "question": question, "answers": given, "is_impossible": not given}
            questions.append(qa)
        paragraph = {"context": context, "qas": questions}
        if first % 500 == 0:
            articles.append({"title": page(rng), "paragraphs": list[Any]()})
        articles[-1]["paragraphs"].append(paragraph)
    yield {"version": "v2.0", "data": articles}, answers


STEM_LINES = """
accuse attack ballot border budget claim climate company confirm country deny doctor economy elect energy
expert farm film govern hospital house import increase inform invest journal law lead market member
mention minister money nation number office oil order party patient people percent photo police policy
power present president press price product protest public record region report school share speak state
study support tax test trade travel vaccine video visit vote water web woman work world year
"""
LINK_LINES = """
the of to in and a that was is for on it by with as at from not has be this were which had or are an
"""
STEMS, LINKS = STEM_LINES.split(), LINK_LINES.split()
ENDINGS = ("", "", "", "s", "s", "ed", "ing", "er")
VERDICTS = ("Supported", "Refuted", "Refuted", "Not Enough Evidence", "Conflicting Evidence/Cherrypicking")
KINDS = (
    "Event/Property Claim",
    "Event/Property Claim",
    "Numerical Claim",
    "Quote Verification",
    "Causal Claim",
)
QUESTION_WORDS = (11, 12, 14, 15, 16, 18, 19, 21, 24)
GOLD_QUESTION_WORDS = (6, 7, 8, 9, 10, 11, 12, 14, 17)
ANSWER_WORDS = (19, 24, 27, 30, 33, 36, 39, 43, 50)
GOLD_ANSWER_WORDS = (1, 1, 4, 9, 15, 22, 30, 46, 78)
"""How many words there are in questions and answers of real gold and a real system: their deciles."""


def averitec(items: int, rng: random.Random) -> Iterator[tuple[Any, Any]]:
    """Yield the two lists of AVeriTeC: one to five questions a claim, ten predicted question-answer pairs."""
    golds, predictions = [], []
    for i in range(items):
        topic = [rng.choice(WORDS), *(rng.choice(STEMS) + rng.choice(ENDINGS) for _ in range(24))]

        def text(lengths: tuple[int, ...], end: str, topic: list[str] = topic) -> str:
            words = []
            for _ in range(rng.choice(lengths)):
                kind = rng.random()
                other = rng.choice(STEMS) + rng.choice(ENDINGS) if kind < 0.96 else str(rng.randrange(3000))
                words.append(rng.choice(LINKS) if kind < 0.45 else rng.choice(topic) if kind < 0.7 else other)
            return " ".join(words).capitalize() + end

        questions = [
            {
                "question": text(GOLD_QUESTION_WORDS, "?"),
                "answers": [{"answer": text(GOLD_ANSWER_WORDS, "."), "answer_type": "Extractive"}],
            }
            for _ in range(rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5)))
        ]
        gold = {"claim": text(ANSWER_WORDS, "."), "label": rng.choice(VERDICTS), "questions": questions}
        golds.append(gold | {"claim_types": [rng.choice(KINDS)], "justification": text(ANSWER_WORDS, ".")})
        pairs = [
            {"question": text(QUESTION_WORDS, "?"), "answer": text(ANSWER_WORDS, ".")} for _ in range(10)
        ]
        predictions.append({"claim_id": i, "pred_label": rng.choice(VERDICTS), "evidence": pairs})
    yield golds, predictions


FORMATS: dict[str, tuple[int, Callable[[int, random.Random], Iterator[tuple[Any, Any]]]]] = {
    "fever": (1_000_000, fever),
    "feverous": (100_000, feverous),
    "scifact": (300_000, scifact),
    "squad2": (121_560, squad2),
    "averitec": (500, averitec),
}
"""Name to the items made by default, and what makes them."""


def write(folder: Path, name: str, items: int) -> None:
    """Write gold (if any) and predictions of a format."""
    with (folder / "gold.jsonl").open("w") as gold, (folder / "predictions.jsonl").open("w") as predictions:
        for mine, theirs in FORMATS[name][1](items, random.Random(1)):
            if mine is not None:
                gold.write(json.dumps(mine) + "\n")
            predictions.write(json.dumps(theirs) + "\n")


def made(folder: Path, name: str, items: int) -> list[Path]:
    """Return the paths of gold (if any) and predictions.

    A process of its own makes them: what is measured would inherit the peak memory of this one.
    """
    process = get_context("spawn").Process(target=write, args=(folder, name, items))
    process.start()
    process.join()
    return [path for path in sorted(folder.iterdir()) if path.stat().st_size]


def run(words: list[str]) -> Spent:
    """Run a process to its end and return what it took."""
    start = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(words[0], words, os.environ, file_actions=silent)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(words)}")
    return Spent(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(name: str, items: int, rounds: int, workers: int, folder: Path) -> None:
    """Print medians of both sides for one format."""
    paths = made(folder, name, items)
    reading = [sys.executable, "-c", LOOP, *map(str, paths)]
    task = format_named(name).task
    ours = [sys.executable, "-m", "claimbench", "score", task, str(paths[-1]), "--format", name]
    ours += [part for gold in paths[:-1] for part in ("--gold", str(gold))]
    ours += ["-o", str(folder / "report.json"), "--workers", str(workers)]
    both = [(run(reading), run(ours)) for _ in range(rounds)]
    wall, cpu = (statistics.median(score[i] / loop[i] for loop, score in both) for i in range(2))
    medians = [statistics.median(side[k][i] for side in both) for k in range(2) for i in range(2)]
    memory = max(score.memory for _, score in both)
    size = sum(path.stat().st_size for path in paths) / 1e6
    cells = [name, f"{items:,}", f"{size:.0f}", f"{medians[0]:.2f}", f"{medians[2]:.2f}"]
    print("| " + " | ".join([*cells, f"**{wall:.2f}**", f"{cpu:.2f}", f"{memory:.0f}"]) + " |", flush=True)


def main() -> None:
    """Parse, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--items", type=int, help="instead of each format's own number")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    compileall.compile_dir(Path(claimbench.__file__).parent, quiet=2)
    about = f"{os.cpu_count()} cores, {given.rounds} rounds, {given.workers} workers"
    print(f"Python {platform.python_version()}, {about}\n")
    print("| format | items | MB | loop s | score s | ratio (wall) | ratio (CPU) | peak MiB |")
    print("|---|---|---|---|---|---|---|---|")
    for name in given.formats or FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            measure(name, given.items or FORMATS[name][0], given.rounds, given.workers, Path(folder))


if __name__ == "__main__":
    main()
