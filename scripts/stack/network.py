"""What the stack asks of the machine's network: addresses, ports, ranges."""

import errno
import ipaddress
import socket
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrastructure.core.compose.addresses import PAGES, address
from scripts.stack.engine import Seen
from scripts.stack.finding import Finding

ROUTES = Path("/proc/net/route")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what Ray does on the host's own network
# Of Ray's head, which no flag moves: the metrics of its dashboard and of its autoscaler.
FIXED = (44217, 44227)
_LARGEST_PREFIX = 27
CLUSTER = "genetic-cluster"
# The setting that moves each network of the stack, and a range that is free on most machines.
SUBNETS = {
    CLUSTER: ("GENEPOOL_SUBNET", "172.28.0.0/16"),
    "stores": ("GENEPOOL_STORES_SUBNET", "172.16.28.0/24"),
}


@dataclass(frozen=True, slots=True)
class Socket:
    """A port of this machine that a service listens on."""

    service: str
    host: str
    port: int


def sockets(services: Mapping[str, Mapping[str, Any]]) -> list[Socket]:
    """Return the ports that the stack takes on this machine, as Compose renders its services."""
    found = [one for name, service in services.items() for one in _sockets(name, service)]
    return sorted(set(found), key=lambda one: (one.port, one.service))


def _sockets(name: str, service: Mapping[str, Any]) -> list[Socket]:
    published = [
        Socket(name, entry.get("host_ip") or EVERYWHERE, int(entry["published"]))
        for entry in service.get("ports") or ()
        if str(entry.get("published", "")).isdecimal()
    ]
    if service.get("network_mode") != "host":
        return published
    page = address(service, PAGES[name]) if name in PAGES else None
    pages = [Socket(name, page.rpartition(":")[0], PAGES[name])] if page else []
    return pages + [Socket(name, EVERYWHERE, port) for port in _ports_of_the_head(service)]


def _ports_of_the_head(service: Mapping[str, Any]) -> list[int]:
    words = service.get("command") or ()
    if "--head" not in words:
        return []
    told = dict(word.split("=", 1) for word in words if "=" in word)
    return [int(told["--port"]), int(told["--ray-client-server-port"]), *FIXED]


def ports_are_free(wanted: Sequence[Socket], taken: Collection[Socket], seen: Iterable[Seen]) -> Finding:
    """Judge which ports something listens on, apart from those that this stack itself holds.

    Parameters
    ----------
    wanted
        What the stack will listen on.
    taken
        Those of them that something listens on.
    seen
        The stack's own containers.
    """
    ours = list(seen)
    foreign = [
        one
        for one in wanted
        if one in taken and not any(own.service == one.service and own.holds(one.port) for own in ours)
    ]
    if foreign:
        said = "taken: " + ", ".join(f"{one.host}:{one.port} ({one.service})" for one in foreign)
        return Finding("bad", said, "stop what listens there, or set GENEPOOL_BIND to another address")
    numbers = ", ".join(str(port) for port in sorted({one.port for one in wanted}))
    return Finding("good", f"ports {numbers} are free or held by this stack")


def listening(one: Socket) -> bool:
    """Find out whether something listens on a port."""
    return _error_of_binding(one.host, one.port) == errno.EADDRINUSE


def addresses_are_ours(hosts: Mapping[str, str]) -> Finding:
    """Judge whether this machine has the addresses that the stack binds to; each names its setting."""
    strange = [f"{setting}={host}" for host, setting in hosts.items() if _error_of_binding(host, 0)]
    if strange:
        remedy = "set it in .env to one that `ip address` shows"
        return Finding("bad", f"{', '.join(strange)} is no address of this machine", remedy)
    return Finding("good", f"this machine has {', '.join(sorted(set(hosts) - {EVERYWHERE}))}")


def _error_of_binding(host: str, port: int) -> int:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.errno or -1
    return 0


def subnet_is_free(wanted: str, taken: Iterable[tuple[str, str]], name: str = CLUSTER) -> Finding:
    """Judge a subnet of the stack against other networks and the routes of this machine.

    Parameters
    ----------
    wanted
        In CIDR notation.
    taken
        What has a range, such as ``network mailcow``, and the range; without the stack's own.
    name
        The network that is given the subnet.
    """
    setting, example = SUBNETS[name]
    free = f"set {setting} to a free range, such as {example}, in .env"
    try:
        subnet = ipaddress.IPv4Network(wanted)
    except ValueError:
        return Finding("bad", f"{setting} {wanted!r} is no subnet", f"write it as {example}, say")
    if subnet.prefixlen > _LARGEST_PREFIX:
        return Finding("bad", f"{setting} {wanted} is too small for the containers", free)
    clash = [f"{holder} ({other})" for holder, other in taken if subnet.overlaps(ipaddress.ip_network(other))]
    if clash:
        return Finding("bad", f"subnet {wanted} overlaps {', '.join(clash)}", free)
    return Finding("good", f"subnet {wanted} is free or this stack's own")


def subnets_are_free(
    networks: Mapping[str, Mapping[str, Any]], taken: Iterable[tuple[str, str]]
) -> list[Finding]:
    """Judge the subnets of the stack's networks, as Compose renders them, each against the others as well."""
    held, found = list(taken), []
    for name, one in networks.items():
        for part in (one.get("ipam") or {}).get("config") or ():
            found.append(subnet_is_free(part["subnet"], held, name))
            held.append((f"the stack's own network {name}", part["subnet"]))
    return found


def routes(table: str, bridges: Collection[str]) -> list[tuple[str, str]]:
    """Return the ranges that a machine has routes to, without the default route.

    Parameters
    ----------
    table
        The text of ``/proc/net/route``.
    bridges
        Interfaces of Docker's own networks, which are passed over.
    """
    found = []
    for row in table.splitlines()[1:]:
        interface, target, _, _, _, _, _, mask, *_ = row.split()
        network = ipaddress.IPv4Network((_from_hexadecimal(target), str(_from_hexadecimal(mask))))
        if network.prefixlen and interface not in bridges:
            found.append((f"the route over {interface}", str(network)))
    return found


def _from_hexadecimal(text: str) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(bytes.fromhex(text)[::-1])


def other_networks(networks: Iterable[Mapping[str, Any]], project: str) -> list[tuple[str, str]]:
    """Return the subnets of the networks that ``docker network inspect`` shows, without the project's own."""
    return [
        (f"network {network['Name']}", part["Subnet"])
        for network in networks
        if (network.get("Labels") or {}).get("com.docker.compose.project") != project
        for part in (network.get("IPAM", {}).get("Config") or [])
    ]


def bridges(networks: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the interfaces of Docker's networks."""
    named = "com.docker.network.bridge.name"
    return {(one.get("Options") or {}).get(named) or f"br-{one['Id'][:12]}" for one in networks}
