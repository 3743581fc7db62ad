"""Scores as functions of item weights, and how sure they are. Knows no claims and does no I/O."""
