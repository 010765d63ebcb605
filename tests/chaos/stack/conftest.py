from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.validation.stack import POOL, ROOT, Stack
from tests.chaos.stack.faults import mend
from tests.chaos.stack.sampler import sampling
from tests.chaos.stack.search import Search, bring_market
from tests.chaos.stack.trial import Trial, fresh_name
from tests.stack.running import running_stack

FIGURES = ROOT / "results" / "chaos"


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the running stack, whole."""
    found = running_stack()
    mend(found)
    return found


@pytest.fixture(scope="session", autouse=True)
def market_file(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return this host's copy of the market, which the stack has as well."""
    return bring_market(stack, tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="session")
def seats(stack: Stack) -> int:
    """Return how many evaluation processes the whole cluster has, before anything is done to it."""
    told = stack.inside("python", "-c", _GRANTED, seconds=60)
    return int(float(told.splitlines()[-1]))


@pytest.fixture
def trial(stack: Stack) -> Iterator[Trial]:
    """Return a run that was not started yet; afterwards the stack is whole again."""
    mend(stack)
    with sampling(f"http://{stack.address(POOL, 8000)}/metrics") as samples:
        yield Trial(stack, Search(), fresh_name(), samples)
        mend(stack)


@pytest.fixture
def figures() -> Path:
    """Return the folder that the measured figures are written to."""
    return FIGURES


_GRANTED = """
import ray
ray.init(address="auto", logging_level="ERROR", log_to_driver=False)
print(ray.cluster_resources().get("CPU", 0))
"""
