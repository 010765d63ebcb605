"""A fleet of two machines: this one, and a container on a network of its own that stands for the other.

It starts a stack of its own beside any other, from the images that are here, and removes it.
"""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infrastructure.core.compose.stack import StackError
from scripts.stack.digests import digests
from scripts.validation.stack import LAUNCHER, POOL, ROOT, Stack, read_page

pytestmark = [pytest.mark.stack, pytest.mark.slow]

VERSION = os.environ.get("GENEPOOL_VERSION", "0.1.0")
NETWORK = "fleet-machine-two"
SUBNET = "10.213.77.0/24"
STORES_SUBNET = "10.213.78.0/24"
# What Ray and the two stores take on the host's own network.
TAKEN = (6379, 10001, 15432, 16379)
NODES = ("ray-worker-1", POOL)
_PATIENCE = 120.0
OVERRIDE = """
services:
  ray-worker:
    # Instead of another machine: an address of its own that this machine reaches, and the other way round.
    network_mode: !reset null
    networks: [default]
networks:
  default: {{name: {network}, external: true}}
secrets:
  ray_auth_token: {{file: {token}}}
"""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Machine one runs; machine two has not joined. The stranger is machine two with a token of its own."""

    one: Stack
    two: Stack
    stranger: Stack
    head: str

    def evaluations(self, run: str) -> list[tuple[int, str, int]]:
        """Return generation, node and number of evaluations as the history shares them out."""
        rows = self.one.query(
            f"SELECT generation, node, evaluations FROM node_share WHERE run = '{run}'"  # noqa: S608 - our own name
        )
        return [(int(generation), node, int(count)) for generation, node, count in rows]

    def done_by_machine_two(self) -> float:
        """Return how many genomes the coordinator got back from it so far."""
        page = read_page(f"http://{self.head}:8000/metrics")
        return sum(
            map(
                float,
                re.findall(r'^genepool_evaluations_total\{.*"machine-two".*\} (.*)$', page, re.MULTILINE),
            )
        )

    def retries(self) -> float:
        """Return how many batches had to be done again so far."""
        page = read_page(f"http://{self.head}:8000/metrics")
        return sum(map(float, re.findall(r"^genepool_retries_total\{.*\} (.*)$", page, re.MULTILINE)))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    docker = Stack()
    for port in TAKEN:
        _skip_when_taken(port)
    docker.docker("network", "create", NETWORK)
    try:
        template = "{{(index .IPAM.Config 0).Gateway}}"
        head = docker.docker("network", "inspect", "--format", template, NETWORK)
        made = _machines(folder, head)
        try:
            made.one.compose("up", "-d", "--no-build", *NODES, seconds=300)
            made.one.compose("up", "-d", "--no-deps", "--no-recreate", "--wait", *NODES, seconds=300)
            yield made
        finally:
            for machine in (made.stranger, made.two, made.one):
                machine.compose("down", "--volumes", "--timeout", "3", check=False)
    finally:
        docker.docker("network", "rm", NETWORK)


def _skip_when_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            pytest.skip(f"something listens on port {port} already, which a fleet's first machine needs")


def _machines(folder: Path, head: str) -> Fleet:
    settings = folder / "settings"
    settings.write_text(
        f"GENEPOOL_HEAD_ADDRESS={head}\nGENEPOOL_VERSION={VERSION}\nGENEPOOL_SUBNET={SUBNET}\n"
        f"GENEPOOL_STORES_SUBNET={STORES_SUBNET}\n"
        "GENEPOOL_EXPECTED_NODES=2\nGENEPOOL_NODE_NAME=machine-two\nGENEPOOL_BIND=127.0.0.9\n"
        + "".join(f"{name}={value}\n" for name, value in digests(ROOT / "secrets").items()),
        encoding="utf-8",
    )
    wrong = folder / "token"
    wrong.write_text(secrets.token_hex(32), encoding="utf-8")
    wrong.chmod(0o444)

    def machine(project: str, *files: str) -> Stack:
        named = [part for file in files for part in ("--file", file)]
        return Stack(ROOT, ("--project-name", project, "--env-file", str(settings), *named))

    def far(project: str, token: Path) -> Stack:
        override = folder / f"{project}.yml"
        override.write_text(OVERRIDE.format(network=NETWORK, token=token), encoding="utf-8")
        return machine(project, "docker-compose.worker.yml", str(override))

    return Fleet(
        machine("fleet", "docker-compose.yml", "docker-compose.fleet.yml"),
        far("fleet-two", ROOT / "secrets" / "ray_auth_token"),
        far("fleet-stranger", wrong),
        head,
    )


def _documented(fleet: Fleet, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command as a user of the first machine does, whose .env has the lines of the documentation."""
    settings = {
        "COMPOSE_FILE": "docker-compose.yml:docker-compose.fleet.yml",
        "COMPOSE_PROJECT_NAME": "fleet",
        "GENEPOOL_HEAD_ADDRESS": fleet.head,
        "GENEPOOL_VERSION": VERSION,
        "GENEPOOL_SUBNET": SUBNET,
        "GENEPOOL_STORES_SUBNET": STORES_SUBNET,
        "GENEPOOL_BIND": "127.0.0.9",
        "GENEPOOL_EXPECTED_NODES": "2",
        "GENEPOOL_NODE_NAME": "machine-two",
    }
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False, timeout=600
    )


def _managed(fleet: Fleet, *arguments: str) -> dict[str, Any]:
    manager = str(ROOT / "infrastructure" / "core" / "cluster_manager.py")
    document: dict[str, Any] = json.loads(
        _documented(fleet, sys.executable, manager, *arguments, "--json").stdout
    )
    return document


@pytest.fixture
def joined(fleet: Fleet) -> Iterator[Fleet]:
    """Machine two, there for the length of a test."""
    fleet.two.compose("up", "-d", "--no-build", "--wait")
    _until("two CPUs", lambda: json.loads(read_page(f"http://{fleet.head}:8000/progress"))["cpus"] == 2)
    yield fleet
    fleet.two.compose("down", "--timeout", "3")


def _until(what: str, there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not there():
        assert time.monotonic() < deadline, f"no {what} within {_PATIENCE:g} s"
        time.sleep(0.1)


def _search(seed: int, generations: int) -> tuple[str, ...]:
    return (
        *LAUNCHER, "--data", f"synthetic:regimes:seed={seed},candles=30000", "--preset", "all", "--json",
        "--generations", str(generations), "--population-size", "100", "--no-report",
    )  # fmt: skip


def _digest_of_one_process(fleet: Fleet, search: tuple[str, ...], name: str) -> str:
    nowhere = {"GENEPOOL_DATABASE_URL": "", "GENEPOOL_REDIS_URL": "", "GENEPOOL_HOME": f"/tmp/{name}"}  # noqa: S108
    return str(json.loads(fleet.one.inside(*search, "--mode", "local", environment=nowhere))["digest"])


def test_a_second_machine_joins_and_gets_its_share(joined: Fleet) -> None:
    search = _search(seed=77, generations=3)
    document: dict[str, Any] = json.loads(
        joined.one.inside(*search, "--mode", "distributed", "--name", "joined")
    )
    rows = joined.evaluations("joined")
    assert {node for _, node, _ in rows} > {"machine-two"}
    assert document["digest"] == _digest_of_one_process(joined, search, "joined")


def test_the_doctor_finds_the_first_machine_of_a_fleet_well(fleet: Fleet) -> None:
    told = _documented(fleet, "make", "doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "FAIL" not in told.stdout


def test_the_summary_shows_where_a_fleet_shows_its_pages(fleet: Fleet) -> None:
    told = _documented(fleet, "env", "PYTHONPATH=src", sys.executable, "-m", "scripts.stack.summary")
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"http://{fleet.head}:8000/progress" in told.stdout
    assert f"http://{fleet.head}:8265" in told.stdout


def test_the_cluster_manager_finds_coordinator_and_head_of_a_fleet(fleet: Fleet) -> None:
    assert _managed(fleet, "status")["coordinator"] == "answers"
    findings = {one["part"]: one for one in _managed(fleet, "health")["findings"]}
    assert findings["coordinator"]["well"], findings["coordinator"]
    assert findings["ray GCS"]["well"], findings["ray GCS"]
    assert set(_managed(fleet, "cost")["per_hour"]) == {"cpu", "memory"}


def test_the_checklist_goes_through_a_fleet(fleet: Fleet, tmp_path: Path) -> None:
    program = "scripts/validation/comprehensive_system_validation.py"
    only = ("--only", "cache", "--only", "repetition", "--output", str(tmp_path))
    told = _documented(fleet, sys.executable, program, *only)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "2 of 2 passed" in told.stdout


def test_a_machine_with_a_wrong_token_is_refused(fleet: Fleet) -> None:
    with pytest.raises(StackError) as refused:
        fleet.stranger.compose("run", "--rm", "-T", "ray-worker")
    assert "InvalidAuthToken" in refused.value.said


def test_a_machine_that_leaves_in_mid_run_costs_nothing(joined: Fleet) -> None:
    search, before, retried = _search(seed=78, generations=15), joined.done_by_machine_two(), joined.retries()
    joined.one.compose("exec", "-d", POOL, *search, "--mode", "distributed", "--name", "left")
    _until("work for machine two", lambda: joined.done_by_machine_two() > before)
    joined.two.compose("stop")
    finished = "SELECT digest FROM runs WHERE name = 'left' AND state = 'finished'"
    _until("end of the run", lambda: bool(joined.one.query(finished)))
    rows = joined.evaluations("left")
    assert sum(count for _, node, count in rows if node == "machine-two") > 0
    assert "machine-two" not in {node for generation, node, _ in rows if generation == 14}, "it left in time"
    assert joined.retries() == retried
    assert joined.one.query(finished) == [[_digest_of_one_process(joined, search, "left")]]
