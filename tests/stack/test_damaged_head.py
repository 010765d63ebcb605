"""The head finds its storage damaged in mid-run: it says so, starts empty, and the run goes on."""

import os
import time
from collections.abc import Callable

import pytest

from scripts.validation.stack import LAUNCHER, POOL, Stack

pytestmark = [pytest.mark.stack, pytest.mark.slow]

VERSION = os.environ.get("GENEPOOL_VERSION", "0.1.0")
HEAD, PATIENCE = "ray-head", 240
DAMAGE = "printf XXXXXXXXXXXX | dd of=$(ls /v/kv/MANIFEST* | head -n 1) bs=1 seek=10 conv=notrunc"
RUN = "damaged-head"


def until(what: str, there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline, f"no {what} within {PATIENCE} s"
        time.sleep(0.5)


def test_a_run_outlives_the_storage_of_the_cluster(stack: Stack) -> None:
    run = f"{RUN}-{time.time_ns()}"
    search = (
        *LAUNCHER, "--data", f"synthetic:regimes:seed={time.time_ns() % 1_000_000},candles=30000",
        "--strategies", "linear_svc_classifier,pca_tree_quantile", "--preset", "all", "--name", run,
        "--generations", "12", "--population-size", "200", "--no-report", "--json",
    )  # fmt: skip
    stack.compose("exec", "-d", POOL, *search, "--mode", "distributed")
    generations = f"SELECT count(*) FROM generations JOIN runs ON runs.id = run_id WHERE name = '{run}'"  # noqa: S608 - our own name
    until("first generation", lambda: stack.query(generations) != [["0"]])
    head = stack.containers(HEAD)[0]
    volume = stack.docker("inspect", "--format", "{{(index .Mounts 0).Name}}", head)
    stack.compose("stop", HEAD)
    mounted = ("--user", "0", "--volume", f"{volume}:/v", "--entrypoint", "sh", f"genepool-node:{VERSION}")
    stack.docker("run", "--rm", *mounted, "-c", DAMAGE)
    assert stack.query(generations) < [["12"]], "the run ended before its head could be damaged"
    stack.compose("start", HEAD)
    health = ("inspect", "--format", "{{.State.Health.Status}}", head)
    until("healthy head", lambda: stack.docker(*health) == "healthy")
    assert "the storage of the GCS is damaged and was moved to" in stack.compose(
        "logs", "--no-log-prefix", HEAD
    )
    finished = f"SELECT digest FROM runs WHERE name = '{run}' AND state = 'finished'"  # noqa: S608 - as above
    until("end of the run", lambda: bool(stack.query(finished)))
    nowhere = {"GENEPOOL_DATABASE_URL": "", "GENEPOOL_REDIS_URL": "", "GENEPOOL_HOME": f"/tmp/{run}"}  # noqa: S108
    alone = stack.inside(*search, "--mode", "local", environment=nowhere)
    assert f'"digest": "{stack.query(finished)[0][0]}"' in alone
