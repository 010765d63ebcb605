"""The cluster manager and Ray's own autoscaler, whose machines are processes of one container here."""

import json
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.postgres import docker_answers

pytestmark = [pytest.mark.stack, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "genepool-pool:0.1.0"
PATIENCE_SECONDS = 180
WORKER = {"node_config": {}, "min_workers": 0, "max_workers": 3}
# What `ray up` would have filled in; Ray's provider of pretended machines lacks a file of its own.
LAUNCHER: dict[str, Any] = {
    "cluster_name": "pretended",
    "max_workers": 4,
    "upscaling_speed": 100.0,
    "idle_timeout_minutes": 0.2,
    "provider": {
        "type": "fake_multinode",
        "use_node_id_as_ip": True,
        "disable_node_updaters": True,
        "disable_launch_config_check": True,
    },
    "docker": {},
    "auth": {},
    "head_node_type": "ray.head.default",
    "available_node_types": {
        "ray.head.default": {"resources": {"CPU": 0}, "node_config": {}, "max_workers": 0},
        "cpu": {**WORKER, "resources": {"CPU": 1, "cpu_optimized": 1, "object_store_memory": 80_000_000}},
        "memory": {
            **WORKER,
            "resources": {"CPU": 1, "memory_optimized": 1, "object_store_memory": 80_000_000},
        },
    },
    "file_mounts": {},
    "file_mounts_sync_continuously": False,
    "cluster_synced_files": [],
    "rsync_exclude": [],
    "rsync_filter": [],
    "initialization_commands": [],
    "setup_commands": [],
    "head_setup_commands": [],
    "worker_setup_commands": [],
    "head_start_ray_commands": [],
    "worker_start_ray_commands": [],
}
HEAD = (
    "ray start --head --num-cpus=0 --object-store-memory=80000000 --include-dashboard=false "
    "--autoscaling-config=/launcher.yaml --disable-usage-stats --block"
)


@pytest.fixture
def head(tmp_path: Path) -> Iterator[str]:
    if not docker_answers():
        pytest.skip("the Docker engine does not answer")
    if subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        pytest.skip(f"needs the image {IMAGE}: `make build`")
    launcher = tmp_path / "launcher.yaml"
    launcher.write_text(yaml.safe_dump(LAUNCHER))
    name = f"g-ray-{uuid.uuid4().hex[:8]}"
    variables = {
        "PYTHONPATH": "/checkout/src",
        "RAY_AUTH_MODE": "disabled",
        "RAY_FAKE_CLUSTER": "1",
        "AUTOSCALER_UPDATE_INTERVAL_S": "1",
        "RAY_enable_autoscaler_v2": "0",
    }
    mounts = {launcher: "/launcher.yaml", ROOT / "src": "/checkout/src"}
    mounts[ROOT / "infrastructure"] = "/checkout/infrastructure"
    flags = ["--detach", "--rm", "--init", "--shm-size=500m", f"--name={name}"]
    flags += [f"--env={key}={value}" for key, value in variables.items()]
    flags += [f"--volume={source}:{target}:ro" for source, target in mounts.items()]
    subprocess.run(
        ["docker", "run", *flags, "--entrypoint=/bin/bash", IMAGE, "-c", HEAD],
        check=True,
        capture_output=True,
    )
    yield name
    subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)


def manage(head: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = ["python", "/checkout/infrastructure/core/cluster_manager.py"]
    return subprocess.run(
        ["docker", "exec", head, *program, *arguments, "--platform", "ray", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )


def kinds(head: str) -> Counter[str] | None:
    """Return the living workers by kind; None while the head does not answer."""
    done = manage(head, "status")
    return Counter(row["kind"] for row in json.loads(done.stdout)["nodes"]) if not done.returncode else None


def until(condition: Callable[[], bool]) -> None:
    """Ask again and again; every answer takes a second of its own."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "Ray's autoscaler did not follow"


def test_rays_autoscaler_starts_what_is_asked_for_and_gives_it_up_when_it_is_not(head: str) -> None:
    until(lambda: kinds(head) == Counter())
    done = manage(head, "scale", "--cpu", "2", "--memory", "1")
    assert done.returncode == 0, done.stderr
    until(lambda: kinds(head) == Counter(cpu=2, memory=1))
    manage(head, "scale", "--cpu", "0", "--memory", "0")
    until(lambda: kinds(head) == Counter())
