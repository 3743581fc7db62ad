"""Where claims are lost, as a frozen value that JSON round-trips and that explains itself."""

from __future__ import annotations

from claimbench.records import Split
from claimbench.report import Document, Score, Value


class Stage(Value, frozen=True):
    """What one stage did to the claims that reached it.

    ``asked``: those on which it had anything to do. ``lost``: those it was the first to fail. ``share`` is
    the lost of all claims, so that the shares of all stages and of what is kept sum to one.
    """

    stage: str
    reached: int
    asked: int
    lost: int
    share: Score


class Waterfall(Value, frozen=True):
    """The stages in order, on all claims or on those of articles in one language.

    ``kept`` claims failed no stage; ``kept_asked`` of them were asked for by every stage.
    """

    language: str | None
    claims: int
    stages: tuple[Stage, ...]
    kept: int
    kept_asked: int
    kept_share: Score


class Fate(Value, frozen=True):
    """What became of one claim: the first stage that failed it, if any, and those without an item on it."""

    article: str
    fact: str
    language: str
    cluster: str
    lost_at: str | None
    not_asked: tuple[str, ...]


class StageLoss(Document, frozen=True):
    """The loss of a pipeline, attributed to its stages."""

    split: Split
    signature: str
    threshold: float | None
    given: tuple[str, ...]
    skipped: tuple[str, ...]
    total: Waterfall
    languages: tuple[Waterfall, ...]
    claims: tuple[Fate, ...]
    version: str

    def explain(self) -> str:
        """Return in words what a loss is, and which stages were not given and count as perfect."""
        lines = [
            f"A claim is lost at the first stage that fails it. Every stage was given gold inputs; of "
            f"{self.total.kept} claims kept, {self.total.kept_asked} were asked for by every stage."
        ]
        if self.skipped:
            lines.append(f"Not given, and so taken as perfect: {', '.join(self.skipped)}.")
        if self.threshold is not None:
            lines.append(f"A sentence is flagged from a score of {self.threshold:g}.")
        return "\n".join(lines)
