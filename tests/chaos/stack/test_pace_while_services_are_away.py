"""A run keeps its pace while Redis or Postgres is away; the long form, since paces are measured in pairs."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import POOL, Stack
from tests.chaos.stack import faults
from tests.chaos.stack.legs import FULL
from tests.chaos.stack.pace import Pair, Run, error, pace, settled
from tests.chaos.stack.sampler import sampling
from tests.chaos.stack.search import Search
from tests.chaos.stack.trial import Trial, write_figures

pytestmark = [
    pytest.mark.stack,
    pytest.mark.chaos,
    pytest.mark.slow,
    pytest.mark.skipif(not FULL, reason="half an hour on a machine of its own: `make chaos FULL=1`"),
]

LEAST_PACE = 0.95
MOST_PAIRS = 12
CAUGHT_UP_SECONDS = 60
TWIN_MINUTES = 5.0
OUTAGE_SECONDS = 600.0


BAD_STATES: dict[str, Callable[[Stack], object]] = {
    "dead": lambda stack: stack.docker("kill", stack.containers("redis")[0].identity),
    "frozen": lambda stack: stack.docker("pause", stack.containers("redis")[0].identity),
}


@pytest.mark.parametrize("state", BAD_STATES)
def test_a_bad_redis_costs_no_pace(state: str, stack: Stack, figures: Path) -> None:
    """Runs with a Redis that knows nothing and runs with a bad one do the same work, in pairs.

    Pairs are made until they agree to 1.5 %, each in the other order than the one before.
    """
    pairs: list[Pair] = []
    while len(pairs) < MOST_PAIRS and not settled(pairs):
        taken = {kind: _timed(stack, kind) for kind in ("well", state)[:: -1 if len(pairs) % 2 else 1]}
        pairs.append((taken["well"], taken[state]))
    faults.mend(stack)
    found = pace(pairs)
    runs = {kind: [asdict(pair[k]) for pair in pairs] for k, kind in enumerate(("well", state))}
    write_figures(
        figures,
        f"pace with redis {state}",
        {"bar": LEAST_PACE, "pace": found, "error": error(pairs), "runs": runs},
    )
    assert found >= LEAST_PACE


def test_the_run_keeps_its_pace_while_postgres_is_away(
    stack: Stack, trial: Trial, seats: int, figures: Path
) -> None:
    """A twin without an outage does the same work in the same order: its generations set the pace.

    The twin stops after five minutes; what both did is compared.
    """
    minutes = (OUTAGE_SECONDS + 60) / 60
    trial.search = Search(generations=100_000, minutes=minutes)
    trial.start()
    trial.wait_for_generation(2, seats)
    first = trial.progress()["generation"] + 1
    container = faults.kill(stack, "postgres")
    trial.disturb(lambda: time.sleep(OUTAGE_SECONDS))
    last = trial.progress()["generation"]
    faults.start(stack, container)
    caught_up = _seconds_until_stored(trial, last)
    trial.wait_for_end()
    shorter = replace(trial.search, minutes=min(minutes, TWIN_MINUTES))
    twin = replace(trial, name=f"{trial.name}-twin", search=shorter)
    twin.start()
    twin.wait_for_end()
    told, expected = trial.acknowledged(), twin.acknowledged()
    during, last = last - first, min(last, max(expected))
    pace = (expected[last][0] - expected[first][0]) / (told[last][0] - told[first][0])
    shown = {"bar": CAUGHT_UP_SECONDS, "recovered": caught_up, "pace": pace, "outage": OUTAGE_SECONDS}
    trial.write(figures, "postgres away", {**shown, "generations_during": during})
    assert trial.verdict() == []
    assert [told[k][1] for k in range(last + 1)] == [expected[k][1] for k in range(last + 1)]
    assert pace >= LEAST_PACE
    assert caught_up <= CAUGHT_UP_SECONDS


def _seconds_until_stored(trial: Trial, generation: int) -> float:
    """Wait until the history holds a generation that was made while it was away."""
    began = time.monotonic()
    # The bare table: a view for dashboards would keep the server busy while it has to catch up.
    of_run = f"(SELECT id FROM runs WHERE name = '{trial.name}')"  # noqa: S608 - our own name
    statement = f"SELECT count(*) FROM generations WHERE run_id = {of_run}"  # noqa: S608 - as above
    while time.monotonic() < began + 5 * CAUGHT_UP_SECONDS:
        with suppress(StackError):
            if int(trial.stack.query(statement)[0][0]) > generation:
                break
        # Asking takes the server, and a program that is started for it, a good part of a second.
        time.sleep(1.5)
    return time.monotonic() - began


def _timed(stack: Stack, kind: str) -> Run:
    """Return what a short run took after its first generation."""
    faults.mend(stack)
    if kind in BAD_STATES:
        BAD_STATES[kind](stack)
    name, short = f"pace-{kind}-{time.time_ns() // 1_000_000}", Search(generations=6)
    with sampling(f"http://{stack.address(POOL, 8000)}/metrics") as samples:
        trial = Trial(stack, short, name, samples)
        trial.start()
        trial.wait_for_generation(1)
        began, before = time.monotonic(), _worked(stack)
        trial.wait_for_generation(short.generations)
        taken = Run(time.monotonic() - began, _worked(stack) - before)
        trial.wait_for_end()
    return taken


def _worked(stack: Stack) -> float:
    """Return how many seconds of processor time the workers have used since they were started."""
    workers = [worker for kind in ("ray-worker-1", "ray-worker-2") for worker in stack.containers(kind)]
    return sum(float(stack.docker("exec", worker.identity, "sh", "-c", _USED)) for worker in workers)


# Cgroups of version 1 count nanoseconds, those of version 2 microseconds.
_USED = """
cd /sys/fs/cgroup
if [ -e cpuacct/cpuacct.usage ]; then awk '{print $1 / 1e9}' cpuacct/cpuacct.usage
else awk '$1 == "usage_usec" {print $2 / 1e6}' cpu.stat; fi
"""
