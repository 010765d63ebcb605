import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.validation.stack import POOL, ROOT, Stack
from tests.chaos.stack.faults import mend
from tests.chaos.stack.sampler import sampling
from tests.chaos.stack.search import Search, bring_market
from tests.chaos.stack.trial import Trial
from tests.stack.running import running_stack

# On two idle cores a generation of it takes about half a second, with others at work there one to three.
LONG_GENERATIONS = 160
FIGURES = ROOT / "results" / "chaos"
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Return the running stack, with the market in it."""
    found = running_stack()
    mend(found)
    bring_market(found, tmp_path_factory.mktemp("market"))
    return found


@pytest.fixture(scope="session")
def search() -> Search:
    """Return what all disturbed runs search."""
    return Search()


@pytest.fixture(scope="session")
def reference(stack: Stack, search: Search) -> str:
    """Return the digest of the undisturbed run."""
    return search.reference(stack)


@pytest.fixture(scope="session")
def long_search() -> Search:
    """Return a search that goes on for most of a minute after a fault of a minute, on an idle machine too."""
    return Search(generations=LONG_GENERATIONS)


@pytest.fixture(scope="session")
def long_reference(stack: Stack, long_search: Search) -> str:
    """Return the digest of the long run when nobody disturbs it."""
    return long_search.reference(stack)


@pytest.fixture(scope="session")
def seats(stack: Stack) -> int:
    """Return how many evaluation processes the whole cluster has, before anything is done to it."""
    told = stack.inside("python", "-c", _GRANTED, seconds=60)
    return int(float(told.splitlines()[-1]))


@pytest.fixture
def trial(stack: Stack, search: Search) -> Iterator[Trial]:
    """Return a run that was not started yet; afterwards the stack is whole again."""
    name = f"chaos-{time.time_ns() // 1_000_000}-{next(_NUMBERS)}"
    mend(stack)
    with sampling(f"http://{stack.address(POOL, 8000)}/metrics") as samples:
        yield Trial(stack, search, name, samples)
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
