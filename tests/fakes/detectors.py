"""What finds a strategy that sees the future, or that remembers more than it says."""

from collections.abc import Sequence

import numpy as np
from typing_extensions import override

from genepool.backtest.replay import peeks
from genepool.genome import Genome
from genepool.indicators.bank import Indicator, IndicatorBank, Parameter
from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray
from genepool.market.wild_futures import with_columns
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy
from tests.fakes.markets import random_market

# A recursive indicator is warm when its start weighs a millionth; a start may be a few times off.
FORGOTTEN = 1e-5


def cut_points(seed: int, lookbacks: Sequence[int], decided: Sequence[FloatArray]) -> list[int]:
    """Return candles to cut at: anywhere, in the warm-up of some genome, and just before decisions.

    Twenty are drawn anew for every seed, twelve of them anywhere; the last candle is never one.
    """
    rng = generator(seed, Purpose.BENCHMARK)
    last = len(decided[0]) - 1
    anywhere = rng.integers(1, last, 12)
    early = [rng.integers(1, min(max(needed, 2), last)) for needed in rng.choice(lookbacks, 5)]
    turns = np.unique(np.concatenate([np.flatnonzero(np.diff(exposure)) for exposure in decided]))
    before_turns = rng.choice(turns, 3) if len(turns) else rng.integers(1, last, 3)
    return [int(cut) for cut in (*anywhere, *early, *before_turns)]


def sees_the_future(strategy: Strategy, genomes: Sequence[Genome], candles: Candles, seed: int) -> list[str]:
    """Return a line for every cut at which another future changed what was decided before it."""
    bank = IndicatorBank(candles)
    decided = [strategy.exposure(bank, genome.values) for genome in genomes]
    cuts = cut_points(seed, [strategy.lookback(genome.values) for genome in genomes], decided)
    return [
        f"{peek.genome.fingerprint} at candle {peek.cut}"
        for peek in peeks(strategy, genomes, candles, cuts, seed)
    ]


class ListeningBank(IndicatorBank):
    """A bank that remembers which rows were asked for by a strategy itself."""

    def __init__(self, candles: Candles) -> None:
        super().__init__(candles)
        self.heard: dict[tuple[str, tuple[Parameter, ...]], FloatArray] = {}
        self._depth = 0

    @override
    def __call__(self, indicator: Indicator, *parameters: Parameter) -> FloatArray:
        self._depth += 1
        row = super().__call__(indicator, *parameters)
        self._depth -= 1
        if self._depth == 0:
            self.heard[indicator.__qualname__, parameters] = row
        return row


def with_another_past(candles: Candles, until: int, seed: int) -> Candles:
    """Return the market with every candle before ``until`` replaced by those of another market."""
    past = random_market(seed, until)
    factor = candles.close[until] / past.close[-1]
    prices = {name: getattr(past, name) * factor for name in PRICE_COLUMNS}
    flows = {name: getattr(past, name) for name in ("volume", "funding")}
    return with_columns(candles, 0, until, prices | flows)


def started_later(candles: Candles, by: int) -> Candles:
    """Return the market without its first candles."""
    return candles.slice(by, len(candles))


def remembers(
    strategy: Strategy, genome: Genome, candles: Candles, other: Candles, changed_until: int
) -> list[str]:
    """Return a line for every row that still differs after the lookback when the past did.

    Both markets end with the same candles; ``changed_until`` is where they begin to be the same.
    """
    first, second = ListeningBank(candles), ListeningBank(other)
    strategy.exposure(first, genome.values)
    strategy.exposure(second, genome.values)
    warm = len(candles) - changed_until - strategy.lookback(genome.values)
    late = []
    for key, row in first.heard.items():
        ours, theirs = row[-warm:], second.heard[key][-warm:]
        error = float(np.max(np.abs(ours - theirs)))
        if error > FORGOTTEN * float(np.max(np.abs(ours))):
            late.append(f"{genome.fingerprint} {key} is off by {error:g}")
    return late


def first_meeting(ours: FloatArray, theirs: FloatArray) -> int | None:
    """Return the first candle at which both exposures change, and to the same value; None if never."""
    change = (np.diff(ours) != 0) & (np.diff(theirs) != 0) & (ours[1:] == theirs[1:])
    return int(np.argmax(change)) + 1 if change.any() else None
