"""One disturbed run: start it, wait for it, hold it against the reference, write its figures down."""

import itertools
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import ACKNOWLEDGED, POOL, Stack, read_page
from tests.chaos.stack.recovery import Recovery, Sample, growth, recovery
from tests.chaos.stack.search import Search

_START_SECONDS, _END_SECONDS = 120, 900
_SAMPLE_SECONDS, _LOOK_SECONDS = 60, 0.5
# The history is asked by a program inside its container: a third of a second of work for the watched machine.
_END_LOOK_SECONDS = 2.0
_OVER = ("finished", "interrupted", "failed")
_NUMBERS = itertools.count(1)


def fresh_name() -> str:
    """Return a name that no run ever had."""
    return f"chaos-{time.time_ns() // 1_000_000}-{next(_NUMBERS)}"


@dataclass
class Trial:
    """A run on the stack, watched.

    Parameters
    ----------
    stack
        Where it runs.
    search
        What is searched.
    name
        Of the run, never used before.
    samples
        Filled by a sampler.
    """

    stack: Stack
    search: Search
    name: str
    samples: list[Sample]
    _address: str = field(default="", init=False)
    _fault: float = field(default=0.0, init=False)
    _ended: float = field(default=0.0, init=False)
    _began: float = field(default=0.0, init=False)
    _over: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it as a user would, and do not wait."""
        self._began = self._sampled()
        self.stack.compose("exec", "-d", POOL, *self.search.command(self.name, "distributed"))

    def wait_for_generation(self, number: int, seats: int = 0) -> None:
        """Wait until so many generations are recorded, and so many evaluation processes work."""

        def there() -> bool:
            recorded = self.progress().get("generation")
            actors = self.samples[-1].actors if self.samples else 0
            return recorded is not None and recorded + 1 >= number and actors >= seats

        self._wait(f"generation {number} with {seats} evaluation processes", there, _START_SECONDS)

    def disturb(self, inject: Callable[[], object]) -> float:
        """Inject a fault and return when; the first one is what recovery is measured from."""
        at = time.monotonic()
        self._fault = self._fault or at
        inject()
        return at

    def stop(self) -> None:
        """Ask for its end."""
        self.stack.stop_run(self.name)

    def digests(self) -> dict[int, str]:
        """Return the digest of each recorded generation."""
        of_run = f"(SELECT id FROM runs WHERE name = '{self.name}')"  # noqa: S608 - our own name
        rows = self.stack.query(f"SELECT number, digest FROM generations WHERE run_id = {of_run}")  # noqa: S608 - as above
        return {int(number): digest for number, digest in rows}

    def wait_for_end(self) -> None:
        """Wait until the history says that the run is over."""
        self._wait("the run's end", lambda: self.state() in _OVER, _END_SECONDS, _END_LOOK_SECONDS)
        self._ended = self._last_progress()
        self._over = self._sampled()

    def progress(self) -> dict[str, Any]:
        """Return what the coordinator tells of this run; nothing while it tells nothing."""
        try:
            # Asked once: Compose takes a fifth of a second of work to say it.
            self._address = self._address or self.stack.address(POOL, 8000)
            document: dict[str, Any] = json.loads(read_page(f"http://{self._address}/progress"))
        except StackError:
            return {}
        return document if document.get("run") == self.name else {}

    def state(self) -> str:
        """Return what the history says; empty while it is away or does not know the run."""
        try:
            rows = self.stack.query(f"SELECT state FROM runs WHERE name = '{self.name}'")  # noqa: S608 - our own name
        except StackError:
            return ""
        return rows[0][0] if rows else ""

    def verdict(self, reference: str | None = None) -> list[str]:
        """Return what the outside checker found; nothing when the run ended as the undisturbed one did."""
        expected = ["--reference", reference] if reference else []
        document = self.stack.check_history("--run", self.name, "--finished", *expected)
        found = [f"{one['finding']}: {one['detail']}" for one in document["findings"]]
        accepted, stored = self.accepted(), self.stored()
        if accepted not in {None, stored}:
            found.append(f"counted-otherwise: {accepted} evaluations were accepted, {stored} are stored")
        return found

    def accepted(self) -> float | None:
        """Return how many evaluations the coordinator counted; None when it was replaced in between."""
        return growth(self.samples, self._began, self._over)

    def stored(self) -> float:
        """Return how many evaluations the history says the nodes made."""
        statement = f"SELECT coalesce(sum(evaluations), 0) FROM node_share WHERE run = '{self.name}'"  # noqa: S608 - our own name
        return float(self.stack.query(statement)[0][0])

    def acknowledged(self) -> dict[int, tuple[float, str]]:
        """Return when each generation was acknowledged, in Unix seconds, and with which digest."""
        return acknowledged(self.stack, self.name)

    def retries(self, reason: str) -> float:
        """Return how many batches the coordinator handed out again for this reason, in whatever run."""
        counted = rf'^genepool_retries_total\{{reason="{reason}"\}} (\S+)$'
        return sum(map(float, re.findall(counted, self.stack.page("/metrics"), re.MULTILINE)))

    def felt(self, since: float | None = None) -> Recovery:
        """Return what the first fault cost, or one at a given instant."""
        return recovery(list(self.samples), since or self._fault, self._ended)

    def write(self, folder: Path, fault: str, figures: Mapping[str, Any]) -> None:
        """Write the figures of this run where the page of docs is made from."""
        document = {
            "run": self.name,
            "run_seconds": round(self._ended - self._began, 1),
            "generations": self.search.generations,
            "population_size": self.search.population_size,
            **asdict(self.felt()),
            "accepted": self.accepted(),
            "stored": self.stored(),
            **figures,
        }
        write_figures(folder, fault, document)

    def _sampled(self) -> float:
        """Wait for a sample of what is now, and return when it was taken."""
        now = time.monotonic()

        def fresh() -> bool:
            return any(one.at > now and one.evaluations is not None for one in self.samples[-1:])

        self._wait("sample", fresh, _SAMPLE_SECONDS)
        return self.samples[-1].at

    def _last_progress(self) -> float:
        known = [sample for sample in self.samples if sample.evaluations is not None]
        last = known[-1].evaluations
        return next(sample.at for sample in known if sample.evaluations == last)

    def _wait(
        self, what: str, there: Callable[[], bool], seconds: float, pause: float = _LOOK_SECONDS
    ) -> None:
        deadline = time.monotonic() + seconds
        while not there():
            if time.monotonic() > deadline:
                raise StackError(f"{self.name}: no {what} within {seconds} s; last seen {self.samples[-1:]}")
            time.sleep(pause)


def acknowledged(stack: Stack, run: str) -> dict[int, tuple[float, str]]:
    """Return when each generation of a run was acknowledged, in Unix seconds, and with which digest."""
    lines = (json.loads(line) for line in stack.inside("grep", "-F", f'"{run}"', ACKNOWLEDGED).splitlines())
    return {
        line["generation"]: (datetime.fromisoformat(line["at"]).timestamp(), line["digest"])
        for line in lines
        if "generation" in line
    }


def write_figures(folder: Path, fault: str, figures: Mapping[str, Any]) -> None:
    """Write the figures of one fault, with the facts of the host."""
    facts = {
        "fault": fault,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**facts, **figures}, indent=2) + "\n"
    (folder / f"{fault.replace(' ', '-')}.json").write_text(text, encoding="utf-8")
