"""Kill the real program with SIGKILL at random instants; the resumed run ends in the same digest."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from genepool.randomness import Purpose, generator
from tests.fakes.forms import LONG
from tests.fakes.programs import SMALL_RUN, document, here, start, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

RUN = (*SMALL_RUN, "--generations", "12" if LONG else "8")
RESUME = ("evolve", "--resume", "small", "--workers", "1", "--no-report", "--json")
# The long form kills as often as docs/reliability.md says.
KILLS_WHILE_BREEDING, KILLS_AT_ANY_TIME = (15, 5) if LONG else (6, 2)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, float, float]:
    """Return the uninterrupted run's digest, and how long it took to begin and to breed."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    document(folder / "warm", *RUN)
    began = time.monotonic()
    process = start(folder / "timed", *RUN)
    wait_for(process, "run_started")
    started = time.monotonic()
    wait_for(process, "run_finished")
    ended = time.monotonic()
    out, _ = process.communicate(timeout=60)
    return json.loads(out)["digest"], started - began, ended - started


def test_kills_at_random_instants_change_no_bit(reference: tuple[str, float, float], tmp_path: Path) -> None:
    digest, beginning, breeding = reference
    draw = generator(20, Purpose.BENCHMARK)
    instants = [("run_started", delay) for delay in draw.uniform(0, breeding, KILLS_WHILE_BREEDING)]
    instants += [("", delay) for delay in draw.uniform(0, beginning + breeding, KILLS_AT_ANY_TIME)]
    died, outcomes = [], []
    for number, (sign, delay) in enumerate(instants):
        folder = tmp_path / str(number)
        process = start(folder, *RUN)
        if sign:
            wait_for(process, sign)
        time.sleep(delay)
        process.kill()
        process.communicate(timeout=60)
        died.append(process.returncode == -9)
        outcomes.append(_resumed(folder))
    assert outcomes == [digest] * len(instants)
    # Not a test of how well a finished run is left alone: most of the kills must have hit a living one.
    assert np.mean(died) >= 0.75


def test_a_run_that_is_killed_again_and_again_arrives(
    reference: tuple[str, float, float], tmp_path: Path
) -> None:
    digest, _, breeding = reference
    draw = generator(21, Purpose.BENCHMARK)
    arguments: tuple[str, ...] = RUN
    for delay in draw.uniform(0, breeding / 5, 5):
        process = start(tmp_path, *arguments)
        wait_for(process, "run_started")
        time.sleep(delay)
        process.kill()
        process.communicate(timeout=60)
        arguments = RESUME
    assert document(tmp_path, *RESUME)["digest"] == digest


def _resumed(folder: Path) -> str:
    """Resume; when the kill came before the run was recorded, there is nothing but to start."""
    done = here(folder, *RESUME)
    if done.code == 2:
        assert "there is no run small" in done.err
        done = here(folder, *RUN)
    return str(done.document["digest"])
