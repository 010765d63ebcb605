"""The rollback: a run leaves the cluster in the middle and continues in one process, with the same digest."""

import time
from pathlib import Path

import pytest

from scripts.validation.stack import LAUNCHER, POOL, Stack
from tests.stack.alone import run_alone

pytestmark = [pytest.mark.stack, pytest.mark.slow]

SEARCH = (
    "--data", "synthetic:regimes:seed=11,candles=8000", "--preset", "all", "--seed", "3",
    "--strategies", "linear_svc_classifier,pca_tree_quantile", "--generations", "6",
    "--population-size", "40", "--no-report",
)  # fmt: skip


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
    with run_alone(tmp_path / "whole", *SEARCH, "--name", "whole") as whole:
        stack.compose("exec", "-d", POOL, *LAUNCHER, *SEARCH, "--mode", "distributed", "--name", run)
        wait_for_generation(stack, run, 2)
        home = exported(stack, run, tmp_path)
        with run_alone(home, "--resume", run, "--no-report") as continued:
            assert continued() == whole()


def exported(stack: Stack, run: str, folder: Path) -> Path:
    """Stop the coordinator, export its history, start it again; return a home that holds the export."""
    inside = f"/app/results/{run}.sqlite"
    stack.compose("stop", POOL)
    try:
        export = ("run", "--rm", "--no-deps", "-T", POOL, "genepool", "db", "export", inside)
        stack.compose(*export)
    finally:
        stack.compose("start", POOL)
    home = folder / "home"
    home.mkdir()
    stack.compose("cp", f"{POOL}:{inside}", str(home / "genepool.sqlite"))
    return home
