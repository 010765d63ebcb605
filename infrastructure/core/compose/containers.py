"""What ``docker compose ps`` says about containers.

Standard library alone: ``scripts/stack`` reads it with the host's Python.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infrastructure.core.compose.addresses import reachable

# These services end when their work is done.
ONE_SHOT = frozenset({"migrate"})


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a service.

    Parameters
    ----------
    identity
        The container's short identity, which is also its hostname unless the service sets one.
    name
        Its name, such as ``genepool-ray-worker-1-2``.
    project, service, number
        Where it belongs; numbers start at 1.
    state
        ``running``, ``exited``, ``paused``, ``restarting``, ``created`` or ``dead``.
    health
        ``healthy``, ``unhealthy``, ``starting``, or empty for a container without a health check.
    exit_code
        Of a container that has exited.
    published
        Address on this host by port in the container, such as ``{8000: "127.0.0.1:8000"}``.
    """

    identity: str
    name: str
    project: str
    service: str
    number: int
    state: str
    health: str = ""
    exit_code: int = 0
    published: Mapping[int, str] = field(default_factory=dict)

    @property
    def up(self) -> bool:
        """Whether it runs and no health check says otherwise."""
        return self.state == "running" and self.health in {"", "healthy"}

    @property
    def well(self) -> bool:
        """Whether it is up, or has done its one task."""
        if self.service in ONE_SHOT:
            return self.state == "exited" and self.exit_code == 0
        return self.up

    @property
    def short_name(self) -> str:
        """Its name without the project's."""
        return self.name.removeprefix(f"{self.project}-")

    def answers_to(self, node: str) -> bool:
        """Whether a node's name means this container."""
        return node in {self.identity, self.name, self.short_name}


def parse_containers(text: str) -> list[Container]:
    """Read the JSON of ``docker compose ps``, by service and number.

    Compose prints one array until 2.20 and one object a line since. Containers of
    ``docker compose run`` are left out: they are nobody's replicas.
    """
    documents = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]
    found = [_container(document) for document in documents if not _one_off(document)]
    return sorted(found, key=lambda container: (container.service, container.number))


def _container(document: Mapping[str, Any]) -> Container:
    return Container(
        identity=document["ID"][:12],
        name=document["Name"],
        project=document.get("Project", ""),
        service=document["Service"],
        number=int(_labels(document).get("com.docker.compose.container-number") or _last_part(document)),
        state=document["State"],
        health=document.get("Health", ""),
        exit_code=document.get("ExitCode", 0),
        published=_published(document),
    )


def _last_part(document: Mapping[str, Any]) -> str:
    tail = str(document["Name"]).rpartition("-")[2]
    return tail if tail.isdecimal() else "1"


def _one_off(document: Mapping[str, Any]) -> bool:
    return _labels(document).get("com.docker.compose.oneoff") == "True"


def _labels(document: Mapping[str, Any]) -> dict[str, str]:
    pairs = (label.partition("=") for label in str(document.get("Labels", "")).split(","))
    return {name: value for name, _, value in pairs}


def _published(document: Mapping[str, Any]) -> dict[int, str]:
    return {
        entry["TargetPort"]: f"{reachable(entry['URL'])}:{entry['PublishedPort']}"
        for entry in document.get("Publishers") or ()
        if entry["PublishedPort"]
    }
