"""The verdict on a disturbed run holds the coordinator's counter against the history."""

from types import SimpleNamespace
from typing import cast

import pytest

from scripts.validation.stack import Stack
from tests.chaos.stack.recovery import Sample
from tests.chaos.stack.search import Search
from tests.chaos.stack.trial import Trial


def verdict(accepted: list[float], stored: int) -> list[str]:
    """Return the verdict on a run whose history is clean and holds so many evaluations."""
    stack = SimpleNamespace(check_history=lambda *_: {"findings": []}, query=lambda _: [[str(stored)]])
    trial = Trial(cast("Stack", stack), Search(), "run", [Sample(k, one) for k, one in enumerate(accepted)])
    trial._over = len(accepted)
    return trial.verdict()


def test_what_was_accepted_is_stored() -> None:
    assert verdict([100, 150, 200], 100) == []


@pytest.mark.parametrize("stored", [99, 101])
def test_what_was_counted_otherwise_is_found(stored: int) -> None:
    (found,) = verdict([100, 150, 200], stored)
    assert found.startswith("counted-otherwise: 100")


def test_a_coordinator_that_was_replaced_is_not_asked_for_its_counter() -> None:
    assert verdict([100, 150, 20, 60], 110) == []
