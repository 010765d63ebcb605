"""The evolution that is disturbed: always the same but for the market's name, so that no cache knows it."""

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from genepool.market.synthetic import synthetic_market
from scripts.validation.stack import ROOT, Stack, evolve_command

MARKET = "/app/data/chaos.csv"
_NANOSECONDS_PER_MILLISECOND = 1_000_000
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

    def alone(self, market: Path, home: Path) -> None:
        """Evolve undisturbed on this host, without cluster, cache and service, into a history in a folder."""
        command = self.command("reference", "local", str(market))
        environment = os.environ | _ALONE | {"GENEPOOL_HOME": str(home), "GENEPOOL_RESULTS": str(home)}
        subprocess.run(
            [sys.executable, *command[1:], "--workers", "2"],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=1800,
        )


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
