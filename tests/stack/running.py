"""The stack that a test was asked to be run on."""

import pytest

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import Stack


def running_stack() -> Stack:
    """Return the running stack; without one the session ends and has failed, for it has tested nothing."""
    stack = Stack()
    try:
        stack.must_run()
    except StackError as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.TESTS_FAILED)
    return stack
