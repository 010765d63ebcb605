"""Whatever happens to a worker, the run ends by itself and in the digest of the undisturbed one."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.validation.stack import Stack
from tests.chaos.stack import faults
from tests.chaos.stack.search import Search
from tests.chaos.stack.trial import Trial

pytestmark = [pytest.mark.stack, pytest.mark.chaos, pytest.mark.slow]

CPU, MEMORY = "ray-worker-1", "ray-worker-2"
PROCESS_SECONDS, NODE_SECONDS, SILENT_SECONDS = 10, 15, 60
AWAY_SECONDS, RETURN_SECONDS = 60, 60


def test_a_killed_worker_costs_its_batches_only(
    stack: Stack, trial: Trial, reference: str, seats: int, figures: Path
) -> None:
    trial.start()
    trial.wait_for_generation(1, seats)
    trial.disturb(lambda: faults.kill(stack, CPU))
    trial.wait_for_end()
    felt = trial.felt()
    trial.write(figures, "worker killed", {"bar": NODE_SECONDS, "recovered": felt.rerun})
    assert trial.verdict(reference) == []
    assert felt.rerun is not None
    assert felt.rerun <= NODE_SECONDS
    assert felt.longest_gap <= NODE_SECONDS


def test_a_killed_worker_that_comes_back_gets_work_again(
    stack: Stack, trial: Trial, reference: str, seats: int, figures: Path
) -> None:
    trial.start()
    trial.wait_for_generation(1, seats)
    trial.disturb(lambda: faults.kill_and_restart(stack, MEMORY))
    trial.wait_for_end()
    felt = trial.felt()
    trial.write(
        figures, "worker killed and started", {"bar": SILENT_SECONDS, "recovered": felt.full_strength}
    )
    assert trial.verdict(reference) == []
    assert felt.full_strength is not None
    assert felt.full_strength <= SILENT_SECONDS


def test_both_workers_killed_one_after_the_other(
    stack: Stack, trial: Trial, reference: str, seats: int, figures: Path
) -> None:
    trial.start()
    trial.wait_for_generation(1, seats)
    first = faults.kill(stack, CPU)
    time.sleep(3)
    killed: list[str] = []
    trial.disturb(lambda: killed.append(faults.kill(stack, MEMORY)))
    # Nobody is left: the run waits, and says so.
    time.sleep(15)
    alone = trial.progress()
    returned = time.monotonic()
    faults.start(stack, first)
    faults.start(stack, killed[0])
    trial.wait_for_end()
    after = trial.felt(returned)
    trial.write(figures, "both workers killed", {"bar": SILENT_SECONDS, "recovered": after.full_strength})
    assert alone["state"] == "running"
    assert alone["nodes"] == []
    assert trial.verdict(reference) == []
    assert after.longest_gap <= SILENT_SECONDS
    assert after.full_strength is not None
    assert after.full_strength <= SILENT_SECONDS


ABSENCES: dict[str, Callable[[Stack, str, float], None]] = {
    "frozen": faults.freeze,
    "cut off": faults.cut_off,
}


@pytest.mark.parametrize("absence", ABSENCES)
def test_a_worker_that_is_away_for_a_minute_is_done_without_and_taken_back(
    absence: str,
    stack: Stack,
    trial: Trial,
    long_search: Search,
    long_reference: str,
    seats: int,
    figures: Path,
) -> None:
    trial.search = long_search
    trial.start()
    trial.wait_for_generation(1, seats)
    trial.disturb(lambda: ABSENCES[absence](stack, MEMORY, AWAY_SECONDS))
    returned = time.monotonic()
    state = trial.state()
    trial.wait_for_end()
    felt, after = trial.felt(), trial.felt(returned)
    shown = {"bar": SILENT_SECONDS, "recovered": felt.rerun, "returned": after.full_strength}
    trial.write(figures, f"worker {absence} for a minute", shown)
    assert state == "running", "the run was over before the worker returned: nothing was learnt of its return"
    assert trial.verdict(long_reference) == []
    assert felt.longest_gap <= SILENT_SECONDS
    assert felt.rerun is not None
    assert felt.rerun <= SILENT_SECONDS
    assert felt.full_strength is not None
    assert felt.full_strength <= AWAY_SECONDS + RETURN_SECONDS


def test_a_killed_evaluation_process_is_replaced(
    stack: Stack, trial: Trial, reference: str, seats: int, figures: Path
) -> None:
    trial.start()
    trial.wait_for_generation(1, seats)
    trial.disturb(lambda: faults.kill_evaluation_process(stack, MEMORY))
    trial.wait_for_end()
    felt = trial.felt()
    trial.write(
        figures, "evaluation process killed", {"bar": PROCESS_SECONDS, "recovered": felt.full_strength}
    )
    assert trial.verdict(reference) == []
    assert felt.full_strength is not None
    assert felt.full_strength <= PROCESS_SECONDS


def test_a_worker_at_its_memory_limit(
    stack: Stack, trial: Trial, reference: str, seats: int, figures: Path
) -> None:
    trial.start()
    trial.wait_for_generation(1, seats)
    before = trial.retries("out_of_memory") + faults.ended_for_memory(stack, CPU)
    trial.disturb(lambda: faults.fill_memory(stack, CPU))
    trial.wait_for_end()
    felt = trial.felt()
    ended = trial.retries("out_of_memory") + faults.ended_for_memory(stack, CPU) - before
    shown = {"bar": SILENT_SECONDS, "recovered": felt.longest_gap, "ended_for_memory": ended}
    trial.write(figures, "worker at its memory limit", shown)
    assert ended > 0, "neither Ray nor the kernel ended a process for want of memory: the fault was not felt"
    assert trial.verdict(reference) == []
    assert felt.longest_gap <= SILENT_SECONDS
