"""A service of GenePool from Python: what ``gp.evolve`` and ``gp.backtest`` do here, done there."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack
from urllib.parse import quote, urlsplit

from genepool.errors import ConfigError, GenepoolError, Interrupted
from genepool.jobs import TIME_LIMIT_SECONDS, Priority
from genepool.notebook.client_backtest import ServiceBacktest
from genepool.notebook.client_run import Progress, ServiceRun, followed
from genepool.notebook.costs import Costs
from genepool.notebook.reading_flags import ReadingFlags, said_fields
from genepool.settings import load_settings

if TYPE_CHECKING:
    # Comes with an extra.
    from genepool.notebook.client_wire import Wire

_PAGE = 100


class Client:
    """A service that breeds, from Python; see ``docs/service.md``.

    Every request is repeated while the service restarts, where that is safe: what is ordered carries an
    idempotency key, so it is done once.

    Parameters
    ----------
    url
        Address of the service, such as ``"https://genepool.example"``; that of ``GENEPOOL_SERVICE_URL``, or
        this machine's, where none is given.
    key
        What ``genepool keys create`` printed; that of ``GENEPOOL_SERVICE_KEY`` where none is given.
    patience
        Seconds that the client waits for a service that has answered before and does not now.

    Raises
    ------
    ConfigError
        When there is no key, no such address, or httpx is not installed.

    Examples
    --------
    >>> import genepool as gp
    >>> gp.Client("https://genepool.example", key="gp_secret")
    <genepool.Client of https://genepool.example>
    """

    def __init__(self, url: str = "", key: str = "", *, patience: float = 60.0) -> None:
        settings = load_settings()
        address = url or settings.service_url or f"http://127.0.0.1:{settings.service_port}"
        secret = (key or settings.service_key.get_secret_value()).strip()
        if not secret:
            raise ConfigError(
                "a service asks for a key: make one with `genepool keys create`, and give it as key= or in "
                "GENEPOOL_SERVICE_KEY"
            )
        if not (secret.isascii() and secret.isprintable()):
            raise ConfigError("the key holds signs that no key has: copy what `genepool keys create` printed")
        self._wire = _wire(address.rstrip("/"), secret, patience)
        _warn_of_clear_text(address)

    def evolve(
        self,
        data: str,
        /,
        *,
        strategies: Sequence[str] = (),
        population_size: int = 100,
        generations: int = 15,
        max_evaluations: int | None = None,
        max_minutes: float | None = None,
        plateau: int | None = None,
        seed: int = 0,
        objective: str = "sharpe",
        optimizer: str = "genetic",
        preset: str = "development",
        candles: int | None = None,
        costs: Costs | None = None,
        holdout: float = 0.2,
        in_sample: float = 0.6,
        folds: int = 4,
        purge: int = 24,
        embargo: int = 24,
        name: str = "",
        priority: Priority = "interactive",
        time_limit: float = TIME_LIMIT_SECONDS,
        progress: Progress = True,
        wait: bool = True,
    ) -> ServiceRun:
        """Have strategies bred on a market, and the best judged; to the digest that ``gp.evolve`` ends with.

        Interrupting the cell, or Ctrl-C, ends the waiting alone: the service breeds on, and
        ``client.run(name).stop()`` stops it.

        Parameters
        ----------
        data
            Candles that the service knows: a sample, an import, a synthetic market; ``upload`` sends others.
        strategies
            Names of seeds; none for all that can take part.
        population_size, generations, max_evaluations, max_minutes, plateau, seed, objective, optimizer
            How it is bred, and when it ends; as the flags of ``genepool evolve``.
        preset, candles, costs, holdout, in_sample, folds, purge, embargo
            As for ``gp.evolve``.
        name
            Of the run; the service makes one where it is not given.
        priority, time_limit
            Whether a person waits for it, and the seconds that it may take.
        progress
            Whether one line shows how it goes, or who is told of every document of its job instead.
        wait
            False to return at once.

        Returns
        -------
        ServiceRun
            Leaderboard, champion, verdict, report; and what stops and continues it.

        Raises
        ------
        ConfigError, DataError, RunExists
            When what is asked for cannot be bred.
        Interrupted
            When it was stopped, or the waiting was interrupted.
        ServiceUnavailable
            When the service does not answer.
        """
        body = {
            "data": _named(data),
            "name": name,
            "strategies": _joined(strategies),
            "population_size": population_size,
            "generations": generations,
            "max_evaluations": max_evaluations,
            "max_minutes": max_minutes,
            "plateau": plateau,
            "seed": seed,
            "objective": objective,
            "optimizer": optimizer,
            "preset": preset,
            "candles": candles,
            "holdout": holdout,
            "in_sample": in_sample,
            "folds": folds,
            "purge": purge,
            "embargo": embargo,
            "priority": priority,
            "time_limit": time_limit,
            **_said(costs),
        }
        ordered = self._wire.post_once("/v1/runs", body)
        run = ServiceRun(self._wire, ordered["run"], ordered["job"])
        return run.wait(progress) if wait else run

    def run(self, name: str = "latest") -> ServiceRun:
        """Return a recorded run by its name, a unique beginning of it, or ``latest``.

        Raises
        ------
        RunNotFound
            When there is no such run.
        """
        found = self._wire.get(f"/v1/runs/{quote(name, safe='')}")
        return ServiceRun(self._wire, found["run"])

    def runs(self, count: int = 50) -> Any:  # noqa: ANN401 - pandas has no types of its own, here and below
        """Return the newest runs, a DataFrame with one row each, by name."""
        return _frame(self._lines("/v1/runs", "runs", "after", "next", count), "run")

    def jobs(self, count: int = 50) -> Any:  # noqa: ANN401 - as above
        """Return the newest jobs, a DataFrame with one row each, by number."""
        return _frame(self._lines("/v1/jobs", "jobs", "before", "before", count), "id")

    def datasets(self) -> Any:  # noqa: ANN401 - as above
        """Return the candles that have a name, a DataFrame with one row each."""
        return _frame(self._wire.get("/v1/datasets"), "name")

    def upload(
        self, file: str | Path, /, *, replace: bool = False, **reading: Unpack[ReadingFlags]
    ) -> Mapping[str, Any]:
        """Send a file of candles; the service checks it and keeps it under its symbol and timeframe.

        Parameters
        ----------
        file
            CSV, JSON, Parquet or feather.
        replace
            Whether candles of another market may go that have the name already.
        **reading
            How the file is read, as for ``gp.read``.

        Returns
        -------
        Mapping
            What was understood, as ``genepool data describe --json`` prints it; its ``name`` is the name.

        Raises
        ------
        DataError, ConfigError
            When a row breaks a rule, or there is no such file or flag.
        """
        path, fields = Path(file), said_fields(reading)
        if replace:
            fields["replace"] = "true"
        try:
            with path.open("rb") as opened:
                sent: Mapping[str, Any] = self._wire.send("/v1/datasets", fields, path.name, opened)
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
        return sent

    def backtest(
        self,
        data: str,
        strategy: str,
        /,
        *,
        genes: Mapping[str, float] | None = None,
        costs: Costs | None = None,
        kind: str = "",
        candles: str | int | None = None,
        start: str = "",
        stop: str = "",
        **named: float,
    ) -> ServiceBacktest:
        """Have one genome traded over candles, as ``gp.backtest`` trades it here.

        Parameters
        ----------
        data
            As for ``evolve``.
        strategy, genes, costs, kind, candles, start, stop, **named
            As for ``gp.backtest``; the strategy is a seed.

        Raises
        ------
        ConfigError, DataError
            When there is no such strategy, gene or data set.
        GenepoolError
            When the service cannot trade it; the sentence says why.
        """
        body = {
            "kind": "backtest",
            "data": _named(data),
            "strategy": _named(strategy, "strategies"),
            "genes": {name: float(value) for name, value in {**(genes or {}), **named}.items()},
            "market": kind,
            "candles": candles,
            "start": start,
            "stop": stop,
            **_said(costs),
        }
        job = followed(self._wire, self._wire.post_once("/v1/jobs", body)["id"], None, False)
        if job["state"] != "done":
            kinds = GenepoolError if job["state"] == "failed" else Interrupted
            raise kinds(f"the backtest, job {job['id']}, is {job['state']}: {job['error'] or 'retry it'}")
        return ServiceBacktest(job["result"])

    def close(self) -> None:
        """Hang up; runs continue."""
        self._wire.close()

    def __enter__(self) -> Self:
        """Return it, to be closed when the context ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self.close()

    def __repr__(self) -> str:  # type: ignore[explicit-override] # Python 3.11 has no @override
        return f"<genepool.Client of {self._wire.url}>"

    def _lines(self, path: str, member: str, asks: str, told: str, count: int) -> Iterator[Mapping[str, Any]]:
        """Yield lines of a list, page after page."""
        mark, left = None, count
        while left > 0:
            page = self._wire.get(path, count=min(left, _PAGE), **{asks: mark})
            yield from page[member]
            mark, left = page[told], left - len(page[member])
            if mark is None:
                return


def _wire(url: str, key: str, patience: float) -> "Wire":
    try:
        from genepool.notebook.client_wire import Wire  # noqa: PLC0415 - it comes with an extra
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"gp.Client needs {error.name}, which is not installed: pip install 'genepool[client]'"
        ) from error
    return Wire(url, key, patience)


def _warn_of_clear_text(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        warnings.warn(
            f"the key travels to {parts.hostname} in clear: anyone who sees the traffic can use it; put the "
            "service behind a TLS proxy and call it by https://",
            stacklevel=3,
        )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _named(name: object, what: str = "candles") -> str:
    if not isinstance(name, str):
        raise ConfigError(
            f"a service knows {what} by name, and {type(name).__name__} is none: client.upload sends a file "
            "of candles, and strategies of your own are bred here, by gp.evolve"
        )
    return name


def _joined(strategies: Sequence[str]) -> str | None:
    return ",".join(_named(one, "strategies") for one in strategies) or None


def _said(costs: Costs | None) -> dict[str, float]:
    said = costs or Costs()
    values = {name: getattr(said, name) for name in Costs.__dataclass_fields__}
    return {name: float(value) for name, value in values.items() if value is not None}


def _frame(rows: Any, index: str) -> Any:  # noqa: ANN401 - as above
    import pandas as pd  # noqa: PLC0415 - half a second, and much is asked without it

    made = pd.DataFrame(list(rows))
    return made.set_index(index) if len(made) else made
