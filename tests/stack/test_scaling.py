"""Each kind of worker is scaled by itself; what a run makes of it is seen in tests/chaos/stack."""

import subprocess
from collections.abc import Iterator

import pytest

from scripts.validation.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.slow]

CPU, MEMORY = "ray-worker-1", "ray-worker-2"


@pytest.fixture
def few(stack: Stack) -> Iterator[None]:
    """One worker of each kind for the length of a test."""
    before = [len(stack.containers(kind)) for kind in (CPU, MEMORY)]
    scale("CPU=1", "MEM=1")
    yield
    scale(f"CPU={before[0]}", f"MEM={before[1]}")


def scale(*numbers: str) -> None:
    subprocess.run(["make", "scale", *numbers], cwd=Stack().folder, check=True, timeout=180)


@pytest.mark.usefixtures("few")
def test_a_kind_whose_number_is_not_given_stays_as_it_is(stack: Stack) -> None:
    scale("MEM=2")
    scale("CPU=1")
    assert (len(stack.containers(CPU)), len(stack.containers(MEMORY))) == (1, 2)
