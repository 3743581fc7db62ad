"""Scoring in bulk: predictions as columns, many runs at once, in shards that merge.

A shard becomes a *tally*: for every line its run, its item and one *cell*, the few numbers from which the
task's counts follow. Tallies merge in any order into a *table* of runs by items. Rows, metrics and intervals
of all runs are then computed together and equal, to the last bit, what ``Task.rows`` gives run by run.
"""
