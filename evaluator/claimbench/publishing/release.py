"""What names a release: the one place where the corpus version and the canary are written down."""

from __future__ import annotations

VERSION = "1.0.0"
"""Version of the corpus; its Parquet lies in the folder ``v<version>``."""

CANARY = "claimbench:canary:a793409b-c142-48e2-b808-f0d1421e555a"
"""Occurs in every generated file, so that training sets can filter them out. Never changes."""
