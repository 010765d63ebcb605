"""Where this host reaches a service, by what Compose makes of its files."""

from typing import Any

import pytest

from infrastructure.core.compose.addresses import address

ON_THE_HOST: dict[str, Any] = {
    "network_mode": "host",
    "environment": {"GENEPOOL_NODE_ADDRESS": "192.0.2.10", "GENEPOOL_SERVICE_HOST": "192.0.2.11"},
}


def published(host: str, port: str) -> dict[str, Any]:
    return {"ports": [{"target": 8000, "published": port, "host_ip": host}]}


@pytest.mark.parametrize(
    ("host", "reached"),
    [("127.0.0.2", "127.0.0.2"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("", "127.0.0.1")],  # noqa: S104
)
def test_a_published_port_is_reached_where_it_is_published(host: str, reached: str) -> None:
    assert address(published(host, "9000"), 8000) == f"{reached}:9000"


def test_a_port_that_the_engine_chooses_is_what_the_running_container_has() -> None:
    assert address(published("127.0.0.1", ""), 8000, {8000: "127.0.0.1:32768"}) == "127.0.0.1:32768"
    assert address(published("127.0.0.1", ""), 8000) is None


def test_a_service_on_the_hosts_network_is_reached_where_it_was_told_to_listen() -> None:
    assert address(ON_THE_HOST, 8000) == "192.0.2.11:8000"
    head = {**ON_THE_HOST, "environment": {"GENEPOOL_NODE_ADDRESS": "192.0.2.10"}}
    assert address(head, 8265) == "192.0.2.10:8265"
    assert address({"network_mode": "host"}, 8265) == "127.0.0.1:8265"


def test_a_port_that_is_not_published_is_not_reached() -> None:
    assert address(published("127.0.0.1", "9000"), 5432) is None
    assert address({}, 8000) is None
