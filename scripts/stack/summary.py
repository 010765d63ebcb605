"""Wait until the stack is healthy, then print where it is and how it is.

Services named on the command line were left out on purpose; with --at-once nothing is waited for. Exit
status: 0 when everything that was started is healthy, 4 when something is not.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infrastructure.core.compose.addresses import PAGES, address
from infrastructure.core.compose.containers import Container, parse_containers
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
_RESTARTS = "{{.Name}} {{.RestartCount}}"


@dataclass(frozen=True, slots=True)
class Started:
    """A container, and how often it was started.

    Parameters
    ----------
    container
        What Compose says of it.
    restarts
        How often its restart policy has started it again.
    """

    container: Container
    restarts: int = 0

    @property
    def waits(self) -> bool:
        """Whether nothing went wrong with it so far: its turn has not come, or its first probe."""
        one = self.container
        starts = one.state == "running" and one.health == "starting" and not self.restarts
        return one.state == "created" or starts

    @property
    def said(self) -> str:
        """Its state in a word or two."""
        one = self.container
        if one.state == "exited":
            return "done" if one.well else f"ended with {one.exit_code}"
        told = one.health if one.state == "running" and one.health else one.state
        return told if one.well or not self.restarts else f"{told}, restarted {self.restarts} times"


def settled(seen: Sequence[Started], before: Mapping[str, int] | None = None) -> bool:
    """Return whether waiting longer cannot make it better.

    Parameters
    ----------
    seen
        The containers as they are.
    before
        Restarts of each when the wait began.
    """
    known = before or {}
    failing = [one for one in seen if not one.container.well]
    if any(one.restarts - known.get(one.container.name, 0) >= HOPELESS for one in failing):
        return True
    return bool(seen) and not failing


def report(
    seen: Sequence[Started], left_out: Sequence[str], services: Mapping[str, Mapping[str, Any]]
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
    width = max([len(name) for name in [*(one.container.name for one in seen), *left_out]], default=0)
    addresses = [_address(one, services, width) for one in seen if one.container.service in TITLES]
    health = [f"  {one.container.name:<{width}}  {one.said}" for one in seen]
    absent = [f"  {name:<{width}}  left out: its image is not here and cannot be pulled" for name in left_out]
    return "\n".join(["Addresses", *filter(None, addresses), "", "Health", *health, *absent])


def _address(one: Started, services: Mapping[str, Mapping[str, Any]], width: int) -> str:
    container = one.container
    title, path = TITLES[container.service]
    rendered, port = services.get(container.service, {}), PAGES[container.service]
    reached = address(rendered, port, container.published)
    if container.state != "running" or not reached:
        return ""
    return f"  {title:<{width}}  http://{reached.replace('127.0.0.1:', 'localhost:')}{path}"


def _look(engine: Engine) -> list[Started]:
    seen = parse_containers(engine.said(*engine.words, "ps", "--all", "--format", "json") or "")
    names = sorted(one.name for one in seen)
    told = (engine.said("docker", "inspect", "--format", _RESTARTS, *names) or "") if seen else ""
    counts = dict(row.lstrip("/").split() for row in told.splitlines())
    return [Started(one, int(counts.get(one.name, 0))) for one in seen]


def _wait(engine: Engine, seconds: float) -> list[Started]:
    deadline = time.monotonic() + seconds
    seen = _look(engine)
    before = {one.container.name: one.restarts for one in seen}
    while not settled(seen, before) and time.monotonic() < deadline:
        time.sleep(PAUSE)
        seen = _look(engine)
    return seen


def _trouble(one: Started, words: Sequence[str]) -> str:
    whole = f"docker compose logs {one.container.service}"
    told = "\n".join(f"    {line}" for line in words)
    return f"{one.container.name}: {one.said}; its last words, more by `{whole}`:\n{told}"


def show(engine: Engine, left_out: Sequence[str], patience: float = PATIENCE) -> int:
    """Wait, print, and return the exit status."""
    seen = _wait(engine, patience)
    print(report(seen, left_out, engine.rendered()[0].get("services", {})), flush=True)
    bad = [one for one in seen if not one.container.well]
    for one in [one for one in bad if not one.waits]:
        print(f"\n{_trouble(one, engine.last_words(one.container.name))}", file=sys.stderr)
    return 4 if bad or not seen else 0


if __name__ == "__main__":
    flags = sys.argv[1:]
    named = [word for word in flags if word != "--at-once"]
    sys.exit(show(Engine(), named, 0.0 if named != flags else PATIENCE))
