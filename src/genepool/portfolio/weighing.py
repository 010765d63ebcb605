"""Shares of bots by each weighting, with what luck takes off their means."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.account import joint_periods
from genepool.portfolio.alignment import JoinedReturns
from genepool.portfolio.figures import AccountFigures, figures_of
from genepool.portfolio.limits import limited
from genepool.portfolio.records import BotRecord
from genepool.portfolio.terms import FleetTerms
from genepool.portfolio.weightings import FleetMoments, Weighting
from genepool.robustness.sharpe_statistics import expected_best_sharpe


@dataclass(frozen=True, slots=True, eq=False)
class FleetBot:
    """A bot with what it was chosen from.

    Parameters
    ----------
    record
        Out of sample.
    strength
        What decides which of two twins is weaker, the larger the stronger.
    trials
        Unique genomes ever tried on its market, by the ledger.
    """

    record: BotRecord
    strength: tuple[float, ...]
    trials: int


@dataclass(frozen=True, slots=True)
class WeighedFleet:
    """What one weighting would have made of the fleet.

    Parameters
    ----------
    shares
        By name of the bot.
    figures
        Over all common periods, by shares that were worked out on the same periods.
    later
        Over the second half, by shares that were worked out on the first half; None where a bot rested in it.
    """

    weights: str
    shares: dict[str, float]
    figures: AccountFigures
    later: AccountFigures | None


def luck_of(bots: Sequence[FleetBot], years: float) -> FloatArray:
    """Return the annual Sharpe ratio that luck alone would show of each bot, shape (bots,).

    That of the best of as many trials without skill on a record of so many years, whose Sharpe ratio varies
    by 1 / years.
    """
    return np.array([expected_best_sharpe(one.trials, 1.0 / years) for one in bots])


def deflated_means(bots: Sequence[FleetBot], returns: FloatArray, periods_a_year: float) -> FloatArray:
    """Return mean returns of a year less what luck would show, shape (bots,).

    Luck takes none below 0: a bot without skill is worth as much as cash. A mean that was below 0 stays.
    """
    deviations = returns.std(axis=0, ddof=1) * math.sqrt(periods_a_year)
    luck = luck_of(bots, len(returns) / periods_a_year) * deviations
    shown = returns.mean(axis=0) * periods_a_year
    return np.asarray(np.minimum(shown, np.maximum(shown - luck, 0.0)))


def shares_of(
    weighting: Weighting,
    bots: Sequence[FleetBot],
    returns: FloatArray,
    periods_a_year: float,
    terms: FleetTerms,
) -> FloatArray:
    """Return shares of the account's equity within the limits, shape (bots,).

    Parameters
    ----------
    weighting
        What works them out.
    bots
        The bots.
    returns
        Theirs, each moving, shape (periods, bots).
    periods_a_year
        Of the clock.
    terms
        They hold the limits.
    """
    covariance = np.atleast_2d(np.cov(returns.T)) * periods_a_year
    means = deflated_means(bots, returns, periods_a_year)
    found = weighting.weigh(FleetMoments(covariance, means, terms.kelly_fraction))
    return limited(found, terms.max_share, terms.max_leverage, sizes=weighting.sizes)


def weighed(
    weighting: Weighting, bots: Sequence[FleetBot], joined: JoinedReturns, terms: FleetTerms
) -> WeighedFleet:
    """Return what a weighting would have made of bots, and what its shares of earlier made of later."""
    records, a_year = [one.record for one in bots], joined.periods_a_year
    shares = shares_of(weighting, bots, joined.returns, a_year, terms)
    half = len(joined.returns) // 2
    earlier, later = joined.returns[:half], None
    if (np.ptp(earlier, axis=0) > 0).all():
        before = shares_of(weighting, bots, earlier, a_year, terms)
        later = figures_of(joint_periods(records, before, joined).kept[half:], a_year)
    whole = figures_of(joint_periods(records, shares, joined).kept, a_year)
    named = {record.name: float(share) for record, share in zip(records, shares, strict=True)}
    return WeighedFleet(weighting.name, named, whole, later)
