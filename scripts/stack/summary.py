"""Wait until the stack is healthy, then print where it is and how it is.

Services named on the command line were left out on purpose; with --at-once nothing is waited for. Exit
status: 0 when everything that was started is healthy, 4 when something is not.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = os.environ.get("COMPOSE", "docker compose").split()
ADDRESSES = {
    "genetic-pool": ("GenePool", 8000, "/progress"),
    "ray-head": ("Ray dashboard", 8265, ""),
    "prometheus": ("Prometheus", 9090, ""),
    "grafana": ("Grafana", 3000, ""),
}
PATIENCE = 240.0
PAUSE = 2.0
LAST_LINES = "5"


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
    address
        Where its ports are published; empty when none is.
    """

    name: str
    service: str
    state: str
    health: str
    code: int
    address: str = ""

    @property
    def good(self) -> bool:
        """Whether it runs and is healthy, or did its one task."""
        if self.state == "exited":
            return self.service == "migrate" and self.code == 0
        return self.state == "running" and self.health in {"", "healthy"}

    @property
    def waits(self) -> bool:
        """Whether nothing went wrong with it so far: its turn has not come, or its first probe."""
        return self.state == "created" or (self.state == "running" and self.health == "starting")

    @property
    def said(self) -> str:
        """Its state in a word or two."""
        if self.state == "exited":
            return "done" if self.good else f"ended with {self.code}"
        return self.health or ("running" if self.state == "running" else self.state)


def containers(text: str) -> list[Container]:
    """Read what ``docker compose ps --format json`` printed: a list, or an object a line, by version."""
    one_list = text.lstrip().startswith("[")
    rows = json.loads(text) if one_list else [json.loads(row) for row in text.splitlines()]
    return sorted((_container(row) for row in rows), key=lambda container: container.name)


def _container(row: Mapping[str, Any]) -> Container:
    published = [port["URL"] for port in row.get("Publishers") or [] if port["PublishedPort"]]
    return Container(
        row["Name"],
        row["Service"],
        row["State"],
        row.get("Health", ""),
        int(row.get("ExitCode", 0)),
        published[0] if published else "",
    )


def settled(seen: Sequence[Container]) -> bool:
    """Return whether waiting longer cannot make it better."""
    return bool(seen) and all(one.good for one in seen)


def report(seen: Sequence[Container], left_out: Sequence[str]) -> str:
    """Return the addresses and the table of health."""
    width = max([len(name) for name in [*(one.name for one in seen), *left_out]], default=0)
    addresses = [_address(one, width) for one in seen if one.service in ADDRESSES and one.address]
    health = [f"  {one.name:<{width}}  {one.said}" for one in seen]
    absent = [f"  {name:<{width}}  left out: its image is not here and cannot be pulled" for name in left_out]
    return "\n".join(["Addresses", *addresses, "", "Health", *health, *absent])


def _address(one: Container, width: int) -> str:
    title, port, path = ADDRESSES[one.service]
    here = one.address in {"127.0.0.1", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    return f"  {title:<{width}}  http://{'localhost' if here else one.address}:{port}{path}"


def _look() -> list[Container]:
    done = subprocess.run(
        [*COMPOSE, "ps", "--all", "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return containers(done.stdout)


def _wait(seconds: float) -> list[Container]:
    deadline = time.monotonic() + seconds
    while not settled(seen := _look()) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return seen


def last_words(one: Container) -> str:
    """Return the last lines that a container logged, indented."""
    command = ["docker", "logs", "--tail", LAST_LINES, one.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "\n".join(f"    {line}" for line in (done.stdout + done.stderr).splitlines() if line.strip())


def _trouble(one: Container) -> str:
    whole = f"docker compose logs {one.service}"
    return f"{one.name}: {one.said}; its last words, more by `{whole}`:\n{last_words(one)}"


def main(left_out: Sequence[str], patience: float = PATIENCE) -> int:
    """Wait, print, and return the exit status."""
    seen = _wait(patience)
    print(report(seen, left_out), flush=True)
    bad = [one for one in seen if not one.good]
    for one in [one for one in bad if not one.waits]:
        print(f"\n{_trouble(one)}", file=sys.stderr)
    return 4 if bad or not seen else 0


if __name__ == "__main__":
    words = sys.argv[1:]
    named = [word for word in words if word != "--at-once"]
    sys.exit(main(named, 0.0 if named != words else PATIENCE))
