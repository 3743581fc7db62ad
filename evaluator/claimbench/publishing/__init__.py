"""Publishing: the Parquet, dataset card, Croissant metadata and manifest that ``datasets`` and others read.

Everything here is made from the canonical files in ``corpus/annotation`` and can be made again.
"""

from __future__ import annotations

from claimbench.publishing.folder import build
from claimbench.publishing.manifest import rows_digest
from claimbench.publishing.release import CANARY, VERSION

__all__ = ["CANARY", "VERSION", "build", "rows_digest"]
