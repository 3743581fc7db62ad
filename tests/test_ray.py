"""Scoring and predicting on a Ray cluster of several nodes on this machine, one of which dies."""

from __future__ import annotations

import json
import os
import random
import time

import pytest
from conftest import perfect

import claimbench
from claimbench.bulk import ray_cluster
from claimbench.bulk.gold import Gold
from claimbench.bulk.tally import score_shard
from claimbench.cli import main
from claimbench.reading.inputs import Shard

ray = pytest.importorskip("ray", reason="the extra 'ray' is not installed")
pytestmark = [
    pytest.mark.slow,
    # Ray starts processes and sockets of its own, which it closes when it pleases.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def cluster():
    """A head that only drives, and two nodes that work."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    memory = 100 * 2**20
    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": memory})
    nodes = [found.add_node(num_cpus=1, object_store_memory=memory) for _ in range(2)]
    ray.init(address=found.address, log_to_driver=False)
    yield found, nodes
    ray.shutdown()
    found.shutdown()


@pytest.fixture
def shards(corpus, tmp_path) -> tuple[str, bytes]:
    """A glob of twelve shards of three runs, and the report that one process makes of them."""
    lines = [{**line, "run": f"r{run}"} for run in range(3) for line in perfect(corpus, "verification")]
    random.Random(2).shuffle(lines)
    for i in range(12):
        data = "".join(json.dumps(line) + "\n" for line in lines[i::12])
        (tmp_path / f"part-{i:02}.jsonl").write_text(data, encoding="utf-8")
    pattern = str(tmp_path / "part-*.jsonl")
    return pattern, claimbench.score("verification", [pattern]).to_json()


def test_a_cluster_gives_the_report_of_one_process(cluster, shards, tmp_path):
    """Shards scored by the nodes of a cluster give the same bytes as scored here."""
    pattern, expected = shards
    target = tmp_path / "report.json"
    address = cluster[0].address
    arguments = ["score", "verification", pattern, "--engine", "ray", "--address", address]
    assert main([*arguments, "-o", str(target), "--json"]) == 0
    assert target.read_bytes() == expected


def test_shards_wait_their_turn_and_workers_keep_the_gold(cluster, corpus, monkeypatch):
    """With few tasks ahead every shard still has its value, and a worker unpacks the gold only once."""

    def met(shard, gold):
        vars(gold)["met"] = vars(gold).get("met", 0) + 1
        return shard.start, os.getpid(), gold.met

    monkeypatch.setattr(ray_cluster, "AHEAD", 3)
    shards = [Shard("x", "x", start=i) for i in range(20)]
    gold = Gold("verification", "test", corpus)
    found = dict(ray_cluster.map_ray(met, shards, gold, cluster[0].address))
    assert {place: value[0] for place, value in found.items()} == {i: i for i in range(20)}
    by_worker: dict[int, list[int]] = {}
    for _, worker, count in found.values():
        by_worker.setdefault(worker, []).append(count)
    assert all(sorted(counts) == list(range(1, 1 + len(counts))) for counts in by_worker.values())


def test_an_unreadable_shard_is_named_and_nothing_is_written(cluster, shards, tmp_path, capsys):
    """A shard that cannot be read exits 2 with its name; no report is left behind."""
    pattern, _ = shards
    broken = tmp_path / "part-05.jsonl"
    broken.write_bytes(b"\x1f\x8b no gzip")
    target = tmp_path / "report.json"
    assert main(["score", "verification", pattern, "--engine", "ray", "-o", str(target)]) == 2
    assert f"{broken}: the gzip data" in capsys.readouterr().err
    assert not target.exists()


def test_predicting_on_a_cluster_gives_every_item_its_line(cluster, corpus, tmp_path):
    """A system run on shards of the items gives one line for each, in the order of the items."""
    target = tmp_path / "predictions.jsonl"
    arguments = ["predict", "verification", "--system", "majority", "-o", str(target)]
    assert main(arguments) == 0
    alone = target.read_bytes()
    assert main([*arguments, "--engine", "ray"]) == 0
    assert target.read_bytes() == alone


def test_a_node_that_dies_changes_nothing(cluster, shards, corpus, monkeypatch):
    """With a node killed in the middle, its shards are scored elsewhere; the report has the same bytes."""
    pattern, expected = shards
    found, nodes = cluster

    def slowly(shard, gold):  # defined here, so that it travels by value
        time.sleep(1.0)
        return score_shard(shard, gold)

    monkeypatch.setattr("claimbench.bulk.scoring.score_shard", slowly)
    seen = []
    plain = ray_cluster.map_ray

    def killing(*arguments, **options):
        for place, value in plain(*arguments, **options):
            seen.append(place)
            if len(seen) == 2:
                found.remove_node(nodes[1], allow_graceful=False)
            yield place, value

    monkeypatch.setattr(ray_cluster, "map_ray", killing)
    assert claimbench.score("verification", [pattern], engine="ray").to_json() == expected
    assert sorted(seen) == list(range(12))


def test_without_a_cluster_the_address_is_named(cluster, shards, capsys, monkeypatch):
    """An address without a cluster exits 2 and says so."""
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", lambda **_: (_ for _ in ()).throw(ConnectionError("nobody there")))
    pattern, _ = shards
    assert main(["score", "verification", pattern, "--engine", "ray", "--address", "localhost:1"]) == 2
    assert "no Ray cluster at 'localhost:1'" in capsys.readouterr().err
