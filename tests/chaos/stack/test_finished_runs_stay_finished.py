"""A run that has finished stays finished when its idle coordinator is killed, even without its candles."""

import time

import pytest

from scripts.validation.stack import POOL, Stack, evolve_command
from tests.chaos.stack import faults

pytestmark = [pytest.mark.stack, pytest.mark.chaos, pytest.mark.slow]

IDLE_SECONDS = 20


def test_an_idle_coordinator_that_is_killed_undoes_no_finished_run(stack: Stack) -> None:
    run, market = f"ended-{time.time_ns() // 1_000_000}", "/app/data/ended.csv"
    stack.inside("cp", "/app/data/chaos.csv", market)
    flags = {
        "data": market,
        "symbol": run.upper(),
        "market": "crypto",
        "strategies": "ema_crossover",
        "population-size": 20,
        "generations": 3,
        "mode": "distributed",
        "name": run,
    }
    stack.inside(*evolve_command(flags, ["--no-report", "--json"]))
    recorded = f"SELECT state, digest, epoch FROM runs WHERE name = '{run}'"  # noqa: S608 - our own name
    before = stack.query(recorded)
    stack.inside("rm", market)
    faults.kill_and_restart(stack, POOL)
    faults.mend(stack)
    time.sleep(IDLE_SECONDS)
    assert before[0][0] == "finished"
    assert stack.query(recorded) == before
    assert stack.check_history("--run", run, "--finished")["findings"] == []
