"""The head finds its storage damaged in mid-run: it says so, starts empty, and the run continues."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infrastructure.core.compose.containers import ONE_SHOT
from scripts.validation.stack import LAUNCHER, POOL, Stack
from tests.stack.alone import run_alone

pytestmark = [pytest.mark.stack, pytest.mark.slow]

VERSION = os.environ.get("GENEPOOL_VERSION", "0.1.0")
HEAD, PATIENCE = "ray-head", 240
DAMAGE = "printf XXXXXXXXXXXX | dd of=$(ls /v/kv/MANIFEST* | head -n 1) bs=1 seek=10 conv=notrunc"
VOLUME = '{{range .Mounts}}{{if eq .Destination "/var/lib/ray-gcs"}}{{.Name}}{{end}}{{end}}'
SAID = "the storage of the GCS is damaged and was moved to"
GENERATIONS = 16


def until(what: str, there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline, f"no {what} within {PATIENCE} s"
        time.sleep(0.5)


@pytest.fixture
def damaged(stack: Stack) -> Iterator[Callable[[], None]]:
    """Return what damages the storage of the head; afterwards all that it disturbed is healthy again."""
    head = stack.containers(HEAD)[0].identity
    volume = stack.docker("inspect", "--format", VOLUME, head)
    inside = ("--user", "0", "--volume", f"{volume}:/v", "--entrypoint", "sh", f"genepool-node:{VERSION}")

    def damage() -> None:
        stack.compose("stop", HEAD)
        stack.docker("run", "--rm", *inside, "-c", DAMAGE)
        stack.compose("start", HEAD)

    yield damage
    stack.compose("start", HEAD)
    until("healthy stack", lambda: healthy(stack))
    stack.docker("run", "--rm", *inside, "-c", "rm -rf /v/damaged-*")


def healthy(stack: Stack) -> bool:
    return all(container.up for container in stack.containers() if container.service not in ONE_SHOT)


def test_a_run_outlives_the_storage_of_the_cluster(
    stack: Stack, damaged: Callable[[], None], tmp_path: Path
) -> None:
    run = f"damaged-head-{time.time_ns()}"
    search = (
        "--data", f"synthetic:regimes:seed={time.time_ns() % 1_000_000},candles=30000",
        "--strategies", "linear_svc_classifier,pca_tree_quantile", "--preset", "all", "--name", run,
        "--generations", str(GENERATIONS), "--population-size", "200", "--no-report",
    )  # fmt: skip

    def generations() -> int:
        joined = "generations JOIN runs ON runs.id = run_id"
        return int(stack.query(f"SELECT count(*) FROM {joined} WHERE name = '{run}'")[0][0])  # noqa: S608 - our own name

    with run_alone(tmp_path, *search) as alone:
        stack.compose("exec", "-d", POOL, *LAUNCHER, *search, "--mode", "distributed", "--json")
        until("first generation", lambda: generations() > 0)
        damaged()
        assert generations() < GENERATIONS, "the run ended before its head was damaged"
        until("line of the head", lambda: SAID in stack.compose("logs", "--no-log-prefix", HEAD))
        finished = f"SELECT digest FROM runs WHERE name = '{run}' AND state = 'finished'"  # noqa: S608 - as above
        until("end of the run", lambda: bool(stack.query(finished)))
        # On this host: the coordinator's container may still be started again, for its node to know the head.
        assert alone() == stack.query(finished)[0][0]
