"""What the cluster manager makes of ``docker compose ps``."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from genepool.errors import ConfigError, ServiceUnavailable
from infrastructure.core.commands import app
from infrastructure.core.compose.containers import Container, parse_containers
from infrastructure.core.compose.stack import ComposeStack, StackError
from infrastructure.core.compose_cluster import _node, _service, _spare


def document(number: int, **more: object) -> dict[str, object]:
    labels = f"com.docker.compose.container-number={number},com.docker.compose.oneoff=False"
    name = f"genepool-ray-worker-1-{number}"
    plain = {"ID": f"{number:064x}", "Name": name, "Project": "genepool", "Service": "ray-worker-1"}
    return {**plain, "Labels": labels, "State": "running", "Health": "healthy", "ExitCode": 0, **more}


def container(number: int, state: str = "running", health: str = "healthy", exit_code: int = 0) -> Container:
    return Container(
        f"{number:012x}",
        f"genepool-ray-worker-1-{number}",
        "genepool",
        "ray-worker-1",
        number,
        state,
        health,
        exit_code,
    )


def test_both_spellings_of_compose_are_read() -> None:
    documents = [document(2), document(1)]
    lines = "\n".join(json.dumps(each) for each in documents)
    assert parse_containers(lines) == parse_containers(json.dumps(documents))
    assert [each.number for each in parse_containers(lines)] == [1, 2]


def test_no_containers_are_no_text() -> None:
    assert parse_containers("") == []


def test_a_container_of_compose_run_is_nobodys_replica() -> None:
    assert parse_containers(json.dumps(document(1, Labels="com.docker.compose.oneoff=True"))) == []


@pytest.mark.parametrize(
    ("listening", "reached"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - what Docker says, not what we bind
        ("::", "127.0.0.1"),
        ("10.0.0.7", "10.0.0.7"),
    ],
)
def test_a_published_port_is_reached_where_it_listens(listening: str, reached: str) -> None:
    entry = {"URL": listening, "TargetPort": 8000, "PublishedPort": 32768, "Protocol": "tcp"}
    hidden = {"URL": "", "TargetPort": 9000, "PublishedPort": 0, "Protocol": "tcp"}
    (found,) = parse_containers(json.dumps(document(1, Publishers=[entry, hidden])))
    assert found.published == {8000: f"{reached}:32768"}


def test_a_node_answers_to_its_container_and_to_its_hostname_and_to_its_short_name() -> None:
    node = _node(container(2))
    assert node.answers_to("genepool-ray-worker-1-2")
    assert node.answers_to("ray-worker-1-2")
    assert node.answers_to("000000000002")
    assert not node.answers_to("ray-worker-1-1")


def test_idle_nodes_go_before_busy_ones_and_stopped_ones_before_both() -> None:
    workers = [container(1), container(2, "exited", ""), container(3), container(4)]
    going = _spare(workers, 1, busy={"ray-worker-1-4"})
    assert [each.number for each in going] == [2, 3, 1]


def test_nothing_goes_when_more_are_wanted() -> None:
    assert _spare([container(1)], 3, busy=()) == []


@pytest.mark.parametrize(
    ("name", "containers", "well"),
    [
        ("ray-worker-1", [container(1), container(2)], True),
        ("ray-worker-1", [container(1), container(2, health="unhealthy")], False),
        ("ray-worker-1", [container(1, "paused", "")], False),
        ("ray-worker-1", [container(1, "restarting", "")], False),
        ("ray-worker-1", [], False),
        ("migrate", [container(1, "exited", "")], True),
        ("migrate", [container(1, "exited", "", exit_code=1)], False),
        ("migrate", [container(1, "running", "")], False),
    ],
)
def test_a_service_is_well_when_all_of_its_containers_are(
    name: str, containers: list[Container], well: bool
) -> None:
    named = [replace(each, service=name) for each in containers]
    assert _service(name, named).well is well


def test_a_folder_that_does_not_exist_is_named_and_docker_is_not_blamed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"there is no folder {tmp_path}/nowhere"):
        ComposeStack(tmp_path / "nowhere").containers()


def test_without_docker_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceUnavailable, match="install Docker with Compose v2"):
        ComposeStack(tmp_path).containers()


def test_what_failed_is_told_in_a_line_and_all_that_was_said_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho the cause >&2\necho the end >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(StackError, match=r"`docker compose ps` failed in .*: the end$") as failed:
        ComposeStack(tmp_path).compose("ps")
    assert failed.value.said == "the cause\nthe end"
    assert ComposeStack(tmp_path).compose("ps", check=False) == ""


@pytest.mark.parametrize("interval", ["inf", "nan", "0"])
def test_an_impossible_interval_is_a_bad_flag(interval: str, tmp_path: Path) -> None:
    flags = ["autoscale", "--min", "0", "--max", "1", "--interval", interval, "--folder", str(tmp_path)]
    shown = CliRunner().invoke(app, flags)
    assert shown.exit_code == 2
    assert "--interval" in shown.stderr
