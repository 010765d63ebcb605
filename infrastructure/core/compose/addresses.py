"""Where this host reaches a service, read from what ``docker compose config`` renders.

Standard library alone: ``scripts/stack`` reads it with the host's Python.
"""

from collections.abc import Mapping
from typing import Any

COORDINATOR = "genetic-pool"
# The port inside its container at which a service shows a page.
PAGES = {COORDINATOR: 8000, "ray-head": 8265, "prometheus": 9090, "grafana": 3000}
_EVERY_INTERFACE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound
_LOOPBACK = "127.0.0.1"


def address(service: Mapping[str, Any], port: int, chosen: Mapping[int, str] | None = None) -> str | None:
    """Return where this host reaches a port of a service, such as ``127.0.0.1:8000``; None where it cannot.

    Parameters
    ----------
    service
        The service as ``docker compose config --format json`` renders it.
    port
        Port inside the container.
    chosen
        Address by port that a running container has; needed where the file leaves the port to the engine.

    Examples
    --------
    >>> address({"ports": [{"target": 8000, "published": "80", "host_ip": "192.0.2.7"}]}, 8000)
    '192.0.2.7:80'
    >>> address({"network_mode": "host", "environment": {"GENEPOOL_NODE_ADDRESS": "192.0.2.7"}}, 8265)
    '192.0.2.7:8265'
    """
    if service.get("network_mode") == "host":
        return f"{_own_address(service)}:{port}"
    for entry in service.get("ports") or ():
        if entry["target"] == port and str(entry.get("published", "")).isdecimal():
            return f"{reachable(entry.get('host_ip', ''))}:{entry['published']}"
    return (chosen or {}).get(port)


def reachable(listening: str) -> str:
    """Return an address at which this host reaches what listens on the given one."""
    return _LOOPBACK if listening in _EVERY_INTERFACE else listening


def _own_address(service: Mapping[str, Any]) -> str:
    environment = service.get("environment") or {}
    told = environment.get("GENEPOOL_SERVICE_HOST") or environment.get("GENEPOOL_NODE_ADDRESS") or ""
    return reachable(told)
