"""The leaderboard of a run, as a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genepool.backtest.caveats import caveats_by_span
from genepool.evolution.population import Individual
from genepool.history import BOARD_PLACES
from genepool.market.measures import Measures
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class Place(Document):
    """One place of a leaderboard: the genome that has it, its scores and its origin."""

    rank: int
    strategy: str
    genes: Mapping[str, float]
    fingerprint: str
    fitness: float | None
    selection_score: float | None
    in_sample: Measures
    walk_forward: Measures
    caveats: Mapping[str, Mapping[str, str]]
    fold_sharpes: Sequence[float]
    fold_returns: Sequence[float]
    born: int
    operator: str
    parents: Sequence[str]
    changed: Sequence[str]


def places(board: Sequence[Individual], candles_per_year: float) -> tuple[Place, ...]:
    """Return the first places of a leaderboard.

    Parameters
    ----------
    board
        The best first, none of them failed.
    candles_per_year
        What measures are annualised by.
    """
    return tuple(place_of(rank, one, candles_per_year) for rank, one in enumerate(board[:BOARD_PLACES], 1))


def place_of(rank: int, individual: Individual, per_year: float) -> Place:
    """Return one place of a leaderboard; the individual must have scored.

    Raises
    ------
    ValueError
        When it has not.
    """
    scored, candidate = individual.evaluation.scored, individual.candidate
    if scored is None:
        raise ValueError("a leaderboard holds no failed individuals")
    return Place(
        rank=rank,
        strategy=candidate.genome.strategy,
        genes=dict(candidate.genome.genes),
        fingerprint=candidate.genome.fingerprint,
        fitness=individual.fitness,
        selection_score=individual.evaluation.selection_score,
        in_sample=scored.in_sample,
        walk_forward=scored.walk_forward,
        caveats=caveats_by_span(scored.spans, per_year),
        fold_sharpes=scored.fold_sharpes,
        fold_returns=scored.fold_returns,
        born=individual.born,
        operator=candidate.operator,
        parents=candidate.parents,
        changed=candidate.changed,
    )
