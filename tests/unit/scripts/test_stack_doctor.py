"""What `make doctor` says of the machine itself, given what it has."""

from pathlib import Path

import pytest

from scripts.stack import finding, machine

GIB = 1024**3


def test_a_machine_that_has_everything_passes() -> None:
    found = [
        machine.docker_answers("28.0.1"),
        machine.compose_is_second("2.26.1-4"),
        machine.memory_suffices(16 * GIB),
        machine.cpus_suffice(2, {"ray-head": 1.0}),
        machine.disk_suffices(40 * GIB),
        machine.files_are_readable([]),
    ]
    assert {one.level for one in found} == {"good"}
    assert finding.status(found) == 0


@pytest.mark.parametrize(
    "found", [machine.docker_answers(None), machine.compose_is_second(None)], ids=["engine", "compose"]
)
def test_without_docker_the_status_is_four(found: finding.Finding) -> None:
    assert finding.status([found, machine.disk_suffices(0)]) == 4
    assert found.remedy


@pytest.mark.parametrize("version", ["1.29.2", "2.19.1", "v2.3.0"])
def test_an_old_compose_must_be_replaced(version: str) -> None:
    assert machine.compose_is_second(version).level == "bad"


@pytest.mark.parametrize("version", ["2.20.0", "v2.39.1", "3.0.0", "5.1.0-desktop.1"])
def test_a_newer_compose_will_do(version: str) -> None:
    assert machine.compose_is_second(version).level == "good"


def test_a_fleet_takes_a_compose_that_can_remove_what_another_file_says() -> None:
    assert machine.compose_is_second("2.23.3", fleet=True).level == "bad"
    assert machine.compose_is_second("2.24.0", fleet=True).level == "good"


def test_little_memory_and_little_disk_only_warn() -> None:
    found = [machine.memory_suffices(2 * GIB), machine.disk_suffices(GIB), machine.cpus_suffice(1, {})]
    assert {one.level for one in found} == {"warning"}
    assert finding.status(found) == 0


def test_a_limit_above_the_machines_cpus_is_named() -> None:
    found = machine.cpus_suffice(2, {"ray-worker-1": 4.0, "redis": 1.0})
    assert found.level == "bad"
    assert "ray-worker-1" in found.said
    assert "redis" not in found.said


def test_missing_and_empty_secrets_are_named(tmp_path: Path) -> None:
    (tmp_path / "filled").write_text("x")
    (tmp_path / "empty").touch()
    found = machine.secrets_are_there(tmp_path, ["filled", "empty", "absent"])
    assert found.said == "secrets/ lacks empty, absent"
    assert found.remedy == "make secrets"


def test_a_file_that_containers_cannot_read_comes_with_its_remedy() -> None:
    found = machine.files_are_readable([Path("monitoring/prometheus/prometheus.yml")])
    assert "prometheus.yml" in found.said
    assert found.remedy.startswith("chmod")


def test_a_line_holds_level_finding_and_remedy() -> None:
    assert finding.line(finding.Finding("good", "2 CPUs")) == "  ok    2 CPUs"
    assert finding.line(finding.Finding("bad", "no", "do")) == "  FAIL  no: do"
