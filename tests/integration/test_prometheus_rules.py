"""Prometheus' and Alertmanager's own programs judge what they are given."""

import subprocess
from pathlib import Path

import pytest

from genepool.adapters.prometheus import exposition
from tests.fakes.coordinators import BusyCoordinator
from tests.fakes.postgres import docker_answers
from tests.fakes.prometheus_server import IMAGE, MONITORING

ALERTMANAGER = "prom/alertmanager:v0.28.1"
# Sixty small histories, each in a database of its own: promtool computes for twenty seconds.
LONG = "alerts_test"
TESTS = [
    pytest.param(path, marks=[pytest.mark.slow] if path.stem == LONG else [], id=path.stem)
    for path in sorted((MONITORING / "prometheus/tests").glob("*.yml"))
]


@pytest.fixture(autouse=True, scope="module")
def engine() -> None:
    """Skip without Docker."""
    if not docker_answers():
        pytest.skip("docker does not answer")


def run(image: str, program: str, *words: str, given: bytes = b"") -> str:
    """Run a program of an image over the monitoring folder; fail with what it said."""
    command = [
        "docker", "run", "--rm", "--interactive", "--network", "none", "--entrypoint", program,
        "--volume", f"{MONITORING}:/monitoring:ro", "--workdir", "/monitoring", image, *words,
    ]  # fmt: skip
    done = subprocess.run(
        command,
        input=given,
        capture_output=True,
        check=False,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    return said


def test_the_configuration_is_valid() -> None:
    run(IMAGE, "promtool", "check", "config", "--syntax-only", "prometheus/prometheus.yml")


def test_the_rules_are_valid_and_free_of_lint() -> None:
    rules = "prometheus/rules/recording.yml", "prometheus/rules/alerts.yml"
    run(IMAGE, "promtool", "check", "rules", "--lint=all", "--lint-fatal", *rules)


@pytest.mark.parametrize("path", TESTS)
def test_the_rules_do_what_their_tests_say(path: Path) -> None:
    run(IMAGE, "promtool", "test", "rules", f"prometheus/tests/{path.name}")


def test_the_exposition_is_free_of_lint() -> None:
    coordinator = BusyCoordinator()
    coordinator.go_on()
    run(IMAGE, "promtool", "check", "metrics", given=exposition(coordinator.registry))


def test_alertmanager_takes_its_configuration() -> None:
    run(ALERTMANAGER, "amtool", "check-config", "alertmanager/alertmanager.yml")


@pytest.mark.parametrize(
    "alert", ["alertname=CacheDown severity=warning", "alertname=Watchdog severity=none"]
)
def test_nobody_is_written_to_until_a_webhook_is_given(alert: str) -> None:
    words = "--config.file=alertmanager/alertmanager.yml", "--verify.receivers=nobody", *alert.split()
    run(ALERTMANAGER, "amtool", "config", "routes", "test", *words)
