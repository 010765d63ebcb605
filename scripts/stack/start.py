"""Start every service whose image is here, can be built or can be pulled, and say which were left out."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = os.environ.get("COMPOSE", "docker compose").split()
# A registry that does not answer should not hold the start up for ever; a slow one should not be cut off.
PULL_SECONDS = 600.0


def unavailable(services: Mapping[str, Mapping[str, Any]], obtainable: Callable[[str], bool]) -> list[str]:
    """Return the services that cannot start for want of an image.

    Parameters
    ----------
    services
        As ``docker compose config`` renders them.
    obtainable
        Whether an image is on this machine or can be brought here; asked once an image.
    """
    known: dict[str, bool] = {}
    for service in services.values():
        if not _built(service) and service["image"] not in known:
            known[service["image"]] = obtainable(service["image"])
    return [name for name, service in services.items() if not known.get(service["image"], True)]


def _built(service: Mapping[str, Any]) -> bool:
    return "build" in service or service.get("pull_policy") == "never"


def _obtainable(image: str) -> bool:
    if (
        subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode
        == 0
    ):
        return True
    print(f"pulling {image} ...", flush=True)
    try:
        done = subprocess.run(
            ["docker", "pull", "--quiet", image], capture_output=True, timeout=PULL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    """Start the stack and wait for its health; return the exit status."""
    rendered = subprocess.run(
        [*COMPOSE, "config", "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    services = json.loads(rendered.stdout)["services"]
    left_out = unavailable(services, _obtainable)
    named = [name for name in services if name not in left_out]
    started = subprocess.run([*COMPOSE, "up", "--detach", *named], cwd=ROOT, check=False)
    patience = ["--at-once"] if started.returncode else []
    summary = [sys.executable, str(ROOT / "scripts" / "stack" / "summary.py"), *patience, *left_out]
    return subprocess.run(summary, cwd=ROOT, check=False).returncode or (4 if started.returncode else 0)


if __name__ == "__main__":
    sys.exit(main())
