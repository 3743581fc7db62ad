"""The gate as tests: ``pytest --claimbench gate.yaml``, and the fixture ``claimbench``.

pytest loads this module in every project where claimbench is installed, so nothing is imported here before
it is used. What is inconclusive is skipped with its reason, unless the settings say pass or fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from claimbench.gating import Decision, Settings
    from claimbench.gating.settings import Inconclusive


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--claimbench FILE``."""
    group = parser.getgroup("claimbench", "gate on the scores of claimbench")
    group.addoption(
        "--claimbench",
        action="append",
        default=[],
        metavar="FILE",
        help="Make every demand of these gate settings (YAML, TOML or JSON) a test; may repeat.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the tests of every settings file, before -k and -m choose among all."""
    for name in config.getoption("--claimbench"):
        path = Path(config.invocation_params.dir, name)
        items += GateFile.from_parent(session, path=path).collect()


class GateFile(pytest.File):
    """The settings of a gate; it is decided once, when its first test runs."""

    @cached_property
    def settings(self) -> Settings:
        """What the file says. Raises pytest.UsageError where it does not say it."""
        from claimbench.errors import InputError
        from claimbench.gating.settings import read_settings

        try:
            return read_settings(self.path)
        except InputError as error:
            raise pytest.UsageError(str(error)) from None

    @cached_property
    def decision(self) -> Decision | Exception:
        """What the gate decided, or why it could not."""
        from claimbench.errors import ClaimbenchError
        from claimbench.gating import gate

        task, predictions, baseline = (
            getattr(self.settings, name) for name in ("task", "predictions", "baseline")
        )
        try:
            return gate(task, predictions, baseline, self.settings)
        except ClaimbenchError as error:
            return error

    def collect(self) -> list[pytest.Item]:
        """Return a test for each gated metric, each item that must pass, and the predictions themselves."""
        from claimbench.gating.naming import gauge
        from claimbench.gating.settings import must_pass_ids

        for name in ("task", "predictions", "baseline"):
            if getattr(self.settings, name) is None:
                raise pytest.UsageError(f"{self.path}: '{name}' is missing; a test needs to know it")
        metrics = [str(gauge(name)) for name in self.settings.gates]
        names = ["predictions", *metrics, *must_pass_ids(self.settings.must_pass)]
        return [GateItem.from_parent(self, name=name) for name in names]


class GateItem(pytest.Item):
    """One demand of a gate."""

    parent: GateFile

    def runtest(self) -> None:
        """Fail with the reason of a regression, skip what is inconclusive."""
        found = self.parent.decision
        if isinstance(found, Exception):
            pytest.fail(str(found), pytrace=False)
        for name, verdict, reason in _verdicts(found):
            if name == self.name:
                _report(verdict, f"{name}: {reason}", found.inconclusive)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the demand is written."""
        return self.path, None, f"claimbench {self.name}"


def _verdicts(found: Decision) -> Iterator[tuple[str, str, str]]:
    yield from (("predictions", "regression", said) for said in found.failures)
    yield from ((one.metric, one.verdict, one.reason) for one in found.metrics if one.verdict is not None)
    yield from ((one.id, "pass" if one.passed else "regression", one.reason) for one in found.must_pass)


def _report(verdict: str, said: str, inconclusive: Inconclusive) -> None:
    if verdict == "inconclusive" and inconclusive == "report":
        pytest.skip(f"inconclusive: {said}")
    if verdict == "regression" or (verdict == "inconclusive" and inconclusive == "fail"):
        pytest.fail(f"{verdict}: {said}", pytrace=False)


class Gatekeeper:
    """What the fixture ``claimbench`` gives."""

    def assert_no_regression(
        self,
        task: str,
        predictions: str | Path | Sequence[Mapping[str, Any]],
        *,
        baseline: str | Path,
        max_drop: Mapping[str, float] | None = None,
        at_least: Mapping[str, float] | None = None,
        must_pass: Sequence[str] = (),
        inconclusive: Inconclusive = "report",
    ) -> Decision:
        """Return what the gate decided; fail on a regression, skip where it is inconclusive.

        ``max_drop`` and ``at_least`` map metrics to how much worse they may become and the least they may
        be. Raises what ``claimbench.gating.gate`` does for wrong input and for what cannot be compared.
        """
        from claimbench.gating import Gate, Settings, gate

        drops, floors = max_drop or {}, at_least or {}
        names = dict.fromkeys([*drops, *floors])
        gates = {name: Gate(max_drop=drops.get(name), min=floors.get(name)) for name in names}
        settings = Settings(gates=gates, must_pass=tuple(must_pass), inconclusive=inconclusive)
        found = gate(task, predictions, baseline, settings)
        told = [(verdict, f"{name}: {reason}") for name, verdict, reason in _verdicts(found)]
        for verdict in ("regression", "inconclusive"):
            said = "\n".join(said for one, said in told if one == verdict)
            if said:
                _report(verdict, said, inconclusive)
        return found


@pytest.fixture(scope="session")
def claimbench() -> Gatekeeper:
    """Give ``assert_no_regression``, which compares predictions with a baseline report."""
    return Gatekeeper()
