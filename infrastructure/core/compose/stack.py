"""One Compose project, driven through ``docker compose`` and ``docker``."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genepool.errors import ConfigError, ServiceUnavailable
from infrastructure.core.compose.addresses import COORDINATOR
from infrastructure.core.compose.containers import Container, parse_containers

# A service takes this long at most to start or stop; afterwards Docker itself hangs.
_PATIENCE_SECONDS = 300.0
# A command inside a container may breed a whole run.
_COMMAND_SECONDS = 600.0
# Longer than Ray's own drain, which ends after 30 seconds.
DRAIN_SECONDS = 45


class StackError(ServiceUnavailable):
    """The stack, or Docker itself, did not do what it was told.

    Parameters
    ----------
    message
        What failed, in one sentence.
    said
        All that Docker said about it.
    """

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said


@dataclass(frozen=True, slots=True)
class ComposeStack:
    """The services of one Compose project.

    Parameters
    ----------
    folder
        Where the Compose file is; ``COMPOSE_FILE`` and ``COMPOSE_PROJECT_NAME`` are heeded as always.
    flags
        For every Compose command: project, files, settings.
    """

    folder: Path
    flags: Sequence[str] = ()

    def services(self) -> dict[str, dict[str, Any]]:
        """Return the services that the active profiles hold, as Compose renders them, by name.

        Raises
        ------
        StackError
            When Docker does not answer, or there is no Compose file; so do all other methods.
        ConfigError
            When the folder does not exist; so do all other methods.
        """
        rendered: dict[str, dict[str, Any]] = json.loads(self.compose("config", "--format", "json"))[
            "services"
        ]
        return dict(sorted(rendered.items()))

    def containers(self, service: str | None = None) -> list[Container]:
        """Return the containers of a service or of all, stopped ones too, by service and number."""
        found = parse_containers(self.compose("ps", "--all", "--format", "json"))
        return [container for container in found if service in {None, container.service}]

    def scale(self, counts: Mapping[str, int]) -> None:
        """Bring services to so many containers each; other services are not touched.

        Compose counts stopped containers and starts them again. Where there are too many it removes
        those with the highest numbers, busy or not: `stop` and `remove` them by choice beforehand.
        """
        flags = [f"--scale={service}={count}" for service, count in counts.items()]
        self.compose("up", "--detach", "--no-recreate", "--no-deps", *flags, *counts)

    def stop(self, containers: Sequence[Container]) -> None:
        """Stop containers at once and wait: each is told to go, and killed after ``DRAIN_SECONDS``."""
        names = [container.name for container in containers]
        self.docker("stop", "--time", str(DRAIN_SECONDS), *names)

    def remove(self, containers: Sequence[Container]) -> None:
        """Remove stopped containers with their anonymous volumes."""
        self.docker("rm", "--volumes", *(container.name for container in containers))

    def inside(
        self,
        *command: str,
        service: str = COORDINATOR,
        environment: Mapping[str, str] | None = None,
        seconds: float = _COMMAND_SECONDS,
        check: bool = True,
        given: str = "",
    ) -> str:
        """Run a command in a service's container, its standard input given, and return what it printed."""
        places = [part for name, value in (environment or {}).items() for part in ("-e", f"{name}={value}")]
        arguments = ["exec", "-T", *places, service, *command]
        return self.compose(*arguments, seconds=seconds, check=check, given=given)

    def compose(
        self,
        *arguments: str,
        seconds: float = _PATIENCE_SECONDS,
        check: bool = True,
        given: str | None = None,
    ) -> str:
        """Run a docker compose command, its standard input given, and return what it printed."""
        return self.docker("compose", *self.flags, *arguments, seconds=seconds, check=check, given=given)

    def docker(
        self,
        *arguments: str,
        seconds: float = _PATIENCE_SECONDS,
        check: bool = True,
        given: str | None = None,
    ) -> str:
        """Run a docker command, its standard input given, and return what it printed."""
        command = ("docker", *arguments)
        done = self._done(command, seconds, given)
        if check and done.returncode:
            said = done.stderr.strip() or done.stdout.strip() or "it said nothing"
            failed = f"`{' '.join(command)}` failed in {self.folder}: {said.splitlines()[-1]}"
            raise StackError(failed, said)
        return done.stdout.strip()

    def _done(
        self, command: Sequence[str], seconds: float, given: str | None
    ) -> "subprocess.CompletedProcess[str]":
        try:
            return subprocess.run(
                command, cwd=self.folder, input=given, capture_output=True, text=True, timeout=seconds,
                check=False,
            )  # fmt: skip
        except OSError as error:
            if not self.folder.is_dir():
                raise ConfigError(
                    f"there is no folder {self.folder}: name that of the Compose file"
                ) from error
            raise StackError(
                f"docker cannot be started ({error.strerror}): install Docker with Compose v2"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise StackError(f"`{' '.join(command)}` took longer than {seconds:.0f} s") from error
