"""Docker and Compose, as programs that are told what to do and asked what there is."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.stack.digests import digests

ROOT = Path(__file__).resolve().parents[2]
LAST_LINES = "5"
_PROJECT, _SERVICE = "com.docker.compose.project", "com.docker.compose.service"
_LABELS = (_SERVICE, "com.docker.compose.project.working_dir", "genepool.secrets")
_COLUMNS = ("Names", "State", "Networks", "Ports")


@dataclass(frozen=True, slots=True)
class Seen:
    """What Docker says of one container of the project, running or not."""

    name: str
    state: str
    networks: str
    ports: str
    service: str
    folder: str
    secrets: str

    def holds(self, port: int) -> bool:
        """Whether it is what listens on a port of this machine, by publishing it or on the host's network."""
        return self.state == "running" and (f":{port}->" in self.ports or self.networks == "host")


def _words() -> tuple[str, ...]:
    return tuple(os.environ.get("COMPOSE", "docker compose").split())


def _environment() -> dict[str, str]:
    return {**os.environ, **digests(ROOT / "secrets")}


@dataclass(frozen=True, slots=True)
class Engine:
    """The Docker engine, and the Compose project in a folder.

    Parameters
    ----------
    folder
        Where the Compose files are.
    words
        How Compose is called.
    environment
        What it is given; with the digests of the secrets, from which the labels of containers are made.
    """

    folder: Path = ROOT
    words: Sequence[str] = field(default_factory=_words)
    environment: Mapping[str, str] = field(default_factory=_environment)

    def run(
        self, *command: str, given: str | None = None, seconds: float = 60
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command; one that cannot be started or takes too long has failed and says so."""
        try:
            return subprocess.run(
                command, cwd=self.folder, env=self.environment, input=given,
                capture_output=True, text=True, timeout=seconds, check=False,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            return subprocess.CompletedProcess(command, 127, "", str(error))

    def said(self, *command: str, given: str | None = None) -> str | None:
        """Return what a command printed, None when it failed."""
        done = self.run(*command, given=given)
        return None if done.returncode else done.stdout.strip()

    def rendered(self, *flags: str, given: str | None = None) -> tuple[dict[str, Any], str]:
        """Return what Compose makes of its files, or nothing and its complaint."""
        done = self.run(*self.words, *flags, "config", "--format", "json", given=given)
        if done.returncode:
            return {}, (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        document: dict[str, Any] = json.loads(done.stdout)
        return document, ""

    def containers(self, project: str) -> list[Seen]:
        """Return the containers of a project, made from any folder."""
        shown = [f"{{{{.{name}}}}}" for name in _COLUMNS] + [f'{{{{.Label "{name}"}}}}' for name in _LABELS]
        filters = ("--filter", f"label={_PROJECT}={project}")
        told = self.said("docker", "ps", "--all", *filters, "--format", "\t".join([*shown, "."])) or ""
        return sorted((Seen(*row.split("\t")[:-1]) for row in told.splitlines()), key=lambda one: one.name)

    def last_words(self, container: str) -> list[str]:
        """Return the last lines that a container logged."""
        done = self.run("docker", "logs", "--tail", LAST_LINES, container)
        return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
