"""Start every service whose image is here, can be built or can be pulled, and say which were left out."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from scripts.stack import summary
from scripts.stack.digests import PREFIX, remember
from scripts.stack.engine import ROOT, Engine

# A registry that does not answer should not hold the start up for ever; a slow one should not be cut off.
PULL_SECONDS = 600.0
_POSTGRES, _VOLUME = "postgres", "postgres-data"
_ROLES = {
    "genepool": "postgres_password",
    "grafana_reader": "grafana_reader_password",
    "exporter": "exporter_password",
}


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


def _obtainable(engine: Engine, image: str) -> bool:
    if engine.said("docker", "image", "inspect", image) is not None:
        return True
    print(f"pulling {image} ...", flush=True)
    return engine.run("docker", "pull", "--quiet", image, seconds=PULL_SECONDS).returncode == 0


def _remember(engine: Engine) -> None:
    """Leave the digests where a later ``docker compose`` finds them; otherwise it would make all anew."""
    known = {name: value for name, value in engine.environment.items() if name.startswith(PREFIX)}
    try:
        remember(ROOT / ".env", known)
    except OSError as error:
        print(
            f"the digests of secrets/ cannot be written to .env ({error.strerror}): "
            "start single services by `make up` only",
            file=sys.stderr,
        )


def _follow_passwords(engine: Engine) -> None:
    """Give the roles of an older volume the passwords of secrets/, before any other service needs them."""
    if engine.run(*engine.words, "up", "--detach", "--no-deps", "--wait", _POSTGRES, seconds=180).returncode:
        return
    inside = (*engine.words, "exec", "-T", _POSTGRES)
    tried = (
        f"PGPASSWORD=$(cat /run/secrets/{secret}) psql -h 127.0.0.1 -U {role} -d genepool -Atc 'SELECT 1'"
        for role, secret in _ROLES.items()
    )
    if engine.said(*inside, "sh", "-c", " && ".join(tried)) is not None:
        return
    if engine.said(*inside, "bash", "/docker-entrypoint-initdb.d/10-roles.sh") is not None:
        print("Postgres had other passwords in its volume: its roles have those of secrets/ now", flush=True)


def main() -> int:
    """Start the stack and wait for its health; return the exit status."""
    engine = Engine()
    rendered, complaint = engine.rendered()
    if not rendered:
        print(f"the Compose files do not render: {complaint}", file=sys.stderr)
        return 2
    _remember(engine)
    services = rendered["services"]
    left_out = unavailable(services, lambda image: _obtainable(engine, image))
    named = [name for name in services if name not in left_out]
    volume = rendered.get("volumes", {}).get(_VOLUME, {}).get("name", "")
    if _POSTGRES in named and engine.said("docker", "volume", "inspect", volume) is not None:
        _follow_passwords(engine)
    started = subprocess.run(
        [*engine.words, "up", "--detach", *named], cwd=ROOT, env=engine.environment, check=False
    ).returncode
    return summary.show(engine, left_out, 0.0 if started else summary.PATIENCE) or (4 if started else 0)


if __name__ == "__main__":
    sys.exit(main())
