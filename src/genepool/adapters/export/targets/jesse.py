"""Jesse: ``strategies/NAME/__init__.py`` with the class NAME, which decides with GenePool's kernels."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genepool.adapters.export.targets._candle_files import candle_csv
from genepool.adapters.export.targets._python_strategy import (
    class_name,
    needs_funding,
    parameters_of,
    rates_file,
)
from genepool.adapters.export.targets._texts import commented, filled, told
from genepool.errors import ConfigError
from genepool.market.candles import Candles
from genepool.market.timeframes import DAY, plain_timeframe, timeframe_name, timeframe_nanoseconds, utc
from genepool.ports.export_targets import ExportedChampion

# Those that divide a day, as Jesse counts them from 1970, and have a minute for each part of a candle.
_TIMEFRAMES = ("3m", "5m", "15m", "30m", "45m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d")
# A position of the whole equity is margin to Jesse: a change of size needs as much again.
_ROOM = 2


@dataclass(frozen=True, slots=True)
class Jesse:
    """Files for Jesse 3."""

    name: str = "jesse"
    summary: str = "A strategy class for Jesse: strategies/NAME/__init__.py"
    packages: Sequence[str] = ("jesse", "genepool", "numpy", "numba")

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Return why Jesse cannot trade a genome, in one sentence; None when it can."""
        if plain_timeframe(champion.timeframe) in _TIMEFRAMES:
            return None
        return (
            f"Jesse cannot fill at the open of {champion.timeframe} candles, which it builds of minutes "
            f"counted from 1970: export a genome that was bred on one of {', '.join(_TIMEFRAMES)}"
        )

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return the strategy, and an empty table of funding rates where it decides by them."""
        folder = f"strategies/{class_name(champion)}/"
        source = filled("jesse/strategy.py.j2", **_shown(champion), comment=commented(told(champion)))
        return {f"{folder}__init__.py": source, **rates_file(champion, folder)}

    def proof(self, champion: ExportedChampion, candles: Candles) -> Mapping[str, str]:
        """Return the candles and the script that trades them.

        Raises
        ------
        ConfigError
            When the candles do not begin where Jesse's do.
        """
        step = timeframe_nanoseconds(candles.timeframe)
        if (astray := np.flatnonzero(candles.stamps % step)).size:
            raise ConfigError(
                f"the candle of {utc(candles.stamps[astray[0]])} cannot be traded in Jesse, whose "
                f"{candles.timeframe} candles begin at multiples of {candles.timeframe} since 1970: "
                "prove the genome on a market whose candles do"
            )
        return {
            "prove.py": filled("jesse/prove.py.j2", **_shown(champion)),
            "candles.csv": candle_csv(candles),
            **rates_file(champion, f"strategies/{class_name(champion)}/", candles),
        }


def _shown(champion: ExportedChampion) -> Mapping[str, object]:
    step = timeframe_nanoseconds(champion.timeframe)
    return {
        "champion": champion,
        "name": class_name(champion),
        "genes": list(parameters_of(champion)),
        # A day has a capital in Jesse.
        "timeframe": "1D" if step == DAY else timeframe_name(step),
        "milliseconds": step // 1_000_000,
        "nanoseconds": step,
        "leverage": _ROOM * math.ceil(champion.costs.max_leverage),
        "funded": needs_funding(champion),
    }


TARGET = Jesse()
