"""Which services count as well, and which may be missing."""

import json
from types import SimpleNamespace
from typing import cast

from scripts.validation.stack import StackError
from scripts.validation.system.check import Found
from scripts.validation.system.checks import services
from scripts.validation.system.system import System

WELL = {"State": "running", "Health": "healthy", "ExitCode": 0}


def looked(running: dict[str, dict[str, object]]) -> Found:
    """Look at a stack of Redis and of Grafana, whose image this host lacks, while these run."""

    def docker(*command: str) -> str:
        if command[-1] == "grafana:13":
            raise StackError("no such image")
        return "sha256:1"

    images = {"redis": {"image": "redis:8"}, "grafana": {"image": "grafana:13"}}
    stack = SimpleNamespace(
        services=lambda: {name: [row] for name, row in running.items()},
        compose=lambda *_: json.dumps({"services": images}),
        docker=docker,
    )
    return services.look(cast("System", SimpleNamespace(stack=stack)))


def test_a_service_without_an_image_here_is_left_out() -> None:
    assert looked({"redis": WELL}) == Found(True, "1 of 2 run; no image for grafana")


def test_a_service_whose_image_is_here_must_run() -> None:
    assert looked({"grafana": WELL}) == Found(False, "1 of 2 run; not well: redis")


def test_a_service_that_is_not_healthy_is_named() -> None:
    sick: dict[str, object] = {**WELL, "Health": "unhealthy"}
    found = looked({"redis": sick, "grafana": WELL})
    assert not found.passed
    assert "redis is running unhealthy" in found.figure
