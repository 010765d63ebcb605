"""The flag that blesses baselines, and a market that is equal on every machine."""

from dataclasses import dataclass

import numpy as np
import pytest

from genepool.market.candles import Candles

CANDLES = 4_000
HOUR = 3_600_000_000_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="bless what the code computes now")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    # The flag is known only when this folder is named on the command line.
    return bool(request.config.getoption("--update-golden", default=False))


@dataclass
class Dice:
    """Whole random numbers from whole numbers alone (Knuth's linear congruence, its upper bits)."""

    state: int

    def roll(self, low: int, high: int) -> int:
        """Return a number from low to high, both included."""
        self.state = (6_364_136_223_846_793_005 * self.state + 1_442_695_040_888_963_407) % 2**64
        return low + (self.state >> 33) % (high - low + 1)


def whole_number_market(candles: int, seed: int) -> Candles:
    """Return a market computed in ticks: one division at the end, which rounds alike everywhere."""
    dice = Dice(seed)
    rows, stamps, close, drift = [], [], 1_000_000, 0
    for t in range(candles):
        drift = dice.roll(-12, 12) if t % 50 == 0 else drift
        opened = close
        close += close * (sum(dice.roll(-60, 60) for _ in range(3)) + drift) // 10_000
        high = max(opened, close) + close * dice.roll(0, 40) // 10_000
        low = min(opened, close) - close * dice.roll(0, 40) // 10_000
        volume = 0 if dice.roll(1, 100) == 1 else dice.roll(1, 50_000)
        funding = dice.roll(-200, 300) if t % 8 == 0 else 0
        rows.append((opened, high, low, close, volume, funding))
        # Every 500 candles the venue is away for half a day.
        stamps.append((t + 12 * (t // 500)) * HOUR)
    ticks = np.array(rows, dtype=np.int64).T
    opens, highs, lows, closes = np.ascontiguousarray(ticks[:4]) / 100.0
    return Candles(
        symbol="GOLDEN",
        timeframe="1h",
        stamps=np.array(stamps, dtype=np.int64),
        open=opens,
        high=highs,
        low=lows,
        close=closes,
        volume=ticks[4] / 10.0,
        funding=ticks[5] / 1_000_000.0,
        synthetic=True,
    )


@pytest.fixture(scope="session")
def golden_market() -> Candles:
    return whole_number_market(CANDLES, seed=2_026)
