"""backtrader: a strategy that decides with GenePool's kernels and trades with cheat-on-open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genepool.adapters.export.targets._candle_files import candle_csv, funding_csv
from genepool.adapters.export.targets._texts import commented, filled, told
from genepool.market.candles import Candles
from genepool.market.timeframes import timeframe_nanoseconds
from genepool.ports.export_targets import ExportedChampion

_MINUTE = 60_000_000_000
# A long takes only this part of its value from the broker's cash, which leaves room for its fee.
_ROOM = 4.0


@dataclass(frozen=True, slots=True)
class Backtrader:
    """Files for backtrader 1.9."""

    name: str = "backtrader"
    summary: str = "A strategy class for backtrader, and a script that runs it"
    packages: Sequence[str] = ("backtrader", "genepool", "numpy", "numba")

    def refusal(self, champion: ExportedChampion) -> str | None:  # noqa: ARG002 - it takes every seed
        """Return None: every seed can be traded, with all risk genes."""
        return None

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return ``champion.py``, the strategy, and ``run.py``, which runs it over a file of candles."""
        leverage = _ROOM * max(1.0, champion.costs.max_leverage)
        minutes = timeframe_nanoseconds(champion.timeframe) // _MINUTE
        comment = commented(told(champion))
        return {
            "champion.py": filled(
                "backtrader/champion.py.j2", champion=champion, comment=comment, leverage=leverage
            ),
            "run.py": filled("backtrader/run.py.j2", minutes=minutes),
        }

    def proof(self, champion: ExportedChampion, candles: Candles) -> Mapping[str, str]:  # noqa: ARG002 - as above
        """Return the candles and the script that trades them."""
        return {
            "candles.csv": candle_csv(candles),
            **funding_csv(candles),
            "prove.py": filled("backtrader/prove.py.j2"),
        }


TARGET = Backtrader()
