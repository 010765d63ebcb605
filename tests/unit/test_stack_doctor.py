"""What `make doctor` says, given what a machine has."""

from pathlib import Path

import pytest

from scripts.stack import doctor

GIB = 1024**3


def test_a_machine_that_has_everything_passes() -> None:
    found = [
        doctor.docker_answers("28.0.1"),
        doctor.compose_is_second("2.26.1-4"),
        doctor.memory_suffices(16 * GIB),
        doctor.cpus_suffice(2, {"ray-head": 1.0}),
        doctor.disk_suffices(40 * GIB),
        doctor.ports_are_free([], []),
        doctor.subnet_is_free("172.20.0.0/16", {"bridge": "172.17.0.0/16"}),
        doctor.files_are_readable([]),
    ]
    assert {finding.level for finding in found} == {"good"}
    assert doctor.status(found) == 0


@pytest.mark.parametrize(
    "found", [doctor.docker_answers(None), doctor.compose_is_second(None)], ids=["engine", "compose"]
)
def test_without_docker_the_status_is_four(found: doctor.Finding) -> None:
    assert doctor.status([found, doctor.disk_suffices(0)]) == 4
    assert found.remedy


@pytest.mark.parametrize("version", ["1.29.2", "2.19.1", "v2.3.0"])
def test_an_old_compose_must_be_replaced(version: str) -> None:
    assert doctor.compose_is_second(version).level == "bad"


@pytest.mark.parametrize("version", ["2.20.0", "v2.39.1", "3.0.0", "5.1.0-desktop.1"])
def test_a_newer_compose_will_do(version: str) -> None:
    assert doctor.compose_is_second(version).level == "good"


def test_little_memory_and_little_disk_only_warn() -> None:
    found = [doctor.memory_suffices(2 * GIB), doctor.disk_suffices(GIB), doctor.cpus_suffice(1, {})]
    assert {finding.level for finding in found} == {"warning"}
    assert doctor.status(found) == 0


def test_a_limit_above_the_machines_cpus_is_named() -> None:
    found = doctor.cpus_suffice(2, {"ray-worker-1": 4.0, "redis": 1.0})
    assert found.level == "bad"
    assert "ray-worker-1" in found.said
    assert "redis" not in found.said


def test_a_taken_port_is_named_with_its_service() -> None:
    found = doctor.ports_are_free([3000, 9090], [9090])
    assert found.level == "bad"
    assert found.said == "taken: 3000 (Grafana)"


def test_ports_that_the_running_stack_holds_are_no_obstacle() -> None:
    assert doctor.ports_are_free(list(doctor.PUBLISHED), list(doctor.PUBLISHED)).level == "good"


@pytest.mark.parametrize("other", ["172.16.0.0/12", "172.20.5.0/24", "172.20.0.0/16"])
def test_an_overlapping_network_is_named(other: str) -> None:
    found = doctor.subnet_is_free("172.20.0.0/16", {"mailcow": other, "bridge": "172.17.0.0/24"})
    assert found.level == "bad"
    assert "mailcow" in found.said
    assert "GENEPOOL_SUBNET" in found.remedy


def test_a_subnet_that_is_none_is_refused() -> None:
    assert doctor.subnet_is_free("172.20.0.1/16", {}).level == "bad"


def test_a_network_of_the_newer_protocol_never_overlaps() -> None:
    assert doctor.subnet_is_free("172.20.0.0/16", {"six": "fd00::/64"}).level == "good"


def test_missing_and_empty_secrets_are_named(tmp_path: Path) -> None:
    (tmp_path / "filled").write_text("x")
    (tmp_path / "empty").touch()
    found = doctor.secrets_are_there(tmp_path, ["filled", "empty", "absent"])
    assert found.said == "secrets/ lacks empty, absent"
    assert found.remedy == "make secrets"


def test_a_file_that_containers_cannot_read_comes_with_its_remedy() -> None:
    found = doctor.files_are_readable([Path("monitoring/prometheus/prometheus.yml")])
    assert "prometheus.yml" in found.said
    assert found.remedy.startswith("chmod")


def test_a_line_holds_level_finding_and_remedy() -> None:
    assert doctor.line(doctor.Finding("good", "2 CPUs")) == "  ok    2 CPUs"
    assert doctor.line(doctor.Finding("bad", "no", "do")) == "  FAIL  no: do"
