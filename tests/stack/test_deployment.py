"""The stack as it runs: who answers whom, as whom each process runs, and what the images hold."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ("genepool-node", "genepool-pool")
LIMITS = {"genepool-node": 1.0e9, "genepool-pool": 1.5e9}
VERSION = os.environ.get("GENEPOOL_VERSION", "0.1.0")
PROJECT = os.environ.get("COMPOSE_PROJECT_NAME", "genepool")
RAY = ("ray-head", "ray-worker-1", "ray-worker-2", "genetic-pool")

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("stack")]


def said(*command: str) -> str:
    """Return what a command printed; it must succeed."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout


def inside(service: str, *command: str) -> str:
    """Return what a command in a service's container printed."""
    return said("docker", "compose", "exec", "-T", service, *command)


def answer(url: str) -> tuple[int, bytes]:
    """Return status and body."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - our own loopback
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_no_container_of_the_stack_is_unhealthy() -> None:
    rows = [json.loads(line) for line in said("docker", "compose", "ps", "--format", "json").splitlines()]
    assert {"ray-head", "postgres", "redis", "genetic-pool"} <= {row["Service"] for row in rows}
    assert [row["Name"] for row in rows if row["Health"] not in {"", "healthy"}] == []


def test_the_dashboard_answers_its_probe_and_nothing_else_without_a_token() -> None:
    assert answer("http://127.0.0.1:8265/api/gcs_healthz") == (200, b"success")
    assert answer("http://127.0.0.1:8265/api/jobs/")[0] == 401
    assert answer("http://127.0.0.1:8265/api/v0/nodes")[0] == 401


@pytest.mark.parametrize("token", ["", "wrong-" + "x" * 37], ids=["none", "wrong"])
def test_nobody_joins_the_cluster_without_its_token(token: str) -> None:
    network = f"{PROJECT}_genetic-cluster"
    done = subprocess.run(
        [
            *("docker", "run", "--rm", "--network", network, "--entrypoint", "timeout"),
            *("--env", "RAY_AUTH_MODE=token", "--env", f"RAY_AUTH_TOKEN={token}", "--tmpfs", "/tmp"),  # noqa: S108
            *(f"genepool-node:{VERSION}", "60", "ray", "start", "--address=ray-head:6379", "--num-cpus=1"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode not in {0, 124}
    assert "oken" in done.stdout + done.stderr


def test_nodes_bear_the_names_of_their_containers() -> None:
    nodes = json.loads(
        inside("ray-head", "ray", "list", "nodes", "--format", "json", "--filter", "state=ALIVE")
    )
    kinds = {node["node_name"]: node["labels"].get("genepool.io/kind") for node in nodes}
    assert kinds["ray-worker-1-1"] == "cpu"
    assert kinds["ray-worker-2-1"] == "memory"
    assert kinds["ray-head-1"] is None


def test_ray_status_in_the_head_shows_every_node_and_all_cpus() -> None:
    told = inside("ray-head", "ray", "status")
    assert len(re.findall(r"^ 1 node_\w+$", told, re.MULTILINE)) >= len(RAY)
    assert re.search(r"^ \d+\.\d/[2-9]\.0 CPU$", told, re.MULTILINE), told


@pytest.mark.parametrize("services", [RAY[:3], RAY[3:]], ids=["cluster", "coordinator"])
def test_what_runs_already_is_not_made_anew(services: tuple[str, ...]) -> None:
    before = birthdays()
    said("docker", "compose", "up", "-d", *services)
    assert birthdays() == before


def birthdays() -> dict[str, str]:
    """Return when each running container was started, by its id."""
    ids = said("docker", "compose", "ps", "--quiet").split()
    return {one: said("docker", "inspect", "--format", "{{.State.StartedAt}}", one) for one in ids}


@pytest.mark.parametrize("service", [*RAY, "redis"])
def test_nothing_of_ours_works_as_root_or_writes_to_its_root(service: str) -> None:
    assert inside(service, "sh", "-c", "id -u").strip() != "0"
    script = "touch /etc/written 2>/dev/null && echo written; grep CapEff /proc/self/status"
    assert re.findall(r"written|CapEff:\t0+$", inside(service, "sh", "-c", script).strip()) == [
        "CapEff:\t" + "0" * 16
    ]


def test_beside_the_coordinator_only_what_starts_the_two_users_stays_root() -> None:
    script = (
        'for one in /proc/[0-9]*; do echo $(stat -c %U $one) $(tr "\\0" " " < $one/cmdline); done 2>/dev/null'
    )
    owners: dict[str, str] = {}
    for line in inside("genetic-pool", "sh", "-c", script).splitlines():
        user, _, command = line.partition(" ")
        for word in (
            "pool-entrypoint.sh",
            "genepool serve",
            "ray start",
            "raylet_socket_name",
            "DashboardAgent",
        ):
            if word in command and (word != "genepool serve" or "entrypoint" not in command):
                owners[word] = user
    assert owners.pop("pool-entrypoint.sh") == "root"
    assert owners.pop("genepool serve") == "genepool"
    assert owners == dict.fromkeys(["ray start", "raylet_socket_name", "DashboardAgent"], "raylet")


def test_postgres_serves_as_an_ordinary_user_and_hides_its_superuser() -> None:
    script = "grep -l '^postgres' /proc/1/comm && grep -E '^Uid' /proc/1/status"
    assert re.search(r"Uid:\s+[1-9]", inside("postgres", "sh", "-c", script))
    query = "SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'postgres'"
    assert inside("postgres", "psql", "-U", "postgres", "-Atc", query).strip() == "t"


def test_the_reader_of_dashboards_cannot_write() -> None:
    script = (
        "PGPASSWORD=$(cat /run/secrets/grafana_reader_password) "
        "psql -h 127.0.0.1 -U grafana_reader -d genepool -c 'CREATE TABLE written (x int)' 2>&1 || true"
    )
    assert re.search(r"read-only|permission denied", inside("postgres", "sh", "-c", script))


def test_roles_of_an_older_volume_get_the_passwords_of_this_clone() -> None:
    entering = (
        "PGPASSWORD=$(cat /run/secrets/exporter_password) "
        "psql -h 127.0.0.1 -U exporter -d genepool -Atc 'SELECT 1' 2>&1 || true"
    )
    inside("postgres", "psql", "-U", "postgres", "-c", "ALTER ROLE exporter PASSWORD 'of another clone'")
    refused = inside("postgres", "sh", "-c", entering)
    said("make", "passwords")
    assert "password authentication failed" in refused
    assert inside("postgres", "sh", "-c", entering).strip() == "1"


def test_redis_refuses_who_has_no_password() -> None:
    assert "NOAUTH" in inside("redis", "redis-cli", "ping")


def test_redis_is_a_cache_and_nothing_else() -> None:
    script = (
        'REDISCLI_AUTH="$(cat /run/secrets/redis_password)"; export REDISCLI_AUTH; '
        "redis-cli config get maxmemory-policy; redis-cli config get save; redis-cli config get appendonly"
    )
    words = inside("redis", "sh", "-c", script).split()
    assert words == ["maxmemory-policy", "allkeys-lru", "save", "appendonly", "no"]


@pytest.mark.parametrize("image", IMAGES)
def test_images_are_small_and_run_as_an_ordinary_user(image: str) -> None:
    (described,) = json.loads(said("docker", "image", "inspect", f"{image}:{VERSION}"))
    assert described["Config"]["User"] == "10001:10001"
    assert described["Size"] < LIMITS[image]
    assert described["Config"]["Labels"]["org.opencontainers.image.title"] == "GenePool"


@pytest.mark.parametrize("image", IMAGES)
def test_images_hold_neither_secrets_nor_compilers(image: str) -> None:
    layers = said("docker", "history", "--no-trunc", f"{image}:{VERSION}")
    layers += said("docker", "image", "inspect", "--format", "{{json .Config.Env}}", f"{image}:{VERSION}")
    for path in (ROOT / "secrets").iterdir():
        assert path.read_text() not in layers, path.name
    command = "ls -d /app/secrets /build /root/.cache 2>/dev/null; which gcc cc clang; true"
    assert said("docker", "run", "--rm", "--entrypoint", "sh", f"{image}:{VERSION}", "-c", command) == ""


def test_a_fresh_worker_compiles_nothing() -> None:
    # Were a kernel missing from the image, its compilation would add a file.
    script = (
        "export NUMBA_CACHE_DIR=/tmp/k; mkdir -m 700 /tmp/k; cp -Rp /opt/genepool/kernels/. /tmp/k; count() "
        "{ find /tmp/k -name '*.nbc' | wc -l; }; count; python -m genepool.warm; count"
    )
    node = ["docker", "run", "--rm", "--entrypoint", "sh", f"genepool-node:{VERSION}", "-c", script]
    counts = subprocess.run(node, capture_output=True, text=True, check=True, timeout=120).stdout.split()
    assert counts[0] == counts[1] != "0"


def test_every_target_of_prometheus_is_up() -> None:
    _, body = answer("http://127.0.0.1:9090/api/v1/targets?state=active")
    targets = json.loads(body)["data"]["activeTargets"]
    down = [t["scrapeUrl"] for t in targets if t["health"] != "up" and t["scrapePool"] != "alertmanager"]
    assert {"ray", "genetic-pool", "postgres", "redis", "prometheus"} <= {t["scrapePool"] for t in targets}
    assert down == []
