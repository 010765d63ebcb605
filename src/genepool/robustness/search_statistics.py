"""What a whole search found, in one figure: what is compared with the searches of null markets.

Every figure rises with what was found.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from genepool.backtest.evaluation import Scored
from genepool.evolution.population import Individual

# How many of those that breeding liked best are looked at together.
BRED = 20
DEFAULT_STATISTIC = "sum_of_both"
# The one that is an annual Sharpe ratio.
SHARPE_OF_CHAMPION = "champion_walk_forward"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Parameters
    ----------
    champion
        Scores of the first of its leaderboard.
    bred
        Scores of the twenty genomes of best in-sample fitness, the best first: none was chosen by its folds.
    candles_per_year
        What the ratios are annualised by.
    """

    champion: Scored
    bred: Sequence[Scored]
    candles_per_year: float


def search_figures(
    individuals: Iterable[Individual], champion: Individual | None, candles_per_year: float
) -> dict[str, float | None]:
    """Return every statistic of a search by name; None where no genome could be scored.

    Parameters
    ----------
    individuals
        Everybody who was born in it, or ``best_bred`` of them.
    champion
        First of its leaderboard; None where nobody was scored.
    candles_per_year
        What the ratios are annualised by.
    """
    scored = None if champion is None else champion.evaluation.scored
    if scored is None:
        return dict.fromkeys(STATISTICS)
    found = Found(scored, _scores(best_bred(individuals)), candles_per_year)
    return {name: statistic(found) for name, statistic in STATISTICS.items()}


def best_bred(individuals: Iterable[Individual], places: int = BRED) -> list[Individual]:
    """Return those that breeding liked best: by in-sample fitness, ties by fingerprint, failures left out."""
    unique = {one.genome.fingerprint: one for one in individuals}
    scored = [
        (-one.fitness, fingerprint, one) for fingerprint, one in unique.items() if one.fitness is not None
    ]
    return [one for _, _, one in sorted(scored, key=lambda entry: entry[:2])[:places]]


def champion_walk_forward(found: Found) -> float:
    """Return the champion's annualised Sharpe ratio over the joined folds."""
    return found.champion.walk_forward.sharpe


def worse_of_both(found: Found) -> float:
    """Return the champion's selection score: the worse of its in-sample and walk-forward scores."""
    return min(found.champion.scores[0], found.champion.walk_forward_scores[0])


def sum_of_both(found: Found) -> float:
    """Return the sum of the champion's in-sample and walk-forward scores."""
    return found.champion.scores[0] + found.champion.walk_forward_scores[0]


def mean_of_twenty(found: Found) -> float:
    """Return the mean walk-forward Sharpe ratio of the twenty that breeding liked best."""
    return math.fsum(_sharpes(found)) / len(found.bred)


def joined_t(found: Found) -> float:
    """Return the t-statistic of the champion's joined folds, with the skew and kurtosis of its returns.

    Mertens, "Comments on variance of the IID estimator in Lo (2002)".
    """
    measures = found.champion.walk_forward
    ratio = measures.sharpe / math.sqrt(found.candles_per_year)
    spread = 1 - measures.skew * ratio + (measures.kurtosis - 1) / 4 * ratio * ratio
    return ratio * math.sqrt(measures.candles / max(spread, _LEAST_SPREAD))


def rank_weighted(found: Found) -> float:
    """Return the same mean as ``mean_of_twenty``, the k-th weighted with 1/k."""
    weights = [1 / rank for rank in range(1, 1 + len(found.bred))]
    weighted = (weight * sharpe for weight, sharpe in zip(weights, _sharpes(found), strict=True))
    return math.fsum(weighted) / math.fsum(weights)


# Few returns of a large skew could make an estimated variance vanish.
_LEAST_SPREAD = 1e-6

STATISTICS: Mapping[str, Callable[[Found], float]] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            champion_walk_forward,
            worse_of_both,
            sum_of_both,
            mean_of_twenty,
            joined_t,
            rank_weighted,
        )
    }
)

STATISTIC_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "champion_walk_forward": "the champion's walk-forward Sharpe ratio",
        "worse_of_both": "the worse of the champion's in-sample and walk-forward scores",
        "sum_of_both": "the sum of the champion's in-sample and walk-forward scores",
        "mean_of_twenty": "the mean walk-forward Sharpe ratio of the twenty best bred",
        "joined_t": "the t-statistic of the champion's joined folds",
        "rank_weighted": "the walk-forward Sharpe ratios of the twenty best bred, weighted by rank",
    }
)


def _sharpes(found: Found) -> list[float]:
    return [one.walk_forward.sharpe for one in found.bred]


def _scores(individuals: Iterable[Individual]) -> list[Scored]:
    return [scored for one in individuals if (scored := one.evaluation.scored) is not None]
