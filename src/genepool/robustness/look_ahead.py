"""Whether a strategy sees the future: its past is kept, its future replaced, and it must decide the same.

The contract test of the seeds replays each of them so, and a user's own strategy is replayed before
anything else is done with it.
"""

from collections.abc import Sequence

import numpy as np

from genepool.backtest.replay import REPLAYED_CANDLES, Peek, peeks, turns_between
from genepool.errors import ConfigError, HistoryTooShort, LooksAhead
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles
from genepool.market.moments import timestamp
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

_GENOMES = 3
_CUTS = 12


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
    oldest = candles.slice(0, min(len(candles), needed + REPLAYED_CANDLES))
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
    turns = np.unique(np.concatenate([turns_between(exposure, needed, last) for exposure in first]))
    before_turns = rng.choice(turns, _CUTS // 2) if len(turns) else turns
    return [int(cut) for cut in (*rng.integers(needed + 1, last, _CUTS), *before_turns)]


def _sentence(strategy: Strategy, found: Peek, candles: Candles) -> str:
    genes = " ".join(f"{gene.name}={found.genome.values[gene.name]:g}" for gene in strategy.genes)
    moment = timestamp(int(candles.stamps[found.candle]))
    changed = "left out" if found.ended else "replaced"
    return (
        f"{strategy.name} sees the future: what it wants at candle {found.candle} ({moment}; {genes}) "
        f"changes when only the candles after {found.cut} are {changed}. Usual causes: a shift by a negative "
        "number, a centred window, a mean, a quantile or a fit over all candles"
    )
