"""The faults that one evolution meets one after the other, and what each may cost."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import POOL, Stack
from tests.chaos.stack import faults

Figure = Literal["rerun", "full_strength", "longest_gap"]
Facts = Mapping[str, Any]

CPU, MEMORY = "ray-worker-1", "ray-worker-2"
# The long form leaves a worker away for a minute.
FULL = bool(os.environ.get("GENEPOOL_CHAOS_FULL"))
AWAY_SECONDS = 60.0 if FULL else 25.0
POSTGRES_SECONDS = 20.0
_DOWN_SECONDS = 12.0
_ALIVE_SECONDS, _WORK_SECONDS, _CAUGHT_UP_SECONDS = 90.0, 15.0, 60.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One fault.

    Parameters
    ----------
    fault
        Its name, under which its figures are written.
    inject
        Does it and undoes it; returns what it saw meanwhile.
    judged
        The figure that the bar is about.
    bar
        Seconds, from the fault on.
    noticed
        Whether the coordinator must notice: else a moment without trouble is enough.
    back_within
        Seconds from the end of the fault until all evaluation processes must work; None for no promise.
    """

    fault: str
    inject: Callable[[Stack], Facts]
    judged: Figure
    bar: float
    noticed: bool = True
    back_within: float | None = 60.0


def _quietly(inject: Callable[[Stack], object]) -> Callable[[Stack], Facts]:
    def injected(stack: Stack) -> Facts:
        inject(stack)
        return {}

    return injected


def _head_killed(stack: Stack) -> Facts:
    before = _began(stack, POOL)
    faults.kill_and_restart(stack, "ray-head")
    # A coordinator that restarts because its head is gone would recover as well, but lose a generation.
    return {"coordinator_restarted": _began(stack, POOL) != before}


def _began(stack: Stack, service: str) -> str:
    """Return when the present process of a service's container was started."""
    return stack.docker("inspect", "--format", "{{.State.StartedAt}}", stack.containers(service)[0].identity)


def _both_workers_killed(stack: Stack) -> Facts:
    first = faults.kill(stack, CPU)
    time.sleep(3)
    second = faults.kill(stack, MEMORY)
    # Nobody is left: the run waits, and says so.
    time.sleep(_DOWN_SECONDS)
    told = json.loads(stack.page("/progress"))
    for container in (first, second):
        faults.start(stack, container)
    return {"state_alone": told["state"], "nodes_alone": told["nodes"]}


def _memory_filled(stack: Stack) -> Facts:
    before = _ended_for_memory(stack)
    faults.fill_memory(stack, CPU)
    deadline = time.monotonic() + _ALIVE_SECONDS
    while (ended := _ended_for_memory(stack) - before) <= 0 and time.monotonic() < deadline:
        time.sleep(1)
    return {"ended_for_memory": ended}


def _ended_for_memory(stack: Stack) -> float:
    counted = r'^genepool_retries_total\{reason="out_of_memory"\} (\S+)$'
    noticed = sum(map(float, re.findall(counted, stack.page("/metrics"), re.MULTILINE)))
    return noticed + faults.ended_for_memory(stack, CPU)


def _worker_added_and_taken_away(stack: Stack) -> Facts:
    newcomer = f"{CPU}-2"
    before = _done_by(stack, newcomer)
    _scale(stack, 2)
    _until("third CPU", _ALIVE_SECONDS, lambda: _cpus(stack) == 3)
    took = _until("work for the new worker", _WORK_SECONDS, lambda: _done_by(stack, newcomer) > before)
    _scale(stack, 1)
    # Else the next fault would be measured against three workers.
    _until("coordinator without the third CPU", _ALIVE_SECONDS, lambda: _cpus(stack) == 2)
    return {"first_work": took}


def _cpus(stack: Stack) -> int:
    return int(json.loads(stack.page("/progress"))["cpus"])


def _scale(stack: Stack, cpu: int) -> None:
    subprocess.run(["make", "scale", f"CPU={cpu}"], cwd=stack.folder, check=True, timeout=180)


def _done_by(stack: Stack, node: str) -> float:
    counted = rf'^genepool_evaluations_total\{{.*node="{node}".*\}} (\S+)$'
    return sum(map(float, re.findall(counted, stack.page("/metrics"), re.MULTILINE)))


def _until(what: str, seconds: float, there: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not there():
        if time.monotonic() > began + seconds:
            raise StackError(f"no {what} within {seconds} s")
        time.sleep(0.2)
    return time.monotonic() - began


def _postgres_away(stack: Stack) -> Facts:
    container = faults.kill(stack, "postgres")
    time.sleep(POSTGRES_SECONDS)
    last = json.loads(stack.page("/progress"))["generation"]
    faults.start(stack, container)
    return {"caught_up": _until("whole history", _CAUGHT_UP_SECONDS, lambda: _stored(stack) > last)}


def _stored(stack: Stack) -> int:
    run = json.loads(stack.page("/progress"))["run"]
    of_run = f"(SELECT id FROM runs WHERE name = '{run}')"  # noqa: S608 - our own name
    try:
        return int(stack.query(f"SELECT count(*) FROM generations WHERE run_id = {of_run}")[0][0])  # noqa: S608 - as above
    except StackError:
        return -1


def _killed(service: str, seconds: float = 2) -> Callable[[Stack], Facts]:
    return _quietly(lambda stack: faults.kill_and_restart(stack, service, seconds))


# A worker is killed early: later on the others would fit its models again before they answer.
LEGS = (
    Leg("worker killed", _killed(CPU, _DOWN_SECONDS), "rerun", 15),
    Leg(
        "evaluation process killed",
        _quietly(lambda stack: faults.kill_evaluation_process(stack, MEMORY)),
        "full_strength",
        10,
    ),
    Leg("redis killed", _killed("redis", 5), "longest_gap", 5, noticed=False),
    Leg(
        "redis frozen",
        _quietly(lambda stack: faults.freeze(stack, "redis", 5)),
        "longest_gap",
        5,
        noticed=False,
    ),
    Leg("postgres killed", _postgres_away, "longest_gap", 5, noticed=False),
    Leg("ray-head killed", _head_killed, "longest_gap", 120, noticed=False),
    # What holds the memory lets go of it half a minute later only.
    Leg("worker at its memory limit", _memory_filled, "longest_gap", 60, back_within=None),
    Leg("worker added and taken away", _worker_added_and_taken_away, "longest_gap", 15, noticed=False),
    Leg("worker frozen", _quietly(lambda stack: faults.freeze(stack, MEMORY, AWAY_SECONDS)), "rerun", 60),
    Leg("worker cut off", _quietly(lambda stack: faults.cut_off(stack, CPU, AWAY_SECONDS)), "rerun", 60),
    Leg("both workers killed", _both_workers_killed, "longest_gap", 75),
    Leg(f"{POOL} killed", _killed(POOL), "longest_gap", 120),
)
