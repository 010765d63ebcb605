"""The running Compose stack, from the host: its pages, its history, its runs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from infrastructure.core.compose.addresses import COORDINATOR, PAGES, address
from infrastructure.core.compose.stack import ComposeStack, StackError

ROOT = Path(__file__).resolve().parents[2]
POOL = COORDINATOR
LAUNCHER = ("python", "-m", "src.execution.genetic_strategy_pool")
ACKNOWLEDGED = "/var/log/genepool/acknowledged.jsonl"

_STOP = """
import sys
from genepool.bootstrap.stores import open_store
from genepool.settings import load_settings
store = open_store(load_settings())
store.request_stop(sys.argv[1])
store.close()
"""


@dataclass(frozen=True, slots=True)
class Stack(ComposeStack):
    """The stack of this program: its coordinator, its pages and its history.

    Parameters
    ----------
    folder
        Where its docker-compose.yml lies.
    """

    folder: Path = ROOT

    def must_run(self) -> None:
        """Say so when there is no running coordinator here.

        Raises
        ------
        StackError
            With what to do about it.
        """
        try:
            states = [container.state for container in self.containers(POOL)]
        except StackError as error:
            raise StackError(f"there is no Docker engine with Compose here: {error}") from error
        if states != ["running"]:
            raise StackError("the Compose stack does not run here: start it with `make secrets up`")

    def address(self, service: str, port: int | None = None) -> str:
        """Return where the host reaches a service, such as ``127.0.0.1:8000``; its page without a port.

        Raises
        ------
        StackError
            When the host does not reach it.
        """
        wanted = port or PAGES[service]
        reached = address(self.services().get(service, {}), wanted) or self._chosen(service, wanted)
        if not reached:
            raise StackError(f"this host does not reach port {wanted} of {service}: does it run?")
        return reached

    def _chosen(self, service: str, port: int) -> str | None:
        """Return the address that the engine chose for a port which the file leaves open."""
        published = (container.published.get(port) for container in self.containers(service))
        return next(filter(None, published), None)

    def page(self, path: str, service: str = POOL, seconds: float = 5) -> str:
        """Return what a service's page answers over HTTP.

        Raises
        ------
        StackError
            When it does not answer, or with an error.
        """
        return read_page(f"http://{self.address(service)}{path}", seconds)

    def query(self, statement: str) -> list[list[str]]:
        """Return the rows of a query on the history, all as text."""
        told = self.inside(
            "psql", "-U", "genepool", "-d", "genepool", "-X", "-A", "-t", "-F", "\t", "-c", statement,
            service="postgres", seconds=60,
        )  # fmt: skip
        return [line.split("\t") for line in told.splitlines() if line]

    def stop_run(self, run: str) -> None:
        """Ask the coordinator to stop a run."""
        self.inside("python", "-c", _STOP, run)

    def check_history(self, *arguments: str) -> dict[str, Any]:
        """Run the outside checker in the coordinator's container and return its document."""
        told = self.inside(
            "python", "scripts/validation/check_history.py", "--log", ACKNOWLEDGED, *arguments, check=False
        )
        try:
            document: dict[str, Any] = json.loads(told)
        except ValueError as error:
            raise StackError(f"the checker did not run: {told[:200] or 'it said nothing'}") from error
        return document


def read_page(url: str, seconds: float = 5) -> str:
    """Return what is at an address.

    Raises
    ------
    StackError
        When no service answers, or one answers with an error.
    """
    try:
        with urlopen(url, timeout=seconds) as answer:  # noqa: S310 - addresses of our own stack
            return str(answer.read().decode())
    except (URLError, OSError) as error:
        raise StackError(f"{url}: {error}") from error


def evolve_command(search: Mapping[str, object], flags: Sequence[str] = ()) -> list[str]:
    """Return the launcher's command line for flags by name, such as ``{"population-size": 100}``."""
    given = [part for name, value in search.items() for part in (f"--{name}", str(value))]
    return [*LAUNCHER, *given, *flags]
