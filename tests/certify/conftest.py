"""Every seed with its risk genes, traded by another program in the environment that a variable names.

A test of a target is three lines::

    @pytest.mark.parametrize(*CASES)
    def test_it_trades_as_we_do(case: Case, certified: Certified) -> None:
        assert_equal(certified("backtrader", case))

``GENEPOOL_CERTIFY_BACKTRADER`` names its interpreter; without it the tests are skipped.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from genepool.adapters.export.proving import PythonProver
from genepool.adapters.export.targets import export_targets
from genepool.usecases.certify_champion import Certificate, certified_target, certify_champion
from tests.fakes.certified import Case, exported, market, note

Certified = Callable[..., Certificate]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here: no ordinary run collects it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.certify)


def interpreter(target: str) -> str:
    """Return the interpreter of a target's environment, or skip the test."""
    name = f"GENEPOOL_CERTIFY_{target.upper()}"
    if not os.environ.get(name):
        pytest.skip(f"set {name} to the interpreter of an environment with {target}")
    return os.environ[name]


@pytest.fixture
def certified() -> Certified:
    """Return what certifies a case in a target: both samples at once."""

    def certify(target: str, case: Case, candles: int = 3_000) -> Certificate:
        prove = PythonProver(interpreter(target))
        targets = export_targets()
        chosen = certified_target(targets[target], targets)
        champion = exported(case)
        if reason := chosen.refusal(champion):
            note(target, case, None, reason)
            pytest.skip(reason)
        found = certify_champion(champion, chosen, market(case, candles), "btcusd_1h", prove)
        note(target, case, found)
        return found

    return certify
