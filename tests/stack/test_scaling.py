"""Workers come and go in the middle of a run, which takes them in and ends with the same bits."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from scripts.validation.stack import POOL, Stack, evolve_command

pytestmark = [pytest.mark.stack, pytest.mark.slow]

CPU, MEMORY = "ray-worker-1", "ray-worker-2"
# From the moment when the cluster grants the new CPU; until then the container and Ray itself start.
WORK_SECONDS, ALIVE_SECONDS, END_SECONDS = 15, 90, 600


@pytest.fixture
def few(stack: Stack) -> Iterator[None]:
    """One worker of each kind for the length of a test."""
    before = [len(stack.containers(kind)) for kind in (CPU, MEMORY)]
    scale("CPU=1", "MEM=1")
    until("two CPUs", ALIVE_SECONDS, lambda: cpus(stack) == 2)
    yield
    scale(f"CPU={before[0]}", f"MEM={before[1]}")


def scale(*numbers: str) -> None:
    subprocess.run(["make", "scale", *numbers], cwd=Stack().folder, check=True, timeout=180)


def until(what: str, seconds: float, there: Callable[[], bool]) -> float:
    """Wait for something and return how long it took."""
    began = time.monotonic()
    while not there():
        assert time.monotonic() < began + seconds, f"no {what} within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


def cpus(stack: Stack) -> int:
    return int(json.loads(stack.page("/progress"))["cpus"])


def done_by(stack: Stack, node: str) -> float:
    """Return how many evaluations of a node were accepted so far."""
    counted = rf'^genepool_evaluations_total\{{.*node="{node}".*\}} (\S+)$'
    return sum(map(float, re.findall(counted, stack.page("/metrics"), re.MULTILINE)))


def state(stack: Stack, run: str) -> str:
    rows = stack.query(f"SELECT state FROM runs WHERE name = '{run}'")  # noqa: S608 - our own name
    return rows[0][0] if rows else ""


def search(run: str, mode: str) -> list[str]:
    """Return the command of a search in a market of the run's own, so that no cache knows the answers."""
    flags = {
        "data": f"synthetic:regimes:seed={run.rpartition('-')[2]},candles=20000",
        "preset": "all",
        "strategies": "linear_svc_classifier,pca_tree_quantile",
        "population-size": 200,
        "generations": 80,
        "mode": mode,
        "name": run,
    }
    return evolve_command(flags, ["--no-report", "--json"])


def digest_of_one_process(stack: Stack, run: str) -> str:
    alone = {"GENEPOOL_DATABASE_URL": "", "GENEPOOL_REDIS_URL": "", "GENEPOOL_HOME": f"/tmp/{run}"}  # noqa: S108
    told = stack.inside(*search(run, "local"), environment=alone, seconds=1200)
    stack.inside("rm", "-rf", alone["GENEPOOL_HOME"])
    return str(json.loads(told)["digest"])


@pytest.mark.usefixtures("few")
def test_a_run_takes_in_a_worker_that_is_added_and_does_without_it_again(stack: Stack) -> None:
    run, newcomer = f"scaled-{time.time_ns() % 1_000_000}", f"{CPU}-2"
    before = done_by(stack, newcomer)
    stack.compose("exec", "-d", POOL, *search(run, "distributed"))
    until("first work", END_SECONDS, lambda: bool(json.loads(stack.page("/progress")).get("done")))
    scale("CPU=2")
    until("third CPU", ALIVE_SECONDS, lambda: cpus(stack) == 3)
    took = until("work for the new worker", WORK_SECONDS, lambda: done_by(stack, newcomer) > before)
    print(f"the new worker's first result came {took:.1f} s after it was alive")  # noqa: T201 - for the log
    scale("CPU=1")
    assert state(stack, run) == "running", "the run was over before the worker left again"
    until("end of the run", END_SECONDS, lambda: state(stack, run) == "finished")
    (row,) = stack.query(f"SELECT digest FROM runs WHERE name = '{run}'")  # noqa: S608 - our own name
    assert row == [digest_of_one_process(stack, run)]


@pytest.mark.usefixtures("few")
def test_a_kind_whose_number_is_not_given_stays_as_it_is(stack: Stack) -> None:
    scale("MEM=2")
    scale("CPU=1")
    assert (len(stack.containers(CPU)), len(stack.containers(MEMORY))) == (1, 2)
