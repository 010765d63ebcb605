"""Ports, addresses and ranges, given what a machine has."""

import socket
from pathlib import Path
from typing import Any

import pytest

from scripts.stack import network
from scripts.stack.engine import Seen
from scripts.stack.network import Socket

ROUTES = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
br-7260bdff7e3a\t000014AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0000100A\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
"""
GRAFANA, PROMETHEUS = Socket("grafana", "127.0.0.1", 3000), Socket("prometheus", "127.0.0.1", 9090)
HEAD: dict[str, Any] = {
    "network_mode": "host",
    "environment": {"GENEPOOL_NODE_ADDRESS": "192.0.2.10"},
    "command": ["ray", "start", "--head", "--port=6379", "--ray-client-server-port=10001"],
}


def own(service: str, ports: str = "", networks: str = "net", state: str = "running") -> Seen:
    return Seen(f"genepool-{service}-1", state, networks, ports, service, "/here", "")


def test_a_taken_port_is_named_with_its_service() -> None:
    found = network.ports_are_free(
        [GRAFANA, PROMETHEUS], [GRAFANA, PROMETHEUS], [own("prometheus", "127.0.0.1:9090->9090/tcp")]
    )
    assert found.level == "bad"
    assert found.said == "taken: 127.0.0.1:3000 (grafana)"


def test_ports_that_the_running_stack_holds_are_no_obstacle() -> None:
    seen = [own("grafana", "127.0.0.1:3000->3000/tcp"), own("ray-head", networks="host")]
    head = Socket("ray-head", network.EVERYWHERE, 6379)
    assert network.ports_are_free([GRAFANA, head], [GRAFANA, head], seen).level == "good"


def test_a_container_that_does_not_run_holds_no_port() -> None:
    seen = [own("grafana", "127.0.0.1:3000->3000/tcp", state="exited")]
    assert network.ports_are_free([GRAFANA], [GRAFANA], seen).level == "bad"


def test_on_the_hosts_network_a_service_takes_its_page_and_the_head_the_ports_of_ray() -> None:
    taken = network.sockets({"ray-head": HEAD})
    assert [(one.host, one.port) for one in taken] == [
        (network.EVERYWHERE, 6379),
        ("192.0.2.10", 8265),
        (network.EVERYWHERE, 10001),
        (network.EVERYWHERE, 44217),
        (network.EVERYWHERE, 44227),
    ]


def test_something_that_listens_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert network.listening(Socket("grafana", "127.0.0.1", server.getsockname()[1]))
    assert not network.listening(Socket("grafana", "203.0.113.1", 3000)), "that is no port that is taken"


def test_an_address_of_another_machine_is_named_with_its_setting() -> None:
    found = network.addresses_are_ours({"127.0.0.1": "GENEPOOL_BIND", "203.0.113.1": "GENEPOOL_HEAD_ADDRESS"})
    assert found.level == "bad"
    assert found.said == "GENEPOOL_HEAD_ADDRESS=203.0.113.1 is no address of this machine"
    assert network.addresses_are_ours({"127.0.0.1": "GENEPOOL_BIND"}).level == "good"


@pytest.mark.parametrize("other", ["172.16.0.0/12", "172.20.5.0/24", "172.20.0.0/16"])
def test_an_overlapping_network_is_named(other: str) -> None:
    taken = [("network mailcow", other), ("network bridge", "172.17.0.0/24")]
    found = network.subnet_is_free("172.20.0.0/16", taken)
    assert found.level == "bad"
    assert found.said == f"subnet 172.20.0.0/16 overlaps network mailcow ({other})"
    assert "GENEPOOL_SUBNET" in found.remedy


def test_the_stacks_own_networks_must_not_overlap_and_each_names_its_setting() -> None:
    cluster, stores = (
        {"ipam": {"config": [{"subnet": subnet}]}} for subnet in ("172.20.0.0/16", "172.20.9.0/24")
    )
    found = network.subnets_are_free({"genetic-cluster": cluster, "stores": stores}, [])
    assert [one.level for one in found] == ["good", "bad"]
    assert "own network genetic-cluster" in found[1].said
    assert "GENEPOOL_STORES_SUBNET" in found[1].remedy


@pytest.mark.parametrize("wanted", ["172.20.0.1/16", "fd00::/64", "everything", "172.20.0.0/28"])
def test_a_subnet_that_is_none_or_too_small_is_refused(wanted: str) -> None:
    assert network.subnet_is_free(wanted, []).level == "bad"


def test_a_network_of_the_newer_protocol_never_overlaps() -> None:
    assert network.subnet_is_free("172.20.0.0/16", [("network six", "fd00::/64")]).level == "good"


def test_the_routes_of_the_machine_are_read_without_dockers_bridges_and_the_default() -> None:
    assert network.routes(ROUTES, {"docker0", "br-7260bdff7e3a"}) == [
        ("the route over tun0", "10.16.0.0/12"),
        ("the route over eth0", "192.0.2.0/24"),
    ]


@pytest.mark.parametrize("wanted", ["10.20.0.0/16", "192.0.2.128/25"])
def test_a_subnet_of_the_machines_own_network_or_of_its_tunnel_is_refused(wanted: str) -> None:
    found = network.subnet_is_free(wanted, network.routes(ROUTES, ()))
    assert found.level == "bad"
    assert "the route over" in found.said


def test_the_stacks_own_network_is_passed_over_with_its_bridge() -> None:
    own_labels = {"com.docker.compose.project": "genepool"}
    networks: list[dict[str, Any]] = [
        {"Name": "bridge", "Id": "1" * 64, "IPAM": {"Config": [{"Subnet": "172.17.0.0/16"}]},
         "Options": {"com.docker.network.bridge.name": "docker0"}},
        {"Name": "ours", "Id": "7260bdff7e3a" + "0" * 52, "Labels": own_labels,
         "IPAM": {"Config": [{"Subnet": "172.20.0.0/16"}]}},
        {"Name": "host", "Id": "2" * 64, "IPAM": {"Config": None}, "Options": None},
    ]  # fmt: skip
    assert network.other_networks(networks, "genepool") == [("network bridge", "172.17.0.0/16")]
    assert {"docker0", "br-7260bdff7e3a"} <= network.bridges(networks)


def test_this_machine_has_a_table_of_routes_that_can_be_read() -> None:
    if not network.ROUTES.exists():
        pytest.skip("only Linux has it")
    assert isinstance(network.routes(Path(network.ROUTES).read_text(), ()), list)
