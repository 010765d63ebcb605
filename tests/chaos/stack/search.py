"""The evolution that is disturbed: always the same but for the market's name, so that no cache knows it."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from genepool.market.synthetic import synthetic_market
from scripts.validation.stack import ROOT, Stack, evolve_command

MARKET = "/app/data/chaos.csv"
_NANOSECONDS_PER_MILLISECOND = 1_000_000
_ALONE_SECONDS = 1_800
# The service, the cluster and the databases are out of the picture: one container, one SQLite file.
_ALONE = {
    "GENEPOOL_DATABASE_URL": "",
    "GENEPOOL_REDIS_URL": "",
    "GENEPOOL_RAY_ADDRESS": "",
    "GENEPOOL_SERVICE_URL": "",
}


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the two learning seeds: about 0.2 s of work for a batch, 20 s in all on two idle CPUs.

    Parameters
    ----------
    generations, population_size
        How long and how large.
    minutes
        When it ends at the latest; None for no such limit.
    """

    generations: int = 10
    population_size: int = 200
    minutes: float | None = None

    def command(self, name: str, mode: str, market: str = MARKET) -> list[str]:
        """Return the launcher's command line for a run of this name, which also names the market."""
        flags = {
            "data": market,
            "symbol": name.upper(),
            "market": "crypto",
            "preset": "all",
            "strategies": "linear_svc_classifier,pca_tree_quantile",
            "fee-bps": 5,
            "maker-fee-bps": 2,
            "slippage-bps": 1,
            "seed": 5,
            "population-size": self.population_size,
            "generations": self.generations,
            "mode": mode,
            "name": name,
        }
        limit = [] if self.minutes is None else ["--max-minutes", str(self.minutes)]
        return evolve_command(flags, [*limit, "--no-report", "--json"])

    @contextmanager
    def undisturbed(self, market: Path, home: Path) -> Iterator[Path]:
        """Evolve on this host, without cluster, cache and service; yield the history, which grows meanwhile.

        It takes the time that the disturbed run leaves, such as while that one waits for a worker.
        """
        command = self.command("reference", "local", str(market))
        environment = os.environ | _ALONE | {"GENEPOOL_HOME": str(home), "GENEPOOL_RESULTS": str(home)}
        process = subprocess.Popen(
            ["nice", "-n", "19", sys.executable, *command[1:], "--workers", "2"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield home / "genepool.sqlite"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def digests_in(history: Path, count: int) -> dict[int, str]:
    """Wait until a SQLite history has so many generations, and return the digest of each."""
    deadline = time.monotonic() + _ALONE_SECONDS
    while len(found := _digests(history, count)) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} generations in {_ALONE_SECONDS} s"
        time.sleep(0.5)
    return found


def _digests(history: Path, count: int) -> dict[int, str]:
    if not history.exists():
        return {}
    statement = "SELECT number, digest FROM generations WHERE number < ?"
    with closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as reading:
        return dict(reading.execute(statement, (count,)))


def bring_market(stack: Stack, folder: Path, candles: int = 20_000) -> Path:
    """Put the market's file, which does not say its name, where the coordinator finds it; return ours."""
    market = synthetic_market("regimes", 3, candles)
    text = io.StringIO("time,open,high,low,close,volume\n")
    text.seek(0, io.SEEK_END)
    stamps = (market.stamps // _NANOSECONDS_PER_MILLISECOND).tolist()
    volume = market.volume.tolist() if market.volume is not None else [0.0] * candles
    prices = (getattr(market, column).tolist() for column in ("open", "high", "low", "close"))
    for row in zip(stamps, *prices, volume, strict=True):
        text.write(",".join(map(repr, row)) + "\n")
    path = folder / "chaos.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    path.chmod(0o644)
    stack.compose("cp", str(path), f"genetic-pool:{MARKET}")
    return path
