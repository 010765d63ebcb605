"""What `make up` starts, leaves out and reports."""

from typing import Any

from infrastructure.core.compose.containers import Container
from scripts.stack import start, summary

PUBLISHED = {"genetic-pool": {"ports": [{"target": 8000, "published": "8000", "host_ip": "127.0.0.1"}]}}
FLEET: dict[str, Any] = {
    "genetic-pool": {"network_mode": "host", "environment": {"GENEPOOL_SERVICE_HOST": "192.0.2.10"}}
}


class Registry:
    """Has no image, and remembers which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def has(self, image: str) -> bool:
        self.asked.append(image)
        return False


def container(
    service: str, state: str = "running", health: str = "healthy", code: int = 0, restarts: int = 0
) -> summary.Started:
    name = f"genepool-{service}-1"
    one = Container("0" * 12, name, "genepool", service, 1, state, health, code)
    return summary.Started(one, restarts)


def test_a_service_whose_image_cannot_be_had_is_left_out() -> None:
    services = {"redis": {"image": "redis:8"}, "grafana": {"image": "grafana/grafana:13.3.0"}}
    assert start.unavailable(services, lambda image: image == "redis:8") == ["grafana"]


def test_images_that_are_built_here_are_never_asked_for() -> None:
    services: dict[str, dict[str, Any]] = {
        "ray-head": {"image": "genepool-node:1", "build": {"context": "."}},
        "ray-worker-1": {"image": "genepool-node:1", "pull_policy": "never"},
    }
    registry = Registry()
    assert start.unavailable(services, registry.has) == []
    assert registry.asked == []


def test_an_image_is_asked_for_once() -> None:
    registry = Registry()
    services = {name: {"image": "redis:8"} for name in ("first", "second")}
    assert start.unavailable(services, registry.has) == ["first", "second"]
    assert registry.asked == ["redis:8"]


def test_a_healthy_service_and_one_without_a_probe_are_good() -> None:
    assert container("redis").container.well
    assert container("redis-exporter", health="").container.well


def test_a_service_that_starts_restarts_or_fails_its_probe_is_not_good() -> None:
    assert not container("redis", health="starting").container.well
    assert not container("redis", health="unhealthy").container.well
    assert not container("redis", state="restarting", health="").container.well


def test_only_the_task_that_ended_well_may_have_ended() -> None:
    assert container("migrate", state="exited", health="").said == "done"
    assert not container("migrate", state="exited", health="", code=4).container.well
    assert not container("redis", state="exited", health="").container.well


def test_waiting_ends_when_everything_is_good_and_not_before_anything_is_there() -> None:
    assert summary.settled([container("redis"), container("migrate", "exited", "")])
    assert not summary.settled([container("redis"), container("prometheus", health="starting")])
    assert not summary.settled([])


def test_the_report_shows_addresses_health_and_what_was_left_out() -> None:
    seen = [container("genetic-pool"), container("redis", health="unhealthy")]
    text = summary.report(seen, ["grafana"], PUBLISHED)
    assert "http://localhost:8000/progress" in text
    assert "http://localhost:3000" not in text
    assert any(line.split() == ["genepool-redis-1", "unhealthy"] for line in text.splitlines())
    assert any(line.split()[:3] == ["grafana", "left", "out:"] for line in text.splitlines())


def test_only_what_failed_has_its_last_words_read() -> None:
    waiting = [container("genetic-pool", "created", ""), container("redis", health="starting")]
    failed = [
        container("migrate", "exited", "", 4),
        container("redis", "restarting", ""),
        container("x", health="unhealthy"),
    ]
    assert all(one.waits for one in waiting)
    assert not any(one.waits for one in failed)


def test_the_report_of_a_fleet_shows_the_address_that_the_service_listens_on() -> None:
    text = summary.report([container("genetic-pool")], [], FLEET)
    assert "http://192.0.2.10:8000/progress" in text


def test_a_container_that_is_not_up_has_no_address_to_show() -> None:
    assert "http" not in summary.report([container("genetic-pool", "exited", "", 1)], [], PUBLISHED)


def test_one_that_starts_again_and_again_has_its_last_words_read_though_it_runs_just_now() -> None:
    looping = container("genetic-pool", health="starting", restarts=4)
    assert not looping.waits
    assert looping.said == "starting, restarted 4 times"


def test_a_crash_loop_is_not_waited_for_until_the_end() -> None:
    before = {"genepool-genetic-pool-1": 5}
    looping = container("genetic-pool", "restarting", "", 1, restarts=5 + summary.HOPELESS)
    assert summary.settled([looping, container("redis", health="starting")], before)
    assert not summary.settled([container("genetic-pool", "restarting", "", 1, restarts=6)], before)


def test_a_container_that_is_well_now_may_have_restarted_before() -> None:
    well = container("ray-worker-1", restarts=9)
    assert well.container.well
    assert well.said == "healthy"
