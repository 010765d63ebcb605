"""What luck alone would have shown: the luck curve, and what is known of a champion."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from genepool.backtest.caveats import too_few_years
from genepool.backtest.evaluation import Scored
from genepool.market.measures import Measures
from genepool.robustness.sharpe_statistics import (
    deflated_sharpe,
    expected_best_sharpe,
    minimum_backtest_length,
)

# A champion is believed from this probability on.
CONFIDENCE = 0.95

HOLDING = "buying and holding"
SHORTING = "shorting and holding"


@dataclass(frozen=True, slots=True)
class LuckPoint:
    """How far a search had come after some evaluations, and how far luck would have.

    Parameters
    ----------
    evaluations
        Unique genomes tried so far.
    best
        Best annualised Sharpe ratio among them; None while all of them failed.
    expected_best
        Annualised Sharpe ratio expected of the best of as many trials without skill.
    """

    evaluations: int
    best: float | None
    expected_best: float


class BestSoFar:
    """The best Sharpe ratio of genomes that come one at a time: only where it rises is kept."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, float]] = []
        self._taken = 0

    def take(self, sharpe: float | None) -> None:
        """Add the next genome's annualised Sharpe ratio, None for a failure."""
        self._taken += 1
        if sharpe is not None and (not self.steps or sharpe > self.steps[-1][1]):
            self.steps.append((self._taken, sharpe))


def luck_points(
    steps: Sequence[tuple[int, float]], evaluations: int, years: float, points: int = 200
) -> tuple[LuckPoint, ...]:
    """Return the best Sharpe ratio so far against evaluations, with the expected best of noise.

    Parameters
    ----------
    steps
        After which evaluation the best Sharpe ratio rose, and to what, in order.
    evaluations
        Unique genomes tried.
    years
        Length of the span that they were measured on; the Sharpe ratio of no skill varies by
        1 / years on it.
    points
        How many points to return at most, spread evenly, the last one included.
    """
    count = min(evaluations, points)
    places = [evaluations * (k + 1) // count for k in range(count)]
    found, best, rising = list[LuckPoint](), None, iter(steps)
    step = next(rising, None)
    for place in places:
        while step is not None and step[0] <= place:
            best, step = step[1], next(rising, None)
        found.append(LuckPoint(place, best, expected_best_sharpe(place, 1.0 / years)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a champion, all of it on the walk-forward span unless it says otherwise.

    Parameters
    ----------
    sharpe, total_return
        The champion's annualised Sharpe ratio and total return.
    deflated_probability
        Probability that its true Sharpe ratio is above luck, for the number of trials.
    expected_best
        Annualised Sharpe ratio expected of the best of as many trials without skill.
    trials
        Unique genomes ever tried on the data.
    years
        Length of the walk-forward span.
    hold_sharpe, hold_return
        The better of holding and short-holding inside the same folds.
    trades, trades_in_sample
        What the champion did inside the folds, and before them.
    genomes
        Unique genomes of the run that the champion was chosen from.
    sharpe_in_sample, return_in_sample
        Of the champion, on the candles that it was bred on.
    holding
        Which of both was better, as sentences say it.
    bets
        Positions that the trades inside the folds are parts of; None where there are as many.
    """

    sharpe: float
    total_return: float
    deflated_probability: float
    expected_best: float
    trials: int
    years: float
    hold_sharpe: float
    hold_return: float
    trades: float
    trades_in_sample: float
    genomes: int
    sharpe_in_sample: float
    return_in_sample: float
    holding: str = HOLDING
    bets: float | None = None

    @property
    def too_short(self) -> str | None:
        """Why no Sharpe ratio is told of the walk-forward span; None where it is long enough."""
        return too_few_years(self.years)

    @property
    def years_needed(self) -> float:
        """Years that so many trials need before an annual Sharpe ratio of 1 means anything."""
        return minimum_backtest_length(self.trials)


@dataclass(frozen=True, slots=True)
class HeldBenchmark:
    """A position of constant size, held all the time: what a champion must be better than.

    Parameters
    ----------
    holding
        What it is, as sentences say it.
    in_sample
        Over the in-sample span.
    walk_forward
        Inside the walk-forward folds, anew in each of them, as the champion.
    whole
        From the first candle of the first fold to the last of the last, without the holes between them.
    """

    holding: str
    in_sample: Measures
    walk_forward: Measures
    whole: Measures

    @property
    def title(self) -> str:
        """What it is, as tables call it."""
        return {HOLDING: "buy and hold", SHORTING: "short and hold"}[self.holding]


def weigh(
    champion: Scored, benchmark: HeldBenchmark, trials: int, candles_per_year: float, genomes: int = 1
) -> Evidence:
    """Gather the evidence about a champion.

    Parameters
    ----------
    champion
        What it scored.
    benchmark
        The better of holding and short-holding.
    trials
        Unique genomes ever tried on the data, at least 1.
    candles_per_year
        Of the market.
    genomes
        Unique genomes of the run.
    """
    walk_forward, held = champion.walk_forward, benchmark.walk_forward
    years = walk_forward.candles / candles_per_year
    # Of a Sharpe ratio without skill; docs/adr/0009 says why it is not read from the trials.
    variance = 1.0 / years if years > 0 else math.inf
    return Evidence(
        sharpe=walk_forward.sharpe,
        total_return=walk_forward.total_return,
        deflated_probability=deflated_sharpe(
            walk_forward.sharpe / math.sqrt(candles_per_year),
            walk_forward.candles,
            trials,
            skew=walk_forward.skew,
            kurtosis=walk_forward.kurtosis,
        ),
        expected_best=expected_best_sharpe(trials, variance),
        trials=trials,
        years=years,
        hold_sharpe=held.sharpe,
        hold_return=held.total_return,
        trades=walk_forward.trades,
        trades_in_sample=champion.in_sample.trades,
        genomes=genomes,
        sharpe_in_sample=champion.in_sample.sharpe,
        return_in_sample=champion.in_sample.total_return,
        holding=benchmark.holding,
    )
