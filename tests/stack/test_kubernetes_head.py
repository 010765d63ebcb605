"""What the pods of infrastructure/kubernetes run, as containers: coordinator, autoscaler and an evolution."""

import json
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.postgres import docker_answers

pytestmark = [pytest.mark.stack, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
SPEC = yaml.safe_load((ROOT / "infrastructure/kubernetes/raycluster.yaml").read_text())["spec"]
PATIENCE_SECONDS = 180
HARDENED = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--tmpfs=/tmp:mode=1777"]
# What the operator adds to a container, beside the command that it generates.
OPERATOR = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": uuid.uuid4().hex * 2}
# The image holds no pkill.
KILL_COORDINATOR = """
import os, pathlib
for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    if path.read_bytes().endswith(b"genepool\\0serve\\0"):
        os.kill(int(path.parent.name), 9)
"""
KILLED = "137"
MANAGER = ["python", "infrastructure/core/cluster_manager.py"]


def docker(*words: str) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def start_command(group: dict[str, Any], *flags: str) -> str:
    """Return the start command that KubeRay generates for a group."""
    asked = [f"--{name}={value}" for name, value in group["rayStartParams"].items() if value != "true"]
    return " ".join(["ulimit -n 65536;", "ray start", *flags, *asked, "--disable-usage-stats", "--block"])


def run_pod(name: str, group: dict[str, Any], *flags: str) -> None:
    """Start the one container of a group's pod as its file says."""
    (container,) = group["template"]["spec"]["containers"]
    variables = {each["name"]: each.get("value", name) for each in container["env"]} | OPERATOR
    variables["KUBERAY_GEN_RAY_START_CMD"] = start_command(group, *flags)
    told = [f"--env={key}={value}" for key, value in variables.items()]
    ours = f"--volume={ROOT / 'infrastructure/core'}:/app/infrastructure/core:ro"
    program, *rest = container["command"]
    docker(
        "run", "--detach", f"--name={name}", "--shm-size=256m", *HARDENED, *told, ours,
        f"--entrypoint={program}", container["image"], *rest, *container["args"],
    )  # fmt: skip


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(1)


@pytest.fixture(scope="module")
def head() -> Iterator[str]:
    """Start a head and one CPU worker."""
    if not docker_answers():
        pytest.skip("the Docker engine does not answer")
    image = ["docker", "image", "inspect", "genepool-pool:0.1.0"]
    if subprocess.run(image, capture_output=True, check=False).returncode:
        pytest.skip("needs the images: `make build`")
    name = f"g-kube-{uuid.uuid4().hex[:8]}"
    try:
        run_pod(name, SPEC["headGroupSpec"], "--head")
        address = docker("inspect", "--format={{.NetworkSettings.IPAddress}}", name)
        (group,) = (each for each in SPEC["workerGroupSpecs"] if each["groupName"] == "cpu")
        flags = ["--num-cpus=1", "--resources='{\"cpu_optimized\":1}'", "--labels=genepool.io/kind=cpu"]
        run_pod(f"{name}-cpu", group, f"--address={address}:6379", *flags)
        yield name
    finally:
        subprocess.run(["docker", "rm", "--force", name, f"{name}-cpu"], check=False, capture_output=True)


def inside(head: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", "exec", head, *words], capture_output=True, text=True, check=False)


def said(head: str) -> str:
    """Return what the head's container has printed, as `kubectl logs` shows it."""
    done = subprocess.run(["docker", "logs", head], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_the_head_starts_a_coordinator_that_answers(head: str) -> None:
    until(lambda: "coordinator_ready" in said(head), "the coordinator did not come")


def test_the_documented_command_evolves_on_the_worker(head: str) -> None:
    flags = ["--mode", "distributed", "--population-size", "60", "--generations", "2", "--json"]
    until(lambda: inside(head, *MANAGER, "health", "--platform", "ray").returncode == 0, said(head)[-3000:])
    done = inside(head, "genepool", "evolve", *flags)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["generations"] == 2


def test_the_autoscaler_states_the_demand_for_as_many_nodes_as_the_file_says(head: str) -> None:
    until(lambda: "asked Ray's autoscaler for" in said(head), said(head)[-3000:])
    shown = json.loads(inside(head, *MANAGER, "status", "--platform", "ray", "--json").stdout)
    assert [(row["kind"], row["share"]) for row in shown["nodes"]] == [("cpu", 1.0)]
    assert shown["coordinator"] == "answers"


def test_a_coordinator_that_dies_is_started_again(head: str) -> None:
    before = said(head).count("coordinator_ready")
    inside(head, "python", "-c", KILL_COORDINATOR)
    until(lambda: said(head).count("coordinator_ready") > before, "the coordinator did not come back")


@pytest.mark.parametrize("suffix", ["-cpu", ""], ids=["worker", "head"])
def test_a_pod_that_is_told_to_end_ends_within_its_grace(head: str, suffix: str) -> None:
    docker("stop", "--time", "45", f"{head}{suffix}")
    assert docker("inspect", "--format={{.State.ExitCode}}", f"{head}{suffix}") != KILLED
