"""The real service on a folder of its own, in this process, and clients of it with keys of every scope."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import httpx
from fastapi import FastAPI
from typing_extensions import override

from genepool.adapters.store import SqlStore
from genepool.api_keys import Scope, fresh_key
from genepool.jobs import ENDED
from genepool.pool.stop_request import StopRequest
from genepool.service.serving import served
from genepool.settings import Settings
from tests.fakes.bred_runs import bred_run, record_in

# What a worker of the service breeds within a second or two once it is warm.
QUICK: Mapping[str, Any] = MappingProxyType(
    {
        "data": "synthetic:noise:seed=1,candles=2600",
        "preset": "all",
        "strategies": "ema_crossover",
        "population_size": 8,
        "generations": 2,
        "purge": 8,
        "embargo": 8,
    }
)
_WAIT_SECONDS = 120.0
_OVER = {"finished", "failed", "interrupted"}


@dataclass(frozen=True, slots=True)
class ServiceOverHttp:
    """A service that answers somewhere, asked over HTTP alone.

    Parameters
    ----------
    address
        Where, without a slash at the end.
    keys
        A key of each scope.
    clients
        What asks with them.
    stranger
        Asks without a key.
    """

    address: str
    keys: Mapping[Scope, str]
    clients: Mapping[Scope, httpx.Client]
    stranger: httpx.Client

    @property
    def reader(self) -> httpx.Client:
        """A client that may only look."""
        return self.clients["read"]

    @property
    def runner(self) -> httpx.Client:
        """A client that may also breed."""
        return self.clients["run"]

    @property
    def admin(self) -> httpx.Client:
        """A client that may do everything."""
        return self.clients["admin"]

    def recorded(self, name: str) -> str:
        """Return a finished run of that name; it is bred, unless a service knows a quicker way."""
        return self.evolved(name)

    def ordered(self, name: str, **changes: Any) -> str:  # noqa: ANN401 - JSON of the request
        """Order a run over HTTP, without waiting for it."""
        answer = self.runner.post("/v1/runs", json={**QUICK, "name": name, **changes})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["run"])

    def evolved(self, name: str, **changes: Any) -> str:  # noqa: ANN401 - as above
        """Order a run over HTTP, and wait until it is over and its report written."""
        run = self.ordered(name, **changes)
        assert self.awaited(run) == "finished"
        until = time.monotonic() + _WAIT_SECONDS
        while any(job["state"] not in ENDED for job in self.jobs_of(run)):
            assert time.monotonic() < until, f"the job of {run} has not ended"
            time.sleep(0.05)
        return run

    def awaited(self, run: str) -> str:
        """Wait until a run is over, and return its state."""
        until = time.monotonic() + _WAIT_SECONDS
        while (state := self.state(run)) not in _OVER:
            assert time.monotonic() < until, f"{run} is still {state}"
            time.sleep(0.05)
        return state

    def state(self, run: str) -> str:
        """Return where a run stands."""
        return str(self._line(run).get("state", "queued"))

    def generations(self, run: str) -> int:
        """Return how many generations of a run are recorded."""
        return int(self._line(run).get("generations", 0))

    def _line(self, run: str) -> Mapping[str, Any]:
        listed = self.reader.get("/v1/runs", params={"text": run}).raise_for_status().json()["runs"]
        return next((one for one in listed if one["run"] == run), {})

    def job(self, number: int) -> Any:  # noqa: ANN401 - JSON
        """Return the document of a job."""
        return self.reader.get(f"/v1/jobs/{number}").raise_for_status().json()

    def jobs_of(self, run: str) -> Any:  # noqa: ANN401 - JSON
        """Return the documents of a run's jobs, the newest first."""
        return self.reader.get("/v1/jobs", params={"run": run}).raise_for_status().json()["jobs"]


@dataclass(frozen=True, slots=True)
class LiveService(ServiceOverHttp):
    """A service in this process.

    Parameters
    ----------
    settings
        They name its folders.
    store
        Its history: a test may write to it what takes long to come about.
    app
        What answers.
    """

    settings: Settings
    store: SqlStore
    app: FastAPI

    @override
    def recorded(self, name: str, **choices: Any) -> str:
        """Write a finished run of three strategies to the history: quicker than its breeding."""
        record_in(self.store, bred_run(name, **choices))
        return name

    @override
    def state(self, run: str) -> str:
        """Return where a run stands, without a way over HTTP."""
        return self.store.book.summary(run).state


@contextmanager
def service_at(address: str, keys: Mapping[Scope, str]) -> Iterator[ServiceOverHttp]:
    """Yield clients of a service that runs already."""
    with ExitStack() as held:

        def client(key: str | None) -> httpx.Client:
            return held.enter_context(_client(address, key))

        clients = {scope: client(key) for scope, key in keys.items()}
        yield ServiceOverHttp(address, keys, clients, client(None))


def _client(address: str, key: str | None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=address, headers=headers, timeout=30, trust_env=False)


@contextmanager
def live_service(folder: Path, cpu_budget: float = 100) -> Iterator[LiveService]:
    """Serve on a free port while the context lasts; about half a second to begin with.

    Parameters
    ----------
    folder
        Holds history and results; such as ``tmp_path_factory.mktemp("service")``.
    cpu_budget
        Share of the machine's CPUs that its runs may use, in percent.
    """
    settings = Settings(
        home=folder / "home", results=folder / "results", cpu_threads=1, cpu_budget=cpu_budget
    )
    stop = StopRequest()
    with served(stop, settings, 0) as answering, ExitStack() as held:
        held.callback(stop.make)
        address = f"http://127.0.0.1:{answering.port}"
        store = answering.service.store
        keys = {scope: _made(store, scope) for scope in get_args(Scope)}

        with service_at(address, keys) as over:
            clients = over.clients
            yield LiveService(address, keys, clients, over.stranger, settings, store, answering.app)


def _made(store: SqlStore, scope: Scope) -> str:
    key = fresh_key()
    store.keys.add(key, f"for tests, {scope}", scope)
    return key
