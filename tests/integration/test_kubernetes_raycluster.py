"""The files for Kubernetes against a narrow schema of our own: every object closed, nothing fetched."""

import copy
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "infrastructure/kubernetes"
SCHEMA = HERE / "schema/raycluster.json"


@pytest.fixture
def cluster() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / "raycluster.yaml").read_text())
    return loaded


@pytest.fixture
def monitor() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / "podmonitor.yaml").read_text())
    return loaded


def validate(document: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)


def place(document: Any, path: str) -> tuple[Any, Any]:  # noqa: ANN401 - any part of a document
    *parts, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    for part in parts:
        document = document[part]
    return document, last


def containers(cluster: dict[str, Any]) -> list[dict[str, Any]]:
    spec = cluster["spec"]
    groups = [spec["headGroupSpec"], *spec["workerGroupSpecs"]]
    return [container for group in groups for container in group["template"]["spec"]["containers"]]


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text()))


def test_check_jsonschema_accepts_the_files() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, *sorted(HERE.glob("*.yaml"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "path",
    [
        "spec.enableInTreeAutoscaling",
        "spec.authOptions.mode",
        "spec.autoscalerOptions.idleTimeoutSeconds",
        "spec.headGroupSpec.rayStartParams.num-cpus",
        "spec.headGroupSpec.template.spec.containers.0.resources.limits.memory",
        "spec.workerGroupSpecs.0.minReplicas",
        "spec.workerGroupSpecs.1.template.spec.containers.0.livenessProbe.periodSeconds",
        "spec.workerGroupSpecs.1.template.spec.securityContext.runAsNonRoot",
    ],
)
def test_a_mistyped_field_is_rejected_wherever_it_is(cluster: dict[str, Any], path: str) -> None:
    validate(cluster)
    parent, name = place(cluster, path)
    parent[f"{name}s"] = parent.pop(name)
    with pytest.raises(jsonschema.ValidationError):
        validate(cluster)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.authOptions.mode", "disabled"),
        ("spec.autoscalerOptions.version", "v1"),
        ("spec.headGroupSpec.rayStartParams.num-cpus", "4"),
        ("spec.headGroupSpec.rayStartParams.num-cpus", 0),
        ("spec.headGroupSpec.template.spec.containers.0.image", "genepool-pool:latest"),
        ("spec.workerGroupSpecs.0.template.spec.terminationGracePeriodSeconds", 30),
        ("spec.workerGroupSpecs.0.rayStartParams.labels", "genepool.io/kind=cpu"),
    ],
)
def test_a_value_that_would_weaken_the_cluster_is_rejected(
    cluster: dict[str, Any], path: str, value: object
) -> None:
    weak = copy.deepcopy(cluster)
    parent, name = place(weak, path)
    parent[name] = value
    with pytest.raises(jsonschema.ValidationError):
        validate(weak)


def test_requests_are_limits_for_every_container(cluster: dict[str, Any]) -> None:
    for container in containers(cluster):
        assert container["resources"]["requests"] == container["resources"]["limits"]


def test_there_are_two_kinds_of_workers_between_2_and_8(cluster: dict[str, Any]) -> None:
    groups = cluster["spec"]["workerGroupSpecs"]
    assert sum(group["minReplicas"] for group in groups) == 2
    assert sum(group["maxReplicas"] for group in groups) == 8
    for group in groups:
        kind = group["groupName"]
        assert group["labels"] == {"genepool.io/kind": kind}
        (worker,) = group["template"]["spec"]["containers"]
        cpus = worker["resources"]["limits"]["cpu"]
        assert group["resources"] == {"CPU": cpus, f"{kind}_optimized": cpus}


def test_the_object_store_fits_into_the_shared_memory(cluster: dict[str, Any]) -> None:
    spec = cluster["spec"]
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        shm = next(each for each in group["template"]["spec"]["volumes"] if each["name"] == "shm")
        assert shm["emptyDir"] == {"medium": "Memory", "sizeLimit": "256Mi"}
        assert int(group["rayStartParams"]["object-store-memory"]) < 256 * 2**20


def test_the_ray_version_is_the_one_that_is_tested(cluster: dict[str, Any]) -> None:
    assert cluster["spec"]["rayVersion"] == version("ray")


def test_every_ray_setting_is_that_of_the_compose_file(cluster: dict[str, Any]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["x-ray-environment"]
    for container in containers(cluster):
        here = {each["name"]: each["value"] for each in container["env"] if each["name"].startswith("RAY_")}
        assert here
        assert here == {name: compose[name] for name in here}


def test_the_pod_monitor_finds_the_metrics_port_of_every_pod(
    cluster: dict[str, Any], monitor: dict[str, Any]
) -> None:
    validate(monitor)
    wanted = monitor["spec"]["selector"]["matchLabels"]
    spec = cluster["spec"]
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        assert wanted.items() <= group["template"]["metadata"]["labels"].items()
        (container,) = group["template"]["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert str(ports["metrics"]) == group["rayStartParams"]["metrics-export-port"]
    assert [each["port"] for each in monitor["spec"]["podMetricsEndpoints"]] == ["metrics", "coordinator"]


def test_the_head_keeps_a_coordinator_and_the_autoscaler_at_work(cluster: dict[str, Any]) -> None:
    spec = cluster["spec"]
    head, *workers = containers(cluster)
    bounds = [sum(group[f"{end}Replicas"] for group in spec["workerGroupSpecs"]) for end in ("min", "max")]
    (command,) = head["args"]
    assert f"/app/infrastructure/core/lead.sh {bounds[0]} {bounds[1]} " in command
    assert not [worker for worker in workers if "lead.sh" in worker["args"][0]]
    told = {each["name"]: each.get("value") for each in head["env"]}
    assert told["GENEPOOL_RAY_ADDRESS"] == "auto"
    ports = {port["name"]: port["containerPort"] for port in head["ports"]}
    assert told["GENEPOOL_SERVICE_URL"] == f"http://127.0.0.1:{ports['coordinator']}"


def test_the_commands_exist_in_the_image(cluster: dict[str, Any]) -> None:
    for container in containers(cluster):
        probe = container["readinessProbe"].get("exec", {}).get("command", [])
        words = [*container["command"], *container["args"][0].split(), *probe]
        for path in (word for word in words if word.startswith("/app/")):
            assert (ROOT / path.removeprefix("/app/")).is_file()
