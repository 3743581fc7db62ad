"""How fast predictions are scored, against a loop of ``json.loads`` over the same lines.

    python benchmarks/throughput.py FOLDER [--lines N] [--rounds N] [--only CASE] [--large] [--ray]

Generates the inputs in FOLDER (seeded; kept for the next time), then runs the reference and every case in
turn, round after round, each in a process of its own, and prints the medians of the ratios of a round as a
Markdown table. The reference L is the wall time of ``for line in open(f, "rb"): json.loads(line)``; for
Parquet it reads the same rows as lines. Memory is the sum over all processes of a case, in a run of its own.
``--large`` adds ten times the lines, ``--ray`` a cluster of one and of two workers on 40 shards.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import claimbench
from claimbench.records import LABELS

PYTHON = sys.executable
LOOP = (
    "import json, sys\nfor name in sys.argv[1:]:\n    for line in open(name, 'rb'):\n        json.loads(line)"
)
SCORE = [str(Path(PYTHON).with_name("claimbench")), "score"]


@dataclass(frozen=True)
class Case:
    """One command against the reference over ``lines``, and the ratio it must not exceed."""

    name: str
    command: list[str]
    lines: Path
    most: float | None


def verification(corpus: claimbench.Corpus, count: int) -> Iterator[dict[str, Any]]:
    """Yield verdicts of many runs on every item, each with probabilities and up to two sentences."""
    draw = random.Random(1)
    sentences = list(corpus.sentences)
    for number in range(count):
        run, place = divmod(number, len(corpus.verification))
        item = corpus.verification[place]
        shares = [draw.random() for _ in LABELS]
        p = [round(share / sum(shares), 6) for share in shares]
        evidence = draw.sample(sentences, 2)
        if item.evidence and draw.random() < 0.4:
            evidence[0] = item.evidence[0].sentences[0]
        yield {
            "run": f"system-{run:05}",
            "id": item.id,
            "label": item.label if draw.random() < 0.3 else LABELS[p.index(max(p))],
            "probabilities": dict(zip(LABELS, p, strict=True)),
            "evidence": list(dict.fromkeys(evidence)),
        }


def qa(corpus: claimbench.Corpus, count: int, distinct: int) -> Iterator[dict[str, Any]]:
    """Yield answers of many runs to every question, from about ``distinct`` pairs of question and answer."""
    draw = random.Random(2)
    each = max(1, distinct // len(corpus.questions))
    for number in range(count):
        run, place = divmod(number, len(corpus.questions))
        question = corpus.questions[place]
        base = question.answers[0].text if question.answers else "unbekannt"
        variant = draw.randrange(each)
        answer = base if variant == 0 else f"{base} und {variant} mehr"
        yield {"run": f"system-{run:05}", "id": question.id, "answer": answer}


def write(path: Path, lines: Callable[[], Iterator[dict[str, Any]]]) -> Path:
    """Write lines to a file unless it is there."""
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines())
        part.rename(path)
    return path


def write_parquet(path: Path, lines: Path) -> Path:
    """Write the same rows as Parquet unless it is there."""
    if not path.exists():
        import pyarrow.json
        import pyarrow.parquet

        pyarrow.parquet.write_table(
            pyarrow.json.read_json(lines), path, row_group_size=1 << 17, compression="zstd"
        )
    return path


def write_copies(folder: Path, lines: Path, copies: int, name: str) -> list[Path]:
    """Write copies of a file whose runs have other names, unless they are there."""
    paths = [folder / f"{name}-{i:02}.jsonl" for i in range(copies)]
    for i, path in enumerate(paths):
        if not path.exists():
            path.write_bytes(lines.read_bytes().replace(b'{"run": "', b'{"run": "%02d-' % i))
    return paths


def cases(folder: Path, count: int) -> list[Case]:
    """Generate the inputs and return what is measured."""
    corpus = claimbench.load_corpus()
    verdicts = write(folder / f"verification-{count}.jsonl", lambda: verification(corpus, count))
    table = write_parquet(folder / f"verification-{count}.parquet", verdicts)
    report = ["-o", str(folder / "report.json")]
    found = [
        Case(f"verification, {workers} worker{'s' * (workers > 1)}", command, verdicts, most)
        for workers, most in ((2, 0.35), (1, 0.50))
        for command in [[*SCORE, "verification", str(verdicts), "--workers", str(workers), *report]]
    ]
    parquet = [*SCORE, "verification", str(table), "--workers", "2", *report]
    found.append(Case("verification, Parquet, 2 workers", parquet, verdicts, 0.18))
    for distinct, most in ((10_000, 0.50), (100_000, None), (1_000_000, None)):
        path = folder / f"qa-{count}-{distinct}.jsonl"
        answers = write(path, lambda distinct=distinct: qa(corpus, count, distinct))  # type: ignore[misc]
        command = [*SCORE, "qa", str(answers), "--workers", "2", *report]
        found.append(Case(f"qa, {distinct:,} distinct pairs, 2 workers", command, answers, most))
    return found


def seconds(command: list[str]) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def peak_memory(command: list[str]) -> float:
    """Return the most MiB that a command and its descendants held at once, looked at fifty times a second."""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_resident, _tree(process.pid))))
            time.sleep(0.02)
    return most / 2**20


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in children for found in _tree(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def row(*cells: object) -> None:
    """Print a row of a table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def against_loop(chosen: list[Case], rounds: int) -> None:
    """Measure in turn and print the medians."""
    times: dict[str, list[tuple[float, float]]] = {case.name: [] for case in chosen}
    for _ in range(rounds):
        reference: dict[Path, float] = {}
        for case in chosen:
            if case.lines not in reference:
                reference[case.lines] = seconds([PYTHON, "-c", LOOP, str(case.lines)])
            times[case.name].append((seconds(case.command), reference[case.lines]))
    row("work", "s", "L, s", "ratio", "range", "at most", "MiB")
    row(*["---"] * 7)
    for case in chosen:
        ratios = sorted(mine / theirs for mine, theirs in times[case.name])
        mine, theirs = (statistics.median(column) for column in zip(*times[case.name], strict=True))
        spread = f"{ratios[0]:.2f}–{ratios[-1]:.2f}"
        most = "" if case.most is None else f"{case.most:.2f}"
        ratio, memory = f"{statistics.median(ratios):.2f}", f"{peak_memory(case.command):.0f}"
        row(case.name, f"{mine:.2f}", f"{theirs:.2f}", ratio, spread, most, memory)


def ten_times(folder: Path, case: Case, rounds: int) -> None:
    """Measure ten times the lines against ten times the time of one."""
    paths = write_copies(folder, case.lines, 10, "large")
    large = [*SCORE, "verification", *map(str, paths), *case.command[3:]]
    ratios = [seconds(large) / (10 * seconds(case.command)) for _ in range(rounds)]
    print(f"\nten times the lines, in ten times the time × {statistics.median(ratios):.2f} (at most 1.15)")
    print(f"peak {peak_memory(large):.0f} MiB (at most 1024)")


def on_ray(folder: Path, lines: Path, rounds: int) -> None:
    """Measure 40 shards on a cluster of two workers against one, once started."""
    import ray

    from claimbench.bulk.gold import Gold
    from claimbench.bulk.ray_cluster import map_ray
    from claimbench.bulk.scoring import merged
    from claimbench.reading.inputs import Shard

    quarter = folder / "quarter.jsonl"
    if not quarter.exists():
        with lines.open("rb") as source:
            quarter.write_bytes(b"".join(line for line, _ in zip(source, range(250_000), strict=False)))
    paths = write_copies(folder, quarter, 40, "shard")
    shards = [Shard(str(path), path.name) for path in paths]
    gold = Gold("verification", "test", claimbench.load_corpus())
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, found in times.items():
            ray.init(num_cpus=workers, log_to_driver=False, object_store_memory=1 << 30)
            merged(shards[:workers], gold, map_ray)
            start = time.perf_counter()
            merged(shards, gold, map_ray)
            found.append(time.perf_counter() - start)
            ray.shutdown()
    one, two = (statistics.median(found) for found in times.values())
    gain = statistics.median(a / b for a, b in zip(times[1], times[2], strict=True))
    print(f"\nRay, 40 shards of 250,000 lines: {one:.1f} s with 1 worker, {two:.1f} s with 2: {gain:.2f}×")


def main() -> None:
    """Generate, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--ray", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    found = cases(asked.folder, asked.lines)
    machine = f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, {asked.lines:,} lines, {asked.rounds} rounds\n")
    against_loop([case for case in found if asked.only in case.name], asked.rounds)
    if asked.large:
        ten_times(asked.folder, found[0], asked.rounds)
    if asked.ray:
        on_ray(asked.folder, found[0].lines, asked.rounds)


if __name__ == "__main__":
    main()
