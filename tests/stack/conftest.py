import pytest

from scripts.validation.stack import Stack
from tests.stack.running import running_stack


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the running stack."""
    return running_stack()
