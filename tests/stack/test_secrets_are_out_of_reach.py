"""What a holder of the cluster's token can read: on every node the token, and nothing else."""

import base64
import json
from typing import Any

import pytest

from scripts.validation.stack import POOL, Stack

pytestmark = pytest.mark.stack
RAYLET, COORDINATOR = 10002, 10001

# What a program on a node can read of the secrets, and of whatever else is the coordinator's.
LOOK = """
import glob, json, os, socket
def look():
    found = {"host": socket.gethostname(), "user": os.getuid(), "read": [], "entered": []}
    for folder in ("/run/secrets", "/run/genepool/secrets"):
        for name in ("postgres_password", "redis_password", "grafana_admin_password", "ray_auth_token"):
            try:
                open(f"{folder}/{name}").read()
            except OSError:
                continue
            found["read"].append(name)
    for place in ("/run/genepool", "/app/data", "/app/results", "/var/log/genepool", "/var/lib/genepool"):
        try:
            os.listdir(place)
        except OSError:
            continue
        found["entered"].append(place)
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            command = open(path.replace("environ", "cmdline"), "rb").read()
            if b"genepool\\0serve" in command and open(path).read():
                found["entered"].append(path)
        except OSError:
            continue
    return found
"""
EVERYWHERE = """
import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as Pinned
ray.init(address="auto", logging_level="ERROR", log_to_driver=False)
task = ray.remote(num_cpus=0)(look)
nodes = {node["NodeName"]: node["NodeID"] for node in ray.nodes() if node["Alive"]}
there = {name: task.options(scheduling_strategy=Pinned(one, soft=False)) for name, one in nodes.items()}
print(json.dumps({name: ray.get(one.remote(), timeout=60) for name, one in there.items()}))
"""
# The agent beside the coordinator takes jobs from anyone with the token, for any node that they name.
JOB = """
import json, socket, sys, time, urllib.request
token = open("/run/secrets/ray_auth_token").read().strip()
def asked(url, given=None):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    return json.load(urllib.request.urlopen(urllib.request.Request(url, given, headers), timeout=30))
node = "node:" + socket.gethostbyname("genetic-pool")
job = {"entrypoint": "python -c " + repr(sys.argv[1]), "entrypoint_resources": {node: 0.001}}
name = asked("http://genetic-pool:52365/api/job_agent/jobs/", json.dumps(job).encode())["submission_id"]
state = "PENDING"
while state not in ("SUCCEEDED", "FAILED", "STOPPED"):
    time.sleep(0.2)
    state = asked("http://ray-head:8265/api/jobs/" + name)["status"]
print(asked("http://ray-head:8265/api/jobs/" + name + "/logs")["logs"])
"""
KNOCK = """
import socket, sys
for place in sys.argv[1:]:
    host, port = place.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
        print("open", place)
    except OSError:
        pass
"""


@pytest.fixture(scope="module")
def seen(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return what a task from a worker sees on each node."""
    told = stack.inside("python", "-", service="ray-worker-1", given=LOOK + EVERYWHERE, seconds=120)
    found: dict[str, dict[str, Any]] = json.loads(told.splitlines()[-1])
    return found


def test_a_task_from_a_worker_reads_the_token_and_no_other_secret_on_any_node(
    seen: dict[str, dict[str, Any]],
) -> None:
    assert {"ray-head-1", "ray-worker-1-1", "ray-worker-2-1", "genetic-pool-1"} <= set(seen)
    assert {tuple(node["read"]) for node in seen.values()} == {("ray_auth_token",)}


def test_a_task_beside_the_coordinator_is_another_user_and_enters_nothing_of_the_coordinators(
    seen: dict[str, dict[str, Any]],
) -> None:
    assert seen["genetic-pool-1"]["user"] == RAYLET
    assert seen["genetic-pool-1"]["entered"] == []


def test_the_coordinator_itself_reads_its_secrets(stack: Stack) -> None:
    found = json.loads(stack.inside("python", "-c", LOOK + "print(json.dumps(look()))"))
    assert found["user"] == COORDINATOR
    assert len(found["read"]) == 4


def test_a_job_for_the_agent_beside_the_coordinator_reads_no_more(stack: Stack) -> None:
    coded = base64.b64encode((LOOK + "print(json.dumps(look()))").encode()).decode()
    program = f'import base64; exec(base64.b64decode("{coded}"))'
    told = stack.inside("python", "-c", JOB, program, service="ray-worker-1", seconds=120)
    found = json.loads(told.strip().splitlines()[-1])
    assert found == {**found, "user": RAYLET, "read": ["ray_auth_token"], "entered": []}


@pytest.mark.parametrize("service", ["ray-worker-1", "ray-worker-2", "ray-head"])
def test_no_node_of_the_cluster_reaches_the_stores(stack: Stack, service: str) -> None:
    places = [f"{name}:{port}" for name, port in (("postgres", 5432), ("redis", 6379))]
    addresses = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    for name, port in (("postgres", 5432), ("redis", 6379)):
        told = stack.docker("inspect", "--format", addresses, stack.containers(name)[0].identity)
        places += [f"{address}:{port}" for address in told.split()]
    assert len(places) == 4
    assert stack.inside("python", "-c", KNOCK, *places, service=service) == ""
    assert "open" in stack.inside("python", "-c", KNOCK, *places, service=POOL), "they do run"


@pytest.mark.parametrize("command", [("sh",), ("bash",), ("python", "-c")], ids=lambda words: words[0])
def test_what_is_executed_in_the_coordinators_container_is_done_as_the_coordinator(
    stack: Stack, command: tuple[str, ...]
) -> None:
    script = "import os; print(os.getuid())" if command[0] == "python" else "id -u"
    words = command if command[0] == "python" else (*command, "-c")
    assert stack.inside(*words, script).strip() == str(COORDINATOR)
