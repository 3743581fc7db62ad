"""Joining what must not be torn apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def connected(groups: Iterable[Sequence[N]]) -> dict[N, N]:
    """Return for every node the first-seen node it is connected with, by groups that share nodes."""
    parent: dict[N, N] = {}

    def root(node: N) -> N:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for group in groups:
        for node in group:
            root(node)
        for other in group[1:]:
            parent[root(other)] = root(group[0])
    return {node: root(node) for node in list(parent)}


def joined_clusters(memberships: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return one cluster name per item: items that share a membership, at any remove, share a cluster.

    A cluster is named by its smallest membership.
    """
    of = connected(sorted(group) for group in memberships if group)
    smallest: dict[str, str] = {}
    for node, head in of.items():
        smallest[head] = min(smallest.get(head, node), node)
    return tuple(smallest[of[group[0]]] if group else "" for group in memberships)
