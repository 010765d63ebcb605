"""What luck alone would have shown: the luck curve, and one honest sentence about a champion."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from genepool.market.measures import Measures
from genepool.robustness.sharpe_statistics import (
    deflated_sharpe,
    expected_best_sharpe,
    minimum_backtest_length,
)

# A champion is believed from this probability on.
CONFIDENCE = 0.95


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


def luck_curve(sharpes: Sequence[float | None], years: float, points: int = 200) -> tuple[LuckPoint, ...]:
    """Return the best Sharpe ratio so far against evaluations, with the expected best of noise.

    Parameters
    ----------
    sharpes
        Annualised Sharpe ratio of every unique genome in the order tried; None for a failure.
    years
        Length of the span that they were measured on; the Sharpe ratio of no skill varies by
        1 / years on it.
    points
        How many points to return at most, spread evenly, the last one included.
    """
    if not sharpes:
        return ()
    best: float | None = None
    bests = []
    for sharpe in sharpes:
        best = sharpe if best is None else best if sharpe is None else max(best, sharpe)
        bests.append(best)
    count = min(len(sharpes), points)
    places = [len(sharpes) * (k + 1) // count for k in range(count)]
    return tuple(
        LuckPoint(place, bests[place - 1], expected_best_sharpe(place, 1.0 / years)) for place in places
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a champion, all of it on the walk-forward span.

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
        Buy and hold over the same span.
    """

    sharpe: float
    total_return: float
    deflated_probability: float
    expected_best: float
    trials: int
    years: float
    hold_sharpe: float
    hold_return: float

    @property
    def years_needed(self) -> float:
        """Years that so many trials need before an annual Sharpe ratio of 1 means anything."""
        return minimum_backtest_length(self.trials)


def weigh(
    walk_forward: Measures,
    buy_and_hold: Measures,
    trials: int,
    candles_per_year: float,
) -> Evidence:
    """Gather the evidence about a champion.

    Parameters
    ----------
    walk_forward
        The champion's measures on the joined walk-forward folds.
    buy_and_hold
        Measures of holding over the same folds.
    trials
        Unique genomes ever tried on the data, at least 1.
    candles_per_year
        Of the market.
    """
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
        hold_sharpe=buy_and_hold.sharpe,
        hold_return=buy_and_hold.total_return,
    )


class Standing(Enum):
    """How far a champion came, worst first; the value is how its sentence begins."""

    LOST = "It did not hold up"
    LUCK = "Not distinguishable from luck"
    IDLE = "Perhaps not luck, but no better than holding"
    STANDS = "Hard to explain by luck"


def standing(evidence: Evidence) -> Standing:
    """Return how far a champion came: every rung asks more than the one before."""
    if evidence.sharpe <= 0:
        return Standing.LOST
    if evidence.deflated_probability < CONFIDENCE:
        return Standing.LUCK
    if evidence.sharpe <= evidence.hold_sharpe:
        return Standing.IDLE
    return Standing.STANDS


def verdict(evidence: Evidence) -> str:
    """Return one honest sentence about a champion; it never promises more than the numbers do."""
    rung = standing(evidence)
    return f"{rung.value}: {_REASONS[rung](evidence)}."


def _lost(evidence: Evidence) -> str:
    return (
        f"the best of {evidence.trials:,} trials in sample has a walk-forward Sharpe of "
        f"{evidence.sharpe:z.1f}, and {_change(evidence.total_return)}"
    )


def _luck(evidence: Evidence) -> str:
    reason = (
        f"after {evidence.trials:,} trials the best of pure noise is expected to show a Sharpe of "
        f"{evidence.expected_best:.1f}; this champion's walk-forward Sharpe is {evidence.sharpe:.1f}"
    )
    if evidence.sharpe > evidence.expected_best:
        return f"{reason}, too little above it for {evidence.years:.1f} years of data"
    if evidence.years < evidence.years_needed:
        return (
            f"{reason}, and a Sharpe of 1 would take {evidence.years_needed:.0f} years of data to mean "
            f"anything, not {evidence.years:.1f}"
        )
    return reason


def _idle(evidence: Evidence) -> str:
    return (
        f"its walk-forward Sharpe of {evidence.sharpe:.1f} is above the {evidence.expected_best:.1f} "
        f"expected of {evidence.trials:,} trials of noise, "
        f"but buying and holding had {evidence.hold_sharpe:.1f}"
    )


def _stands(evidence: Evidence) -> str:
    reason = (
        f"its walk-forward Sharpe of {evidence.sharpe:.1f} is well above the {evidence.expected_best:.1f} "
        f"expected of {evidence.trials:,} trials of noise and the {evidence.hold_sharpe:.1f} of holding"
    )
    if evidence.total_return < evidence.hold_return:
        reason += f", though {_change(evidence.total_return)} where holding made {evidence.hold_return:+.1%}"
    return f"{reason}; only candles that no choice has seen can settle it"


def _change(total_return: float) -> str:
    return f"it {'made' if total_return >= 0 else 'lost'} {abs(total_return):.1%}"


_REASONS = {
    Standing.LOST: _lost,
    Standing.LUCK: _luck,
    Standing.IDLE: _idle,
    Standing.STANDS: _stands,
}
