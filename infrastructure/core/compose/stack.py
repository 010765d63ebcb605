"""One Compose project, driven through ``docker compose`` and ``docker``."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genepool.errors import ConfigError, ServiceUnavailable
from infrastructure.core.compose.containers import Container, parse_containers

# A service takes this long at most to start or stop; afterwards Docker itself hangs.
_PATIENCE_SECONDS = 300.0
# Longer than Ray's own drain, which ends after 30 seconds.
DRAIN_SECONDS = 45


class ComposeStack:
    """The services of one Compose file.

    Parameters
    ----------
    folder
        Where the Compose file is; ``COMPOSE_FILE`` and ``COMPOSE_PROJECT_NAME`` are heeded as always.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def services(self) -> dict[str, dict[str, Any]]:
        """Return the services that the active profiles hold, as Compose renders them, by name.

        Raises
        ------
        ServiceUnavailable
            When Docker does not answer, or there is no Compose file; so do all other methods.
        ConfigError
            When the folder does not exist; so do all other methods.
        """
        rendered: dict[str, dict[str, Any]] = json.loads(self._compose("config", "--format", "json"))[
            "services"
        ]
        return dict(sorted(rendered.items()))

    def containers(self) -> list[Container]:
        """Return all containers, stopped ones too, by service and number."""
        return parse_containers(self._compose("ps", "--all", "--format", "json"))

    def scale(self, counts: Mapping[str, int]) -> None:
        """Bring services to so many containers each; other services are not touched.

        Compose counts stopped containers and starts them again. Where there are too many it removes
        those with the highest numbers, busy or not: `stop` and `remove` them by choice beforehand.
        """
        flags = [f"--scale={service}={count}" for service, count in counts.items()]
        self._compose("up", "--detach", "--no-recreate", "--no-deps", *flags, *counts)

    def stop(self, containers: Sequence[Container]) -> None:
        """Stop containers at once and wait: each is told to go, and killed after ``DRAIN_SECONDS``."""
        names = [container.name for container in containers]
        self._run("docker", "stop", "--time", str(DRAIN_SECONDS), *names)

    def remove(self, containers: Sequence[Container]) -> None:
        """Remove stopped containers with their anonymous volumes."""
        self._run("docker", "rm", "--volumes", *(container.name for container in containers))

    def _compose(self, *arguments: str) -> str:
        return self._run("docker", "compose", *arguments)

    def _run(self, *command: str) -> str:
        try:
            done = subprocess.run(
                command,
                cwd=self._folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=_PATIENCE_SECONDS,
            )
        except OSError as error:
            if not self._folder.is_dir():
                raise ConfigError(
                    f"there is no folder {self._folder}: name that of the Compose file"
                ) from error
            raise ServiceUnavailable(
                f"docker cannot be started ({error.strerror}): install Docker with Compose v2"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise ServiceUnavailable(
                f"`{' '.join(command)}` took longer than {_PATIENCE_SECONDS:.0f} s"
            ) from error
        if done.returncode:
            said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
            raise ServiceUnavailable(f"`{' '.join(command)}` failed in {self._folder}: {said}")
        return done.stdout.strip()
