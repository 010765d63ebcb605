"""A cluster whose nodes are containers of one Compose project."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from genepool.errors import ConfigError, ServiceUnavailable
from infrastructure.core.cluster import KINDS, Finding, WorkerNode
from infrastructure.core.compose.addresses import COORDINATOR, PAGES, address
from infrastructure.core.compose.containers import ONE_SHOT, Container
from infrastructure.core.compose.stack import ComposeStack
from infrastructure.core.probes import answers, prometheus_targets

SERVICES = {"cpu": "ray-worker-1", "memory": "ray-worker-2"}
_KIND = {service: kind for kind, service in SERVICES.items()}
# Beyond its container's own health: what its page is asked for.
_PROBES = (("ray GCS", "ray-head", "/api/gcs_healthz"), ("coordinator", COORDINATOR, "/readyz"))


class ComposeCluster:
    """The worker containers of the Compose stack.

    Parameters
    ----------
    folder
        Where the Compose file is.
    without
        Services that this host does without on purpose.
    metrics_address
        Where the coordinator's metrics are read; empty to ask Compose.
    """

    def __init__(self, folder: Path, without: Collection[str] = (), metrics_address: str = "") -> None:
        self._stack = ComposeStack(folder)
        self._without = frozenset(without)
        self._metrics_address = metrics_address

    def nodes(self) -> Sequence[WorkerNode]:
        """Return the worker containers, stopped ones too."""
        workers = self._workers()
        return [_node(worker) for kind in KINDS for worker in workers[kind]]

    def findings(self) -> Sequence[Finding]:
        """Look at every service's containers, then ask the GCS, the coordinator and Prometheus."""
        containers = self._stack.containers()
        services = self._stack.services()
        expected = [name for name in services if name not in self._without]
        found = [_service(name, [each for each in containers if each.service == name]) for name in expected]
        for part, service, path in _PROBES:
            if service in expected:
                found.append(_probed(part, service, _page(services, containers, service), path))
        if "prometheus" in expected:
            page = _page(services, containers, "prometheus")
            found.append(
                prometheus_targets(page) if page else _unreachable("prometheus targets", "prometheus")
            )
        return found

    def metrics_address(self) -> str:
        """Return where this host reaches the coordinator's metrics."""
        if self._metrics_address:
            return self._metrics_address
        page = _page(self._stack.services(), self._stack.containers(), COORDINATOR)
        if page is None:
            raise ServiceUnavailable(
                f"{COORDINATOR} does not run or publishes no port {PAGES[COORDINATOR]}: start it with "
                f"`docker compose up -d {COORDINATOR}`"
            )
        return f"{page}/metrics"

    def resize(self, wanted: Mapping[str, int], busy: Collection[str]) -> Sequence[str]:
        """Start containers, or stop the spare ones and remove them; see ``ClusterPlatform``.

        Compose itself would remove the highest numbers, busy or not, so what goes is chosen here.
        """
        workers = self._workers()
        spare = [
            container for kind, count in wanted.items() for container in _spare(workers[kind], count, busy)
        ]
        if spare:
            self._stack.stop(spare)
            self._stack.remove(spare)
        self._stack.scale({SERVICES[kind]: count for kind, count in wanted.items()})
        said = [f"stopped and removed {container.name}" for container in spare]
        return [*said, *(f"{SERVICES[kind]} has {_containers(count)}" for kind, count in wanted.items())]

    def drain(self, node: str) -> str:
        """Stop one worker container and keep it; see ``ClusterPlatform``."""
        workers = [worker for group in self._workers().values() for worker in group]
        chosen = next((worker for worker in workers if worker.answers_to(node)), None)
        if chosen is None:
            known = ", ".join(worker.name for worker in workers) or "none"
            raise ConfigError(f"there is no worker {node!r}: the workers are {known}")
        self._stack.stop([chosen])
        left = sum(worker.service == chosen.service and worker.up for worker in self._stack.containers())
        return (
            f"{chosen.name} is stopped and kept; {_containers(left)} of {chosen.service} left. "
            f"`scale` counts it and starts it again, as does `docker compose up -d`"
        )

    def _workers(self) -> dict[str, list[Container]]:
        containers = self._stack.containers()
        return {
            kind: [each for each in containers if each.service == service]
            for kind, service in SERVICES.items()
        }


def _node(worker: Container) -> WorkerNode:
    state = f"{worker.state}, {worker.health}" if worker.health else worker.state
    # One that is starting counts: it was asked for, and it is about to work.
    alive = worker.state in {"running", "created", "restarting"}
    return WorkerNode(
        worker.short_name, _KIND[worker.service], state, alive, frozenset({worker.identity, worker.name})
    )


def _spare(workers: Sequence[Container], count: int, busy: Collection[str]) -> list[Container]:
    """Choose what goes: stopped ones first, busy ones last, high numbers before low ones."""

    def reluctance(worker: Container) -> tuple[bool, bool, int]:
        works = any(worker.answers_to(name) for name in busy)
        return works, worker.state == "running", -worker.number

    return sorted(workers, key=reluctance)[: max(0, len(workers) - count)]


def _service(name: str, containers: Sequence[Container]) -> Finding:
    if not containers:
        return Finding(name, False, f"was never started: `docker compose up -d {name}`")
    if name in ONE_SHOT:
        last = containers[-1]
        return Finding(name, last.well, f"exit code {last.exit_code}")
    away = [container for container in containers if not container.up]
    if away:
        return Finding(name, False, ", ".join(f"{each.name} is {each.health or each.state}" for each in away))
    return Finding(name, True, f"{_containers(len(containers))} up")


def _page(
    services: Mapping[str, Mapping[str, Any]], containers: Sequence[Container], service: str
) -> str | None:
    port = PAGES[service]
    for container in containers:
        if container.service == service and container.state == "running":
            reached = address(services.get(service, {}), port, container.published)
            return f"http://{reached}" if reached else None
    return None


def _probed(part: str, service: str, page: str | None, path: str) -> Finding:
    return answers(part, f"{page}{path}") if page else _unreachable(part, service)


def _unreachable(part: str, service: str) -> Finding:
    return Finding(part, False, f"{service} does not run, or this host does not reach it")


def _containers(count: int) -> str:
    return f"{count} container{'' if count == 1 else 's'}"
