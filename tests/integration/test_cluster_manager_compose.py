"""The cluster manager on a real Compose project whose workers only wait to be stopped."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genepool.errors import ServiceUnavailable
from infrastructure.core import commands
from infrastructure.core.compose.stack import ComposeStack
from infrastructure.core.compose_cluster import ComposeCluster
from tests.fakes.postgres import docker_answers
from tests.fakes.programs import Said, called

ROOT = Path(__file__).resolve().parents[2]
MANAGER = ROOT / "infrastructure/core/cluster_manager.py"
FILE = """
name: {project}
x-worker: &worker
  image: python:3.13-slim-trixie
  init: true
  command: [python, -c, "import signal; signal.signal(15, lambda *_: exit(0)); signal.pause()"]
  restart: unless-stopped
services:
  ray-worker-1: *worker
  ray-worker-2: *worker
  genetic-pool:
    image: python:3.13-slim-trixie
    init: true
    command: [python, -m, http.server, --directory, /srv, "8000"]
    ports: ["127.0.0.1::8000"]
    volumes: ["./srv:/srv:ro"]
"""
QUIET = """
genepool_cpu_budget{node="ray-worker-1-1",worker_kind="cpu"} 1
genepool_cpu_budget{node="ray-worker-2-1",worker_kind="memory"} 1
genepool_evaluations_total{strategy="rsi",node="ray-worker-1-1",worker_kind="cpu",result="ok"} 100
genepool_work_seconds_total{node="ray-worker-1-1",worker_kind="cpu"} 100
"""
COORDINATOR = "genetic-pool-1"
LOADED = QUIET + 'genepool_queue_genomes{state="waiting"} 120\n'

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not docker_answers(), reason="the Docker engine does not answer"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start the containers once, and yield their folder."""
    made = tmp_path_factory.mktemp("project")
    (made / "srv").mkdir()
    made.chmod(0o755)
    report(made, QUIET)
    (made / "docker-compose.yml").write_text(FILE.format(project=f"g-{uuid.uuid4().hex[:8]}"))
    compose(made, "up", "--detach")
    yield made
    compose(made, "down", "--timeout", "1", "--volumes")


@pytest.fixture(scope="module")
def began(project: Path) -> set[tuple[str, str]]:
    return states(project)


@pytest.fixture
def folder(project: Path, began: set[tuple[str, str]]) -> Path:
    """Return the folder of a project that is as it was when it began, whatever tests did to it."""
    report(project, QUIET)
    changed = {name for name, _ in states(project) ^ began}
    if workers := changed - {COORDINATOR}:
        compose(project, "rm", "--stop", "--force", *sorted({name[:-2] for name in workers}))
    if changed:
        compose(project, "up", "--detach")
    assert states(project) == began
    return project


@pytest.fixture
def silent(project: Path, began: set[tuple[str, str]], request: pytest.FixtureRequest) -> Path:
    """Return the folder of a project whose coordinator was stopped."""
    if states(project) != began - {(COORDINATOR, "running")} | {(COORDINATOR, "exited")}:
        compose(request.getfixturevalue("folder"), "stop", "--timeout", "1", "genetic-pool")
    return project


def states(folder: Path) -> set[tuple[str, str]]:
    """Return the name of every container and what it does."""
    return {(f"{each.service}-{each.number}", each.state) for each in ComposeStack(folder).containers()}


def report(folder: Path, metrics: str) -> None:
    """Let the coordinator tell this from now on."""
    fresh = folder / "srv/fresh"
    fresh.write_text(metrics)
    fresh.rename(folder / "srv/metrics")


def compose(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["docker", "compose", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def manage(folder: Path, *arguments: str) -> Said:
    return called(commands.run, folder, "cluster_manager.py", *arguments, "--folder", str(folder))


def running(folder: Path) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"ray-worker-1": [], "ray-worker-2": []}
    for container in ComposeStack(folder).containers():
        if container.state == "running" and container.service in found:
            found[container.service].append(container.number)
    return found


def test_scale_brings_each_kind_to_its_count_and_leaves_the_rest_alone(folder: Path) -> None:
    before = {each.name: each.identity for each in ComposeStack(folder).containers()}
    assert manage(folder, "scale", "--cpu", "3").code == 0
    assert running(folder) == {"ray-worker-1": [1, 2, 3], "ray-worker-2": [1]}
    assert manage(folder, "scale", "--cpu", "1", "--memory", "2").code == 0
    assert running(folder) == {"ray-worker-1": [1], "ray-worker-2": [1, 2]}
    after = {each.name: each.identity for each in ComposeStack(folder).containers()}
    assert before.items() <= after.items()


def test_what_is_busy_stays_though_its_number_is_the_highest(folder: Path) -> None:
    cluster = ComposeCluster(folder)
    cluster.resize({"cpu": 3}, busy=())
    said = cluster.resize({"cpu": 1}, busy={"ray-worker-1-3"})
    assert running(folder)["ray-worker-1"] == [3]
    assert len(said) == 3


def test_a_drained_node_left_by_itself_and_scale_starts_it_again(folder: Path) -> None:
    done = manage(folder, "drain", "ray-worker-1-1", "--json")
    assert "starts it again" in json.loads(done.out)["done"][0]
    (worker,) = (each for each in ComposeStack(folder).containers() if each.service == "ray-worker-1")
    assert (worker.state, worker.exit_code) == ("exited", 0)
    assert manage(folder, "scale", "--cpu", "1").code == 0
    assert running(folder)["ray-worker-1"] == [1]


def test_an_unknown_node_is_refused_with_the_names_of_those_there_are(folder: Path) -> None:
    done = manage(folder, "drain", "ray-worker-9")
    assert done.code == 2
    assert "ray-worker-1-1" in done.err
    assert "ray-worker-2-1" in done.err


def test_status_shows_the_nodes_with_what_the_coordinator_tells_of_them(folder: Path) -> None:
    shown = json.loads(manage(folder, "status", "--json").out)
    assert [(row["node"], row["kind"]) for row in shown["nodes"]] == [
        ("ray-worker-1-1", "cpu"),
        ("ray-worker-2-1", "memory"),
    ]
    assert [row["share"] for row in shown["nodes"]] == [1.0, 0.0]
    assert shown["coordinator"] == "answers"


def test_cost_is_told_by_the_hour_of_each_kind(folder: Path) -> None:
    prices = json.loads(manage(folder, "cost", "--json").out)
    assert prices["per_hour"] == pytest.approx({"cpu": 0.04, "memory": 0.05})


def test_status_shows_the_nodes_of_a_silent_coordinator_too(silent: Path) -> None:
    done = manage(silent, "status", "--json")
    assert done.code == 0
    assert len(json.loads(done.out)["nodes"]) == 2
    assert "docker compose up -d genetic-pool" in json.loads(done.out)["coordinator"]


def test_cost_needs_the_coordinator(silent: Path) -> None:
    assert manage(silent, "cost").code == 4


def test_a_silent_coordinator_changes_nothing_and_one_look_leaves_with_4(silent: Path) -> None:
    assert manage(silent, "autoscale", "--min", "3", "--max", "4", "--once").code == 4
    assert running(silent) == {"ray-worker-1": [1], "ray-worker-2": [1]}


def test_health_names_what_is_away_and_leaves_with_4(folder: Path) -> None:
    compose(folder, "stop", "--timeout", "1", "ray-worker-2")
    done = manage(folder, "health", "--json")
    found = {each["part"]: each["well"] for each in json.loads(done.out)["findings"]}
    # The stand-in of the coordinator has no page of readiness, and answers 404.
    assert found == {"genetic-pool": True, "ray-worker-1": True, "ray-worker-2": False, "coordinator": False}
    assert done.code == 4


def test_under_load_nodes_are_added_and_when_it_is_quiet_they_are_given_up(folder: Path) -> None:
    report(folder, LOADED)
    flags = ["--min", "2", "--max", "4", "--interval", "0.2", "--idle", "1", "--step", "0.5", "--json"]
    manager = subprocess.Popen(
        [sys.executable, str(MANAGER), "autoscale", *flags, "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert manager.stdout is not None
    try:
        steps = (json.loads(line) for line in manager.stdout)
        assert size(next(step for step in steps if step["done"])["wanted"]) == 4
        assert sum(len(numbers) for numbers in running(folder).values()) == 4
        report(folder, QUIET)
        sizes = [size(next(step for step in steps if step["done"])["wanted"]) for _ in range(2)]
        assert sizes == [3, 2]
        assert size(next(step for step in steps)["wanted"]) == 2
    finally:
        manager.terminate()
        assert manager.wait(30) == 130
        manager.stdout.close()
    assert sum(len(numbers) for numbers in running(folder).values()) == 2


def size(nodes: dict[str, Any]) -> int:
    return sum(nodes.values())


def test_a_folder_without_a_compose_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailable, match=str(tmp_path)):
        ComposeStack(tmp_path).containers()


def test_a_machine_without_docker_is_told_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(ServiceUnavailable, match="install Docker"):
        ComposeStack(tmp_path).containers()
