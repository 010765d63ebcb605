"""Whether a strategy sees the future: its past is kept, its future replaced, and it must decide the same.

The contract test of the seeds replays each of them so, and a user's own strategy is replayed before
anything else is done with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from genepool.errors import ConfigError, HistoryTooShort, LooksAhead
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.moments import timestamp
from genepool.market.wild_futures import other_futures
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

# Candles that a replay looks at beyond the longest lookback: many decisions, in well under a second.
_CANDLES = 1_500
_GENOMES = 3
_CUTS = 12


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


def refuse_look_ahead(
    strategy: Strategy, candles: Candles, chosen: Sequence[Genome] = (), seed: int = 0
) -> None:
    """Replay a strategy on the oldest candles of a market.

    Parameters
    ----------
    strategy
        The strategy.
    candles
        The market; none but its oldest candles are looked at, and so no sealed one.
    chosen
        Genomes that are replayed beside the default one and a few drawn ones.
    seed
        Of the drawn genomes and of the other futures.

    Raises
    ------
    LooksAhead
        When it sees the future.
    ConfigError
        When it breaks off, or does not answer the same question twice alike.
    """
    rng = generator(seed, Purpose.INITIAL_GENOME)
    genomes = [strategy.genome(), *chosen, *(strategy.random_genome(rng) for _ in range(_GENOMES))]
    needed = max(strategy.lookback(genome.values) for genome in genomes)
    oldest = candles.slice(0, min(len(candles), needed + _CANDLES))
    if len(oldest) <= needed + 2:
        raise HistoryTooShort(
            f"{strategy.name} looks back up to {needed} candles, and there are {len(oldest)}: give more "
            "candles, or a shorter lookback"
        )
    try:
        cuts = _cuts(strategy, genomes, oldest, needed, seed)
        found = next(peeks(strategy, genomes, oldest, cuts, seed), None)
    except Exception as error:
        raise ConfigError(f"{strategy.name} broke off with {type(error).__name__}: {error}") from error
    if found is not None:
        raise LooksAhead(_sentence(strategy, found, oldest))


def _cuts(
    strategy: Strategy, genomes: Sequence[Genome], candles: Candles, needed: int, seed: int
) -> list[int]:
    """Return candles to cut at, each after a whole lookback: anywhere, and just before decisions."""
    first, second = (
        [strategy.exposure(IndicatorBank(candles), genome.values) for genome in genomes] for _ in range(2)
    )
    if any(one.tobytes() != other.tobytes() for one, other in zip(first, second, strict=True)):
        raise ArithmeticError(
            "it answers the same question twice, and not alike: draw no random numbers in it"
        )
    rng, last = generator(seed, Purpose.BENCHMARK), len(candles) - 1
    turns = np.unique(np.concatenate([np.flatnonzero(np.diff(exposure)) for exposure in first]))
    turns = turns[(turns > needed) & (turns < last)]
    before_turns = rng.choice(turns, _CUTS // 2) if len(turns) else turns
    return [int(cut) for cut in (*rng.integers(needed + 1, last, _CUTS), *before_turns)]


def _first_difference(ours: FloatArray, theirs: FloatArray) -> int:
    differing = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
    return int(np.argmax(differing))


def _sentence(strategy: Strategy, found: Peek, candles: Candles) -> str:
    genes = " ".join(f"{gene.name}={found.genome.values[gene.name]:g}" for gene in strategy.genes)
    moment = timestamp(int(candles.stamps[found.candle]))
    changed = "left out" if found.ended else "replaced"
    return (
        f"{strategy.name} sees the future: what it wants at candle {found.candle} ({moment}; {genes}) "
        f"changes when only the candles after {found.cut} are {changed}. Usual causes: a shift by a negative "
        "number, a centred window, a mean, a quantile or a fit over all candles"
    )
