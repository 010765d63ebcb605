"""The running stack as the validation sees it, on a Docker that is told what to answer."""

import json
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import Stack

OPEN = {"services": {"genetic-pool": {"ports": [{"target": 8000, "host_ip": "127.0.0.1"}]}}}


@dataclass(frozen=True, slots=True)
class Told(Stack):
    """A stack whose Docker answers by the command after ``compose``."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    @override
    def docker(
        self, *arguments: str, seconds: float = 0, check: bool = True, given: str | None = None
    ) -> str:
        self.asked.append(arguments)
        answer = self.answers.get(arguments[1 + len(self.flags)])
        if answer is None:
            raise StackError("no engine")
        return answer


def row(number: int, state: str = "running", **more: object) -> str:
    name, labels = f"genepool-genetic-pool-{number}", f"com.docker.compose.container-number={number}"
    known = {"ID": f"{number:012x}", "Name": name, "Project": "genepool", "Service": "genetic-pool"}
    return json.dumps({**known, "Labels": labels, "State": state, **more})


def test_a_running_coordinator_is_what_is_needed() -> None:
    Told(answers={"ps": row(1)}).must_run()


@pytest.mark.parametrize("rows", ["", row(1, "exited")])
def test_without_a_running_coordinator_the_command_to_start_it_is_named(rows: str) -> None:
    with pytest.raises(StackError, match="make secrets up"):
        Told(answers={"ps": rows}).must_run()


def test_without_docker_it_is_said_that_there_is_none() -> None:
    with pytest.raises(StackError, match="there is no Docker engine with Compose here: no engine"):
        Told().must_run()


def test_a_port_that_the_file_leaves_open_is_asked_of_the_container() -> None:
    port = {"URL": "127.0.0.1", "TargetPort": 8000, "PublishedPort": 32768}
    stack = Told(answers={"config": json.dumps(OPEN), "ps": row(1, Publishers=[port])})
    assert stack.address("genetic-pool") == "127.0.0.1:32768"


def test_a_service_that_is_out_of_reach_is_named() -> None:
    stack = Told(answers={"config": json.dumps(OPEN), "ps": ""})
    with pytest.raises(StackError, match="port 8000 of genetic-pool: does it run"):
        stack.address("genetic-pool")


def test_the_flags_of_a_project_stand_before_every_compose_command() -> None:
    stack = Told(flags=("--project-name=two",), answers={"exec": "printed"})
    assert stack.inside("true", service="redis", environment={"A": "1"}) == "printed"
    assert stack.asked == [("compose", "--project-name=two", "exec", "-T", "-e", "A=1", "redis", "true")]
