"""The work that is timed: genomes of every seed strategy on a long market."""

import hashlib
from collections.abc import Sequence

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.history import evaluation_digest
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.ports import BatchEvaluated, BatchRetried, CrewChanged, Event, RetryReason, Seat
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies

# Slots of the warm-up's genomes lie beyond those of any population.
_WARM_UP = 1_000_000


def problem(candles: int, seed: int) -> Problem:
    """Return a market that is worth distributing: long, with walk-forward folds."""
    costs = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)
    return Problem.seal(synthetic_market("regimes", seed, candles), SplitRule(), costs, "sharpe")


def genomes(market: Problem, seed: int, set_number: int, count: int, first: int = 0) -> list[Genome]:
    """Draw genomes, each strategy in turn, so that every set costs about the same.

    Parameters
    ----------
    market
        Strategies that need a column that it lacks are left out.
    seed
        Of all draws.
    set_number
        Another set for each repetition: nothing that one left behind speeds the next one up.
    count, first
        How many, and the slot of the first.
    """
    fitting = [one for one in seed_strategies().values() if one.requires <= market.candles.columns]
    return [
        fitting[k % len(fitting)].random_genome(generator(seed, Purpose.BENCHMARK, set_number, first + k))
        for k in range(count)
    ]


def warm_up(market: Problem, seed: int, seats: int, turn: int = 0) -> list[Genome]:
    """Return genomes that bring compiled kernels and shared indicators into every worker."""
    return genomes(market, seed, turn, 28 * seats, _WARM_UP)


def digest(evaluations: Sequence[Evaluation]) -> str:
    """Return the SHA-256 over every bit of all results, in this order."""
    state = hashlib.sha256(b"validation/1")
    for evaluation in evaluations:
        state.update(evaluation_digest(evaluation).encode())
    return state.hexdigest()


class Notebook:
    """``Watcher`` that keeps every batch since it was last opened on a new page."""

    def __init__(self) -> None:
        self.batches: list[BatchEvaluated] = []
        self.seats: tuple[Seat, ...] = ()
        self.retries: list[RetryReason] = []

    def new_page(self) -> None:
        """Forget the batches so far."""
        self.batches = []

    def __call__(self, event: Event) -> None:
        """Write it down; what becomes of a quarantined genome shows in the digest."""
        match event:
            case BatchEvaluated():
                self.batches.append(event)
            case BatchRetried(reason):
                self.retries.append(reason)
            case CrewChanged(seats):
                self.seats = tuple(seats)
