"""NautilusTrader: one file with a strategy that decides with GenePool's kernels, and its configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genepool.adapters.export.targets._candle_files import candle_csv
from genepool.adapters.export.targets._python_strategy import (
    class_name,
    needs_funding,
    parameters_of,
    rates_file,
)
from genepool.adapters.export.targets._texts import commented, filled, told
from genepool.market.candles import Candles
from genepool.market.timeframes import DAY, HOUR, SECOND, WEEK, timeframe_nanoseconds
from genepool.ports.export_targets import ExportedChampion

# The units of Nautilus' bars, and the number that a bar's count of them must divide.
_UNITS = {"WEEK": (WEEK, 1), "DAY": (DAY, 1), "HOUR": (HOUR, 24), "MINUTE": (60 * SECOND, 60)}


@dataclass(frozen=True, slots=True)
class Nautilus:
    """Files for NautilusTrader 1."""

    name: str = "nautilus"
    summary: str = "A strategy class for NautilusTrader, with its configuration"
    packages: Sequence[str] = ("nautilus_trader", "genepool", "numpy", "numba")

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Return why Nautilus cannot trade a genome, in one sentence; None when it can."""
        if _bars(champion.timeframe):
            return None
        return (
            f"Nautilus has no bars of {champion.timeframe}: export a genome that was bred on minutes that "
            "divide an hour, on hours that divide a day, on days or on weeks"
        )

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return the strategy, and an empty table of funding rates where it decides by them."""
        source = filled("nautilus/strategy.py.j2", **_shown(champion), comment=commented(told(champion)))
        return {f"{class_name(champion)}.py": source, **rates_file(champion)}

    def proof(self, champion: ExportedChampion, candles: Candles) -> Mapping[str, str]:
        """Return the candles and the script that trades them."""
        return {
            "prove.py": filled("nautilus/prove.py.j2", **_shown(champion)),
            "candles.csv": candle_csv(candles),
            **rates_file(champion, candles=candles),
        }


def _shown(champion: ExportedChampion) -> Mapping[str, object]:
    return {
        "champion": champion,
        "name": class_name(champion),
        "genes": list(parameters_of(champion)),
        "bars": _bars(champion.timeframe),
        "nanoseconds": timeframe_nanoseconds(champion.timeframe),
        "funded": needs_funding(champion),
    }


def _bars(timeframe: str) -> str | None:
    """Return how Nautilus writes a timeframe, such as ``4-HOUR``; None when it has no such bars."""
    step = timeframe_nanoseconds(timeframe)
    for unit, (length, whole) in _UNITS.items():
        count, rest = divmod(step, length)
        if rest == 0:
            return f"{count}-{unit}" if count and whole % count == 0 else None
    return None


TARGET = Nautilus()
