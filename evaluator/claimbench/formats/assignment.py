"""The best assignment of one to one, in plain Python, as scipy.optimize takes long to import.

Shortest augmenting paths (Crouse 2016). Equals ``scipy.optimize.linear_sum_assignment(..., maximize=True)``,
also in which of several best assignments it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def best_assignment(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return (row, column) pairs with the greatest sum of scores, by row; as many as the shorter side has."""
    if not scores or not scores[0]:
        return []
    if len(scores) > len(scores[0]):
        turned = [[-row[column] for row in scores] for column in range(len(scores[0]))]
        return sorted((row, column) for column, row in enumerate(_cheapest(turned)))
    return list(enumerate(_cheapest([[-score for score in row] for row in scores])))


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row in a cheapest assignment; there are no more rows than columns."""
    width = len(costs[0])
    row_price, column_price = [0.0] * len(costs), [0.0] * width
    column_of, row_of = [-1] * len(costs), [-1] * width
    for start in range(len(costs)):
        distance, before = [inf] * width, [-1] * width
        rows, columns = [start], list[int]()
        open_columns = list(range(width - 1, -1, -1))
        row, reached, lowest = start, -1, 0.0
        while reached < 0:
            at, nearest = -1, inf
            for place, column in enumerate(open_columns):
                length = lowest + costs[row][column] - row_price[row] - column_price[column]
                if length < distance[column]:
                    before[column], distance[column] = row, length
                if distance[column] < nearest or (distance[column] == nearest and row_of[column] < 0):
                    nearest, at = distance[column], place
            lowest, column = nearest, open_columns[at]
            open_columns[at] = open_columns[-1]
            open_columns.pop()
            columns.append(column)
            if row_of[column] < 0:
                reached = column
            else:
                row = row_of[column]
                rows.append(row)
        row_price[start] += lowest
        for row in rows[1:]:
            row_price[row] += lowest - distance[column_of[row]]
        for column in columns:
            column_price[column] -= lowest - distance[column]
        row = -1
        while row != start:
            row = before[reached]
            row_of[reached] = row
            column_of[row], reached = reached, column_of[row]
    return column_of
