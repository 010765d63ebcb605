"""Records of bots out of sample, made of random returns."""

from collections.abc import Sequence

import numpy as np

from genepool.market.candles import FloatArray
from genepool.market.timeframes import DAY, HOUR, timeframe_nanoseconds
from genepool.portfolio.records import BotRecord, TestedStretch
from genepool.portfolio.weighing import FleetBot

# A Monday, and the first day of a month.
START = 17_713 * DAY


def stretch(
    returns: FloatArray, opens: int = START, step: int = HOUR, exposure: float | FloatArray = 1.0
) -> TestedStretch:
    """Return a fold whose candles follow each other without holes."""
    closes = opens + step * np.arange(1, len(returns) + 1, dtype=np.int64)
    held = np.broadcast_to(np.asarray(exposure, dtype=np.float64), returns.shape)
    return TestedStretch(opens, closes, np.asarray(np.cumprod(1.0 + returns), dtype=np.float64), held)


def record(
    name: str, *returns: FloatArray, timeframe: str = "1h", margin: float = 0.0125, exposure: float = 1.0
) -> BotRecord:
    """Return a bot with folds that lie two days apart."""
    step = timeframe_nanoseconds(timeframe)
    found, opens = [], START
    for one in returns:
        found.append(stretch(one, opens, step, exposure))
        opens += step * len(one) + 2 * DAY
    return BotRecord(name, timeframe, margin, tuple(found))


def random_records(
    seed: int, bots: int = 4, days: int = 120, scales: Sequence[float] | None = None
) -> list[BotRecord]:
    """Return bots of hourly candles that share a part of their moves."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0.0, 0.004, 24 * days)
    sizes = scales or [0.5 + 0.4 * k for k in range(bots)]
    found = []
    for k, size in enumerate(sizes):
        moves = common + rng.normal(0.0, 0.006, 24 * days)
        # A Sharpe ratio of about 3.9 a year, whatever was drawn.
        found.append(record(f"bot-{k}", size * (moves - moves.mean() + 3e-4)))
    return found


def fleet_bots(records: Sequence[BotRecord], trials: int = 1) -> list[FleetBot]:
    """Return bots of so many trials each, the later the weaker."""
    return [FleetBot(one, (float(-k),), trials) for k, one in enumerate(records)]
