"""claimbench: is a system that extracts, checks or answers factual claims any good?

The names below are the public interface; each is imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from claimbench._version import __version__

if TYPE_CHECKING:
    from claimbench.comparing import Comparison, compare
    from claimbench.errors import ClaimbenchError, InputError, Problem, ProblemsError, UsageError
    from claimbench.formats.scoring import score_format
    from claimbench.reading.corpus import Corpus, load_corpus
    from claimbench.reading.paths import corpus_path
    from claimbench.report import Report
    from claimbench.scoring import score
    from claimbench.stages import StageLoss, stage_loss
    from claimbench.systems import System, inputs, predict
    from claimbench.text.normalise import tokens
    from claimbench.text.quantities import Quantity, quantities
    from claimbench.validation import validate

_HOMES = {
    "Comparison": "comparing",
    "compare": "comparing",
    "ClaimbenchError": "errors",
    "InputError": "errors",
    "Problem": "errors",
    "ProblemsError": "errors",
    "UsageError": "errors",
    "Corpus": "reading.corpus",
    "load_corpus": "reading.corpus",
    "corpus_path": "reading.paths",
    "Report": "report",
    "score": "scoring",
    "StageLoss": "stages",
    "stage_loss": "stages",
    "score_format": "formats.scoring",
    "System": "systems",
    "inputs": "systems",
    "predict": "systems",
    "tokens": "text.normalise",
    "Quantity": "text.quantities",
    "quantities": "text.quantities",
    "validate": "validation",
}

__all__ = [
    "ClaimbenchError",
    "Comparison",
    "Corpus",
    "InputError",
    "Problem",
    "ProblemsError",
    "Quantity",
    "Report",
    "StageLoss",
    "System",
    "UsageError",
    "__version__",
    "compare",
    "corpus_path",
    "inputs",
    "load_corpus",
    "predict",
    "quantities",
    "score",
    "score_format",
    "stage_loss",
    "tokens",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'claimbench' has no attribute '{name}'")
    return getattr(import_module(f"claimbench.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
