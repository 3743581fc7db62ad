"""Comparing texts in German, Dutch and English. Knows no tasks and does no I/O."""
