"""A fleet, from the records of its bots to what may follow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genepool.errors import DataError
from genepool.market.candles import FloatArray
from genepool.portfolio.account import JointPeriods, joint_periods
from genepool.portfolio.alignment import JoinedReturns, check_common, joined_returns
from genepool.portfolio.dependence import Dependence, correlation_matrix, dependence
from genepool.portfolio.figures import AccountFigures, figures_of
from genepool.portfolio.forecast import Forecast, YearDraws, forecasts, suitable_block
from genepool.portfolio.records import BotRecord
from genepool.portfolio.stress import StressedFleet, stretched
from genepool.portfolio.terms import FleetTerms
from genepool.portfolio.twins import LeftOutBot, weaker_twins
from genepool.portfolio.weighing import FleetBot, WeighedFleet, deflated_means, luck_of, shares_of, weighed
from genepool.portfolio.weightings import weightings


@dataclass(frozen=True, slots=True, eq=False)
class JointFleet:
    """Everything that is found of a fleet.

    Parameters
    ----------
    bots
        Names of those in it, in the order in which they were named.
    left_out
        Those that are not, and why.
    joined
        The returns of those in it.
    shares
        Of the account's equity, shape (bots,).
    periods
        What the account did.
    singles
        Figures of everybody who was named, over the periods common to all of them.
    figures
        Of the account.
    luck_sharpe
        Sharpe ratio that the account would show if every bot had shown luck alone.
    diversification
        Weighted volatility of the bots over that of the account; 1 where they move as one, 0 of cash.
    kelly_used
        Share of full Kelly that the account trades, by the means that are left once luck is taken off; None
        where none is left.
    together
        How everybody moves together, those left out among them.
    compared
        All weightings beside each other.
    recorded, deflated
        What may follow: by returns as they were, and with the mean of each bot less what luck would show.
    stress
        What is left of the deflated account when correlations go to 1.
    """

    bots: Sequence[str]
    left_out: Sequence[LeftOutBot]
    joined: JoinedReturns
    shares: FloatArray
    periods: JointPeriods
    singles: dict[str, AccountFigures]
    figures: AccountFigures
    luck_sharpe: float
    diversification: float
    kelly_used: float | None
    together: Dependence
    compared: Sequence[WeighedFleet]
    recorded: Forecast
    deflated: Forecast
    stress: Sequence[StressedFleet]


def joint_fleet(bots: Sequence[FleetBot], terms: FleetTerms) -> JointFleet:
    """Make a fleet of bots.

    Parameters
    ----------
    bots
        At least one, of different names.
    terms
        What was decided.

    Raises
    ------
    ConfigError
        When a bot's candles are longer than a period.
    DataError
        When the bots were hardly tested at the same time, or none of them traded then.
    """
    everybody = [one.record for one in bots]
    shared = joined_returns(everybody, terms.clock)
    check_common(everybody, shared)
    chosen, left_out = _chosen(bots, shared, terms)
    records = [one.record for one in chosen]
    joined = joined_returns(records, terms.clock)
    a_year, ways = joined.periods_a_year, weightings()
    shares = shares_of(ways[terms.weights], chosen, joined.returns, a_year, terms)
    periods = joint_periods(records, shares, joined)
    draws = YearDraws(terms.seed, a_year, terms.levels, terms.drawn, block=suitable_block(periods.returns))
    figures = figures_of(periods.kept, a_year)
    parts = shares * joined.returns.std(axis=0, ddof=1) * math.sqrt(a_year)
    means = deflated_means(chosen, joined.returns, a_year)
    honest, mean = _without_luck(periods, joined, shares, means), float(shares @ means)
    steps = stretched(honest, joined.returns, shares)
    # The first step stretches nothing.
    recorded, *under = forecasts([periods, *(one for _, _, one in steps)], draws)
    return JointFleet(
        bots=[record.name for record in records],
        left_out=left_out,
        joined=joined,
        shares=shares,
        periods=periods,
        singles=_singles(everybody, shared),
        figures=figures,
        luck_sharpe=_ratio(float(parts @ luck_of(chosen, joined.years)), figures.volatility),
        diversification=_ratio(float(parts.sum()), figures.volatility),
        kelly_used=figures.volatility**2 / mean if mean > 0 else None,
        together=dependence(everybody),
        compared=[weighed(way, chosen, joined, terms) for way in ways.values()],
        recorded=recorded,
        deflated=under[0],
        stress=[
            StressedFleet(step, deviation * math.sqrt(a_year), told.drawdowns["0.95"], told.ruin)
            for (step, deviation, _), told in zip(steps, under, strict=True)
        ],
    )


def _chosen(
    bots: Sequence[FleetBot], joined: JoinedReturns, terms: FleetTerms
) -> tuple[list[FleetBot], list[LeftOutBot]]:
    moved = np.ptp(joined.returns, axis=0) > 0
    if not moved.any():
        raise DataError(
            f"no bot of the fleet traded in the {len(joined.begins)} {joined.clock}s out of sample that all "
            "share: name other runs"
        )
    idle = [one.record.name for one, moving in zip(bots, moved, strict=True) if not moving]
    left_out = [LeftOutBot(name, "it did not trade in the common periods") for name in idle]
    moving = [one for one in bots if one.record.name not in idle]
    if terms.max_correlation is not None:
        names, strengths = [one.record.name for one in moving], [one.strength for one in moving]
        matrix = correlation_matrix(joined.returns[:, moved])
        left_out += weaker_twins(matrix, names, strengths, terms.max_correlation)
    gone = {one.name for one in left_out}
    return [one for one in bots if one.record.name not in gone], left_out


def _singles(records: Sequence[BotRecord], joined: JoinedReturns) -> dict[str, AccountFigures]:
    columns = joined.returns.T
    return {
        record.name: figures_of(column, joined.periods_a_year)
        for record, column in zip(records, columns, strict=True)
    }


def _without_luck(
    periods: JointPeriods, joined: JoinedReturns, shares: FloatArray, means: FloatArray
) -> JointPeriods:
    """Return the same periods with the means that are left in the place of those that the bots showed."""
    shift = float(shares @ (means / joined.periods_a_year - joined.returns.mean(axis=0)))
    returns = np.maximum(periods.returns + shift, -1.0)
    lows = np.maximum(np.minimum(periods.lows + shift, returns), -1.0)
    return replace(periods, returns=returns, lows=lows)


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else 0.0
