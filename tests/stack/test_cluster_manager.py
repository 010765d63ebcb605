"""The cluster manager on the running stack: what it shows, and that it follows the load."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infrastructure.core.compose_cluster import SERVICES, ComposeCluster
from scripts.validation.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
MANAGER = [sys.executable, str(ROOT / "infrastructure/core/cluster_manager.py")]
# More work than three CPUs do in the minutes that this takes; the run is stopped by then.
LOAD = [
    "--preset",
    "validation",
    "--strategies",
    "linear_svc_classifier,pca_tree_quantile",
    "--population-size",
    "3000",
    "--generations",
    "1000",
]
EVOLVE = ["python", "-m", "src.execution.genetic_strategy_pool", "--mode", "distributed", "--no-report"]
# A day of an operator's patience in a minute.
QUICK = ["--interval", "2", "--drain-time", "2", "--idle", "6", "--step", "2"]
# Looks that the quiet cluster gets before it counts as stuck.
PATIENCE = 120
INTERRUPTED = 130

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.usefixtures("stack")]


def manage(*arguments: str) -> Any:  # noqa: ANN401 - a JSON document
    done = subprocess.run(
        [*MANAGER, *arguments, "--json"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def counts() -> dict[str, int]:
    nodes = ComposeCluster(ROOT).nodes()
    return {kind: sum(node.kind == kind and node.alive for node in nodes) for kind in SERVICES}


@pytest.fixture
def small_cluster() -> Iterator[None]:
    """One node of each kind, before and after."""
    before = counts()
    manage("scale", "--cpu", "1", "--memory", "1")
    yield
    manage("scale", "--cpu", str(before["cpu"]), "--memory", str(before["memory"]))


def test_status_shows_every_worker_with_the_cpus_that_the_coordinator_granted() -> None:
    shown = manage("status")
    assert shown["coordinator"] == "answers"
    assert {row["kind"] for row in shown["nodes"]} == {"cpu", "memory"}


def test_health_finds_every_service_that_runs_here_well() -> None:
    # Prometheus forgets the addresses of nodes that were replaced only with its next look.
    deadline = time.monotonic() + PATIENCE
    while (unwell := findings()) and time.monotonic() < deadline:
        time.sleep(2)
    assert unwell == []


def findings() -> list[str]:
    absent = [argument for name in not_started() for argument in ("--without", name)]
    done = subprocess.run(
        [*MANAGER, "health", *absent, "--json"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    found = json.loads(done.stdout)["findings"]
    assert found
    return [f"{each['part']}: {each['detail']}" for each in found if not each["well"]]


def not_started() -> set[str]:
    """Return the services that were left out, for want of their image or of their profile."""
    compose = ("docker", "compose", "--profile", "*")
    named, there = (
        subprocess.run(
            [*compose, *words], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout.split()
        for words in (("config", "--services"), ("ps", "--all", "--services"))
    )
    return set(named) - set(there)


def test_the_cost_of_an_hour_follows_from_the_cpus_and_their_prices() -> None:
    assert set(manage("cost")["per_hour"]) == {"cpu", "memory"}


@pytest.mark.usefixtures("small_cluster")
def test_workers_are_added_under_load_and_given_up_when_idle(stack: Stack) -> None:
    name = f"load-{time.time_ns() // 1_000_000}"
    run = subprocess.Popen(
        ["docker", "compose", "exec", "-T", "genetic-pool", *EVOLVE, *LOAD, "--name", name],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    manager = subprocess.Popen(
        [*MANAGER, "autoscale", "--min", "2", "--max", "3", *QUICK, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert manager.stdout is not None
    try:
        steps = [json.loads(manager.stdout.readline()) for _ in range(1)]
        while not steps[-1]["done"]:
            assert len(steps) < PATIENCE, steps[-1]
            steps.append(json.loads(manager.stdout.readline()))
        assert total(steps[-1]["wanted"]) == total(counts()) == 3
        # What it would have found is not asked here.
        stack.stop_run(name)
        assert run.wait(60) == INTERRUPTED
        while total(steps[-1]["wanted"]) > 2:
            assert len(steps) < 3 * PATIENCE, steps[-1]
            steps.append(json.loads(manager.stdout.readline()))
        assert total(counts()) == 2
    finally:
        manager.terminate()
        manager.wait(60)
        manager.stdout.close()
        run.terminate()
        run.wait(60)


def total(nodes: dict[str, int]) -> int:
    return sum(nodes.values())
