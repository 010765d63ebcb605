"""Which services count as well, and which may be missing."""

from types import SimpleNamespace
from typing import cast

from infrastructure.core.compose.containers import Container
from infrastructure.core.compose.stack import StackError
from scripts.validation.system.check import Found
from scripts.validation.system.checks import services
from scripts.validation.system.system import System


def container(service: str, health: str = "healthy") -> Container:
    return Container("0" * 12, f"genepool-{service}-1", "genepool", service, 1, "running", health)


def looked(*running: Container) -> Found:
    """Look at a stack of Redis and of Grafana, whose image this host lacks, while these run."""

    def docker(*command: str) -> str:
        if command[-1] == "grafana:13":
            raise StackError("no such image")
        return "sha256:1"

    images = {"redis": {"image": "redis:8"}, "grafana": {"image": "grafana:13"}}
    stack = SimpleNamespace(services=lambda: images, containers=lambda: running, docker=docker)
    return services.look(cast("System", SimpleNamespace(stack=stack)))


def test_a_service_without_an_image_here_is_left_out() -> None:
    assert looked(container("redis")) == Found(True, "1 of 2 run; no image for grafana")


def test_a_service_whose_image_is_here_must_run() -> None:
    assert looked(container("grafana")) == Found(False, "1 of 2 run; not well: redis")


def test_a_service_that_is_not_healthy_is_named() -> None:
    found = looked(container("redis", "unhealthy"), container("grafana"))
    assert not found.passed
    assert "redis is running unhealthy" in found.figure
