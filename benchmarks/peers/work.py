"""What every engine evaluates: a market and genomes, drawn from derived generators.

Work A is EMA crossovers, long only. Work B is a mix of four seeds, long only, each with a stop at some
average true ranges. Both decide at a close and fill at the next open, for 5 basis points a side.
"""

from collections.abc import Sequence
from typing import NamedTuple

from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.synthetic import synthetic_market
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies

FEE = 0.0005
# Below 1, so that no engine has to lend a fee.
EXPOSURE = 0.8
MIXED = ("ema_crossover", "rsi_filter", "bollinger_bands", "donchian_breakout")
_OFF = {"direction": 1, "band": 0, "atr_target": 0, "trend_filter": 0, "volatility_target": 0, "mode": 0}


class Answers(NamedTuple):
    """What an engine says of each genome: positions opened, and the total return."""

    trades: list[int]
    returns: list[float]


def market(candles: int) -> Candles:
    """Return an invented market without funding, which the other engines do not know."""
    drawn = synthetic_market("regimes", 1, candles)
    return Candles(
        drawn.symbol,
        drawn.timeframe,
        drawn.stamps,
        drawn.open,
        drawn.high,
        drawn.low,
        drawn.close,
        drawn.volume,
    )


def genomes(work: str, count: int) -> list[Genome]:
    """Return the genomes of work ``A`` or ``B``, no two of A equal."""
    found: dict[str, Genome] = {}
    slot = 0
    while len(found) < count:
        strategy = seed_strategies()[MIXED[0] if work == "A" else MIXED[slot % len(MIXED)]]
        genome = _drawn(strategy, slot, stopped=work == "B")
        found[genome.fingerprint] = genome
        slot += 1
    return list(found.values())


def lookback_of(genome: Genome) -> int:
    """Return how many candles pass before a genome may decide."""
    return seed_strategies()[genome.strategy].total_lookback(genome.values)


def column(genomes_: Sequence[Genome], gene: str) -> list[int]:
    """Return the values of a whole-number gene."""
    return [int(genome.values[gene]) for genome in genomes_]


def _drawn(strategy: Strategy, slot: int, *, stopped: bool) -> Genome:
    rng = generator(0, Purpose.BENCHMARK, 1, slot)
    values = {**strategy.random_genome(rng).values, "atr_stop": 0}
    values |= {name: value for name, value in _OFF.items() if name in values}
    return strategy.normalised(values | ({"atr_stop": rng.uniform(1.5, 5)} if stopped else {}))
