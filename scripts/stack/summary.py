"""Wait until the stack is healthy, then print where it is and how it is.

Services named on the command line were left out on purpose; with --at-once nothing is waited for. Exit
status: 0 when everything that was started is healthy, 4 when something is not.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from infrastructure.core.compose.addresses import PAGES, address, reachable
from scripts.stack.engine import Engine

TITLES = {
    "genetic-pool": ("GenePool", "/progress"),
    "ray-head": ("Ray dashboard", ""),
    "prometheus": ("Prometheus", ""),
    "grafana": ("Grafana", ""),
}
PATIENCE = 240.0
PAUSE = 2.0
# After this number of restarts while it is waited for, a container will not come up by itself.
HOPELESS = 3


@dataclass(frozen=True, slots=True)
class Container:
    """What Compose says of one container.

    Parameters
    ----------
    name, service
        Its names.
    state
        ``running``, ``exited``, ``restarting`` and the like.
    health
        ``healthy``, ``unhealthy``, ``starting``, or empty where the image offers no probe.
    code
        Exit status, when it ended.
    restarts
        How often its restart policy has started it again.
    chosen
        Address by port inside, where it is published.
    """

    name: str
    service: str
    state: str
    health: str
    code: int
    restarts: int = 0
    chosen: Mapping[int, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether it runs and is healthy, or did its one task."""
        if self.state == "exited":
            return self.service == "migrate" and self.code == 0
        return self.state == "running" and self.health in {"", "healthy"}

    @property
    def waits(self) -> bool:
        """Whether nothing went wrong with it so far: its turn has not come, or its first probe."""
        starts = self.state == "running" and self.health == "starting" and not self.restarts
        return self.state == "created" or starts

    @property
    def said(self) -> str:
        """Its state in a word or two."""
        if self.state == "exited":
            return "done" if self.good else f"ended with {self.code}"
        told = self.health if self.state == "running" and self.health else self.state
        return told if self.good or not self.restarts else f"{told}, restarted {self.restarts} times"


def containers(text: str) -> list[Container]:
    """Read what ``docker compose ps --format json`` printed: a list, or an object a line, by version."""
    one_list = text.lstrip().startswith("[")
    rows = json.loads(text) if one_list else [json.loads(row) for row in text.splitlines()]
    return sorted((_container(row) for row in rows), key=lambda container: container.name)


def _container(row: Mapping[str, Any]) -> Container:
    published = {
        port["TargetPort"]: f"{reachable(port['URL'])}:{port['PublishedPort']}"
        for port in row.get("Publishers") or []
        if port["PublishedPort"]
    }
    return Container(
        row["Name"],
        row["Service"],
        row["State"],
        row.get("Health", ""),
        int(row.get("ExitCode", 0)),
        chosen=published,
    )


def settled(seen: Sequence[Container], before: Mapping[str, int] | None = None) -> bool:
    """Return whether waiting longer cannot make it better.

    Parameters
    ----------
    seen
        The containers as they are.
    before
        Restarts of each when the wait began.
    """
    known = before or {}
    if any(not one.good and one.restarts - known.get(one.name, 0) >= HOPELESS for one in seen):
        return True
    return bool(seen) and all(one.good for one in seen)


def report(
    seen: Sequence[Container], left_out: Sequence[str], services: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return the addresses and the table of health.

    Parameters
    ----------
    seen
        The containers as they are.
    left_out
        Services that were not started.
    services
        As Compose renders them.
    """
    width = max([len(name) for name in [*(one.name for one in seen), *left_out]], default=0)
    addresses = [_address(one, services, width) for one in seen if one.service in TITLES]
    health = [f"  {one.name:<{width}}  {one.said}" for one in seen]
    absent = [f"  {name:<{width}}  left out: its image is not here and cannot be pulled" for name in left_out]
    return "\n".join(["Addresses", *filter(None, addresses), "", "Health", *health, *absent])


def _address(one: Container, services: Mapping[str, Mapping[str, Any]], width: int) -> str:
    title, path = TITLES[one.service]
    reached = address(services.get(one.service, {}), PAGES[one.service], one.chosen)
    if one.state != "running" or not reached:
        return ""
    return f"  {title:<{width}}  http://{reached.replace('127.0.0.1:', 'localhost:')}{path}"


def _look(engine: Engine) -> list[Container]:
    seen = containers(engine.said(*engine.words, "ps", "--all", "--format", "json") or "")
    shown = ("docker", "inspect", "--format", "{{.Name}} {{.RestartCount}}", *(one.name for one in seen))
    told = (engine.said(*shown) or "") if seen else ""
    counts = dict(row.lstrip("/").split() for row in told.splitlines())
    return [replace(one, restarts=int(counts.get(one.name, 0))) for one in seen]


def _wait(engine: Engine, seconds: float) -> list[Container]:
    deadline = time.monotonic() + seconds
    seen = _look(engine)
    before = {one.name: one.restarts for one in seen}
    while not settled(seen, before) and time.monotonic() < deadline:
        time.sleep(PAUSE)
        seen = _look(engine)
    return seen


def _trouble(one: Container, words: Sequence[str]) -> str:
    whole = f"docker compose logs {one.service}"
    told = "\n".join(f"    {line}" for line in words)
    return f"{one.name}: {one.said}; its last words, more by `{whole}`:\n{told}"


def show(engine: Engine, left_out: Sequence[str], patience: float = PATIENCE) -> int:
    """Wait, print, and return the exit status."""
    seen = _wait(engine, patience)
    print(report(seen, left_out, engine.rendered()[0].get("services", {})), flush=True)
    bad = [one for one in seen if not one.good]
    for one in [one for one in bad if not one.waits]:
        print(f"\n{_trouble(one, engine.last_words(one.name))}", file=sys.stderr)
    return 4 if bad or not seen else 0


if __name__ == "__main__":
    flags = sys.argv[1:]
    named = [word for word in flags if word != "--at-once"]
    sys.exit(show(Engine(), named, 0.0 if named != flags else PATIENCE))
