"""The risk genes that every genome carries, each with an off value that leaves the strategy alone."""

from collections.abc import Mapping

from genepool.genome import Gene
from genepool.indicators.volatility import RATE_WINDOW

ATR_PERIOD = 14
VOLATILITY_PERIOD = 96

RISK_GENES = (
    Gene(
        "direction", -1, 1, 1, 0,
        "Side that may be held: 1 long only, -1 short only, 0 (off) both.",
        integer=True, off=0,
    ),
    Gene(
        "atr_stop", 0, 8, 0.5, 0,
        "Stop distance from the entry fill, in average true ranges at its decision; 0 is off.",
        off=0,
    ),
    Gene(
        "atr_target", 0, 12, 1, 0,
        "Profit target distance from the entry fill, in average true ranges; 0 is off.",
        off=0,
    ),
    Gene(
        "trend_filter", 0, 300, 25, 0,
        "Candles of the average that longs must be above and shorts below; 0 is off.",
        integer=True, off=0,
    ),
    Gene(
        "volatility_target", 0, 1, 0.1, 0,
        "Annualised volatility that the exposure is scaled to; 0 is off.",
        off=0,
    ),
)  # fmt: skip


def risk_lookback(genes: Mapping[str, float]) -> int:
    """Candles that the risk genes which are on need before the first decision."""
    needed = int(genes["trend_filter"])
    if genes["atr_stop"] or genes["atr_target"]:
        # Wilder's average forgets its start to one part in a million after about 13.8 periods.
        needed = max(needed, 14 * ATR_PERIOD)
    if genes["volatility_target"]:
        # Annualising needs as many candles as a market's candles a year are read from.
        needed = max(needed, VOLATILITY_PERIOD + 1, RATE_WINDOW + 1)
    return needed
