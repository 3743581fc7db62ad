"""The claims in annotation tools' formats and back, and the differences between two corpora."""

from claimbench.exchange.difference import Change, Reason, difference
from claimbench.exchange.exporting import export_claims
from claimbench.exchange.importing import Imported, import_claims
from claimbench.exchange.tools import TOOLS

__all__ = [
    "TOOLS",
    "Change",
    "Imported",
    "Reason",
    "difference",
    "export_claims",
    "import_claims",
]
