"""The rollback: a run leaves the cluster in the middle and continues in one process, with the same digest."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.validation.stack import LAUNCHER, POOL, ROOT, Stack

pytestmark = [pytest.mark.stack, pytest.mark.slow]

SEARCH = (
    "--data", "synthetic:regimes:seed=11,candles=8000", "--preset", "all", "--seed", "3",
    "--strategies", "linear_svc_classifier,pca_tree_quantile", "--generations", "6",
    "--population-size", "40", "--no-report",
)  # fmt: skip


def alone(home: Path, *flags: str) -> str:
    """Run the launcher on this machine, its history in a folder, and return the digest."""
    environment = {**os.environ, "GENEPOOL_HOME": str(home), "GENEPOOL_RESULTS": str(home)}
    command = [sys.executable, *LAUNCHER[1:], "--mode", "local", "--json", *flags]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=600
    )
    return str(json.loads(done.stdout)["digest"])


def wait_for_generation(stack: Stack, run: str, number: int) -> None:
    deadline = time.monotonic() + 120
    rows: list[list[str]] = []
    while not rows or int(rows[0][0]) < number:
        assert time.monotonic() < deadline, f"no generation {number} of {run}: {rows}"
        time.sleep(0.25)
        rows = stack.query(
            f"SELECT count(*) FROM generations JOIN runs ON runs.id = run_id WHERE name = '{run}'"  # noqa: S608 - our own name
        )


def test_a_run_continues_locally_from_the_exported_history(stack: Stack, tmp_path: Path) -> None:
    run = f"rollback-{time.time_ns() // 1_000_000}"
    stack.compose("exec", "-d", POOL, *LAUNCHER, *SEARCH, "--mode", "distributed", "--name", run)
    wait_for_generation(stack, run, 2)
    stack.compose("stop", POOL)
    try:
        exported = f"/app/results/{run}.sqlite"
        export = ("run", "--rm", "--no-deps", "-T", POOL, "genepool", "db", "export", exported)
        stack.compose(*export)
    finally:
        stack.compose("start", POOL)
    home = tmp_path / "home"
    home.mkdir()
    stack.compose("cp", f"{POOL}:{exported}", str(home / "genepool.sqlite"))
    whole = alone(tmp_path / "whole", *SEARCH, "--name", "whole")
    assert alone(home, "--resume", run, "--no-report") == whole
