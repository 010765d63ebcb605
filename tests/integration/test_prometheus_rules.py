"""Prometheus' and Alertmanager's own programs judge what they are given."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from genepool.adapters.prometheus import exposition
from tests.fakes.coordinators import BusyCoordinator
from tests.fakes.postgres import docker, docker_answers
from tests.fakes.prometheus_server import IMAGE, MONITORING

ALERTMANAGER = "prom/alertmanager:v0.28.1"
# Sixty small histories, each in a database of its own: promtool computes for twenty seconds.
LONG = "alerts_test"
TESTS = [
    pytest.param(path, marks=[pytest.mark.slow] if path.stem == LONG else [], id=path.stem)
    for path in sorted((MONITORING / "prometheus/tests").glob("*.yml"))
]


class Judge:
    """The programs of an image, in a container that waits to be asked: to make one takes a second.

    Parameters
    ----------
    image
        Its name.
    """

    def __init__(self, image: str) -> None:
        folder = ("--volume", f"{MONITORING}:/monitoring:ro", "--workdir", "/monitoring")
        # It goes by itself when the test process is killed.
        words = ("--detach", "--rm", "--network", "none", "--init", "--entrypoint", "sleep", *folder)
        self.container = docker("run", *words, image, "600")

    def run(self, program: str, *words: str, given: bytes = b"") -> str:
        """Run a program over the monitoring folder; fail with what it said."""
        command = ["docker", "exec", "--interactive", self.container, program, *words]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, said
        return said


def judge(image: str) -> Iterator[Judge]:
    if not docker_answers():
        pytest.skip("docker does not answer")
    made = Judge(image)
    yield made
    docker("rm", "--force", made.container)


@pytest.fixture(scope="module")
def prometheus() -> Iterator[Judge]:
    yield from judge(IMAGE)


@pytest.fixture(scope="module")
def alertmanager() -> Iterator[Judge]:
    yield from judge(ALERTMANAGER)


def test_the_configuration_is_valid(prometheus: Judge) -> None:
    prometheus.run("promtool", "check", "config", "--syntax-only", "prometheus/prometheus.yml")


def test_the_rules_are_valid_and_free_of_lint(prometheus: Judge) -> None:
    rules = "prometheus/rules/recording.yml", "prometheus/rules/alerts.yml"
    prometheus.run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *rules)


@pytest.mark.parametrize("path", TESTS)
def test_the_rules_do_what_their_tests_say(prometheus: Judge, path: Path) -> None:
    prometheus.run("promtool", "test", "rules", f"prometheus/tests/{path.name}")


def test_the_exposition_is_free_of_lint(prometheus: Judge) -> None:
    coordinator = BusyCoordinator()
    coordinator.advance()
    prometheus.run("promtool", "check", "metrics", given=exposition(coordinator.registry))


def test_alertmanager_takes_its_configuration(alertmanager: Judge) -> None:
    alertmanager.run("amtool", "check-config", "alertmanager/alertmanager.yml")


@pytest.mark.parametrize(
    "alert", ["alertname=CacheDown severity=warning", "alertname=Watchdog severity=none"]
)
def test_nobody_is_written_to_until_a_webhook_is_given(alertmanager: Judge, alert: str) -> None:
    words = "--config.file=alertmanager/alertmanager.yml", "--verify.receivers=nobody", *alert.split()
    alertmanager.run("amtool", "config", "routes", "test", *words)
