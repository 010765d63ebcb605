"""What docker-compose.fleet.yml changes on the first machine, and how a second one finds it."""

import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from infrastructure.core.compose.addresses import PAGES, address
from scripts.stack.network import sockets
from tests.fakes.postgres import docker_answers
from tests.integration import test_compose_file as one_machine

ROOT = one_machine.ROOT
MAIN, FLEET, WORKER = "docker-compose.yml", "docker-compose.fleet.yml", "docker-compose.worker.yml"
HEAD = "192.0.2.10"
RAY = one_machine.RAY
# What the override is about; all else must stay as it is on one machine.
CHANGED = {"environment", "extra_hosts", "healthcheck", "network_mode", "networks", "ports"}

pytestmark = one_machine.pytestmark


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    services: dict[str, Any] = one_machine.rendered(MAIN)["services"]
    return services


@pytest.fixture(scope="module")
def fleet() -> dict[str, Any]:
    services: dict[str, Any] = one_machine.rendered(MAIN, FLEET, GENEPOOL_HEAD_ADDRESS=HEAD)["services"]
    return services


@pytest.fixture(scope="module")
def worker() -> dict[str, Any]:
    service: dict[str, Any] = one_machine.rendered(WORKER, GENEPOOL_HEAD_ADDRESS=HEAD)["services"][
        "ray-worker"
    ]
    return service


def hosts(service: dict[str, Any]) -> set[str]:
    """Return the names that a service is told, ``name=address`` in every version of Compose."""
    return {entry.replace(":", "=", 1) for entry in service.get("extra_hosts", [])}


def told(service: dict[str, Any], flag: str) -> str:
    """Return what a Ray node is given for a flag: the entrypoint appends its own, and the last one counts."""
    words = [*(service.get("command") or []), *service["environment"].get("GENEPOOL_RAY_FLAGS", "").split()]
    given: list[str] = [word.partition("=")[2] for word in words if word.partition("=")[0] == flag]
    return given[-1]


def test_ray_alone_uses_the_machines_own_network(fleet: dict[str, Any]) -> None:
    assert {name for name, service in fleet.items() if service.get("network_mode") == "host"} == set(RAY)
    for name, service in fleet.items():
        networks = set() if name in RAY else one_machine.networks_of(name)
        assert set(service.get("networks") or []) == networks, name


def test_nothing_but_network_and_addresses_differs_from_one_machine(
    alone: dict[str, Any], fleet: dict[str, Any]
) -> None:
    assert set(fleet) == set(alone)
    for name, service in fleet.items():
        for key in (set(service) | set(alone[name])) - CHANGED:
            assert service[key] == alone[name][key], (name, key)


def test_every_ray_node_announces_the_address_that_others_reach(fleet: dict[str, Any]) -> None:
    for name in RAY:
        assert told(fleet[name], "--node-ip-address") == HEAD
        assert fleet[name]["environment"]["GENEPOOL_NODE_ADDRESS"] == HEAD, (
            "or its probe would look elsewhere"
        )
        if name != "ray-head":
            assert hosts(fleet[name]) == {f"ray-head={HEAD}"}


def test_ray_nodes_that_share_a_machine_do_not_ask_for_the_same_ports(fleet: dict[str, Any]) -> None:
    free = (
        "--dashboard-agent-listen-port",
        "--metrics-export-port",
        "--min-worker-port",
        "--max-worker-port",
    )
    for name in RAY:
        assert [told(fleet[name], flag) for flag in free] == ["0"] * len(free), name


def test_nodes_without_a_network_of_their_own_have_names_nevertheless(fleet: dict[str, Any]) -> None:
    names = {name: fleet[name]["environment"].get("GENEPOOL_NODE_NAME") for name in RAY}
    assert names == {
        "genetic-pool": "genetic-pool-1",
        "ray-head": "ray-head-1",
        "ray-worker-1": None,
        "ray-worker-2": None,
    }
    # Workers can be scaled, so their names come from their containers.
    for name in ("ray-worker-1", "ray-worker-2"):
        assert fleet[name]["environment"]["GENEPOOL_NAMED_BY"] == "container"


def test_pages_are_shown_on_that_address_and_on_no_other(fleet: dict[str, Any]) -> None:
    assert told(fleet["ray-head"], "--dashboard-host") == HEAD
    environment = fleet["genetic-pool"]["environment"]
    assert environment["GENEPOOL_SERVICE_HOST"] == HEAD
    assert environment["GENEPOOL_SERVICE_URL"] == f"http://{HEAD}:8000"


def test_the_stores_are_published_on_loopback_where_the_coordinator_looks(fleet: dict[str, Any]) -> None:
    ports = one_machine.published({"services": {name: fleet[name] for name in ("postgres", "redis")}})
    assert ports == {"postgres": [("127.0.0.1", "15432", 5432)], "redis": [("127.0.0.1", "16379", 6379)]}
    environment = fleet["genetic-pool"]["environment"]
    assert environment["GENEPOOL_DATABASE_URL"] == "postgresql+psycopg://genepool@127.0.0.1:15432/genepool"
    assert environment["GENEPOOL_REDIS_URL"] == "redis://127.0.0.1:16379/0"
    assert environment["GENEPOOL_GRAFANA_URL"] == "http://127.0.0.1:3000"


def test_prometheus_finds_head_and_coordinator_by_the_names_it_knows(fleet: dict[str, Any]) -> None:
    assert hosts(fleet["prometheus"]) == {f"genetic-pool={HEAD}", f"ray-head={HEAD}"}
    scraped = (ROOT / "monitoring" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    assert {"genetic-pool:8000", "ray-head:8265"} <= set(re.findall(r"[a-z-]+:\d+", scraped))


def test_every_page_is_found_on_one_machine_and_in_a_fleet() -> None:
    def found(*files: str, **variables: str) -> dict[str, str | None]:
        services = one_machine.rendered(*files, **variables)["services"]
        return {name: address(services[name], port) for name, port in PAGES.items()}

    where = {name: f"127.0.0.2:{port}" for name, port in PAGES.items()}
    assert found(MAIN, GENEPOOL_BIND="127.0.0.2") == where
    moved = {name: f"{HEAD}:{PAGES[name]}" for name in ("ray-head", "genetic-pool")}
    assert found(MAIN, FLEET, GENEPOOL_BIND="127.0.0.2", GENEPOOL_HEAD_ADDRESS=HEAD) == where | moved


def test_the_doctor_asks_for_the_ports_that_the_documentation_names() -> None:
    named = {6379, 8000, 8265, 10001, 15432, 16379, 44217, 44227}
    services = one_machine.rendered(MAIN, FLEET, GENEPOOL_HEAD_ADDRESS=HEAD)["services"]
    assert {one.port for one in sockets(services)} == named | {3000, 9090}
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert "Ports 6379, 8000, 8265, 10001, 15432, 16379, 44217 and 44227 of the first machine" in page


@pytest.mark.parametrize("files", [(MAIN, FLEET), (WORKER,)], ids=["first machine", "second machine"])
def test_without_the_heads_address_nothing_starts(files: tuple[str, ...]) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        one_machine.rendered(*files)
    assert "GENEPOOL_HEAD_ADDRESS" in refused.value.stderr


def test_the_second_machine_asks_the_head_where_it_listens(
    fleet: dict[str, Any], worker: dict[str, Any]
) -> None:
    assert told(worker, "--address") == f"{HEAD}:{told(fleet['ray-head'], '--port')}"
    assert worker["network_mode"] == "host"
    assert [secret["source"] for secret in worker["secrets"]] == ["ray_auth_token"]


def test_the_second_machine_names_its_kind_and_size() -> None:
    variables = {"GENEPOOL_WORKER_KIND": "memory", "GENEPOOL_CPU_WORKER_CPUS": "6"}
    file = one_machine.rendered(WORKER, GENEPOOL_HEAD_ADDRESS=HEAD, **variables)
    service = file["services"]["ray-worker"]
    assert told(service, "--num-cpus") == "6"
    assert told(service, "--labels") == "genepool.io/kind=memory"
    assert told(service, "--resources") == '{"memory_optimized":6}'
    assert service["cpus"] == 6


def test_the_page_on_deployment_shows_these_commands() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert f"COMPOSE_FILE={MAIN}:{FLEET}" in page
    assert f"GENEPOOL_HEAD_ADDRESS={HEAD} docker compose -f {WORKER} up -d --build" in page
    assert "secrets/ray_auth_token" in page


def test_the_file_keeps_to_the_specification(tmp_path: Path) -> None:
    # The checker does not know the tag that removes what another file said.
    plain = tmp_path / FLEET
    plain.write_text((ROOT / FLEET).read_text(encoding="utf-8").replace("!reset ", ""), encoding="utf-8")
    checker = (
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(plain),
    )
    assert subprocess.run(checker, capture_output=True, check=False).returncode == 0


class _Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer 200 at one path."""
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("environment", "path", "healthy"),
    [
        ({"GENEPOOL_NODE_ADDRESS": "127.0.0.3"}, "/healthz", True),
        ({"GENEPOOL_NODE_ADDRESS": "127.0.0.3"}, "/elsewhere", False),
        ({}, "/healthz", False),
    ],
    ids=["at its address", "unhealthy", "at another address"],
)
def test_a_probe_asks_at_the_address_of_its_node(
    environment: dict[str, str], path: str, *, healthy: bool
) -> None:
    with HTTPServer(("127.0.0.3", 0), _Healthy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            probe = ["bash", str(ROOT / "docker" / "probe.sh"), str(server.server_port), path]
            done = subprocess.run(probe, env=environment, capture_output=True, check=False, timeout=30)
        finally:
            server.shutdown()
            thread.join()
    assert (done.returncode == 0) == healthy


@pytest.mark.skipif(not docker_answers(), reason="the Docker engine does not answer")
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "this machine has 127.0.0.1"),
        (
            {"COMPOSE_FILE": f"{MAIN}:{FLEET}", "GENEPOOL_HEAD_ADDRESS": "127.0.0.9"},
            "this machine has 127.0.0.1, 127.0.0.9",
        ),
        ({"COMPOSE_FILE": f"{MAIN}:{FLEET}"}, "GENEPOOL_HEAD_ADDRESS"),
        ({"GENEPOOL_OBJECT_STORE_BYTES": "1000"}, "GENEPOOL_OBJECT_STORE_BYTES=1000 is below 78643200"),
        ({"GENEPOOL_CPU_WORKER_CPUS": "'1.5'"}, "GENEPOOL_CPU_WORKER_CPUS='1.5' is not a whole number"),
    ],
    ids=["one machine", "fleet", "fleet without its address", "object store", "half a CPU"],
)
def test_the_doctor_looks_at_the_files_that_the_settings_name(settings: dict[str, str], named: str) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE")}
    places = {"PYTHONPATH": "src", "COMPOSE_PROJECT_NAME": "genepool-doctor", **settings}
    program = [sys.executable, "-m", "scripts.stack.doctor"]
    done = subprocess.run(program, cwd=ROOT, env=known | places, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in {0, 2}
    assert named in done.stdout
