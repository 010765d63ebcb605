import time

import pytest

from infrastructure.core.compose.containers import ONE_SHOT
from scripts.validation.stack import Stack
from tests.stack.running import running_stack

_SETTLED_SECONDS = 180


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the running stack."""
    return running_stack()


@pytest.fixture(scope="module", autouse=True)
def settled(stack: Stack) -> None:
    """Wait until every service answers again: the module before may have restarted some."""
    deadline = time.monotonic() + _SETTLED_SECONDS
    while busy := [one for one in stack.containers() if not one.up and one.service not in ONE_SHOT]:
        assert time.monotonic() < deadline, f"not up within {_SETTLED_SECONDS} s: {busy}"
        time.sleep(0.5)
