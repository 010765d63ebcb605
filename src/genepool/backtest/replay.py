"""Decisions replayed: the past is kept, the future replaced, and what was decided must be the same.

A user's own strategy is replayed before anything else is done with it, and each of its genomes once more
where it is scored: a leak may lie behind genes that nobody drew before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.wild_futures import other_futures
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

# Candles that a replay looks at beyond the lookback: many decisions, in well under a second.
REPLAYED_CANDLES = 1_500
# Each replay costs as much as those candles do: fewer than scoring the genome on ten times as many.
_CUTS = 3


@dataclass(frozen=True, slots=True)
class Peek:
    """A decision that another future changed.

    Parameters
    ----------
    genome
        Who decided.
    candle
        At whose close it was decided; the first that differs.
    cut
        The last candle that both markets share.
    ended
        Whether the other market ended there, or went wild.
    """

    genome: Genome
    candle: int
    cut: int
    ended: bool


def peeks(
    strategy: Strategy, genomes: Sequence[Genome], candles: Candles, cuts: Sequence[int], seed: int
) -> Iterator[Peek]:
    """Yield each decision up to a cut that changed when only later candles were replaced.

    Parameters
    ----------
    strategy, genomes
        Who decides.
    candles
        On what.
    cuts
        Candles after which the future is replaced.
    seed
        Of the other futures.
    """
    bank = IndicatorBank(candles)
    decided = [strategy.exposure(bank, genome.values) for genome in genomes]
    for cut in cuts:
        for market in other_futures(candles, cut, seed):
            other = IndicatorBank(market)
            for genome, exposure in zip(genomes, decided, strict=True):
                again = strategy.exposure(other, genome.values)[: cut + 1]
                if again.tobytes() != exposure[: cut + 1].tobytes():
                    first = _first_difference(again, exposure[: cut + 1])
                    yield Peek(genome, first, cut, len(market) == cut + 1)


def first_peek(strategy: Strategy, genome: Genome, candles: Candles) -> Peek | None:
    """Return a decision of one genome that another future changes; None where a few replays find none.

    The same genome on the same candles is always replayed alike.

    Parameters
    ----------
    strategy, genome
        Who decides.
    candles
        The market, of which the oldest candles are looked at.
    """
    needed = strategy.lookback(genome.values)
    oldest = candles.slice(0, min(len(candles), needed + REPLAYED_CANDLES))
    last = len(oldest) - 1
    if last <= needed + 1:
        return None
    exposure = strategy.exposure(IndicatorBank(oldest), genome.values)
    rng = generator(0, Purpose.BENCHMARK)
    anywhere = rng.integers(needed + 1, last)
    turns = turns_between(exposure, needed, last)
    before_turns = rng.choice(turns, _CUTS - 1) if len(turns) else turns
    return next(peeks(strategy, [genome], oldest, [int(cut) for cut in (anywhere, *before_turns)], 0), None)


def turns_between(exposure: FloatArray, first: int, last: int) -> NDArray[np.intp]:
    """Return the candles between two, exclusive, after which an exposure changes."""
    turns = np.flatnonzero(np.diff(exposure))
    return turns[(turns > first) & (turns < last)]


def _first_difference(ours: FloatArray, theirs: FloatArray) -> int:
    differing = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
    return int(np.argmax(differing))
