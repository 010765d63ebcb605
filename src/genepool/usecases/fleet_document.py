"""A fleet as one account, as commands and pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.backtest.caveats import too_few_years
from genepool.market.measures import Measures
from genepool.portfolio.dependence import Dependence
from genepool.portfolio.figures import AccountFigures
from genepool.portfolio.forecast import Forecast
from genepool.portfolio.stress import StressedFleet
from genepool.portfolio.terms import FleetTerms
from genepool.portfolio.weighing import WeighedFleet
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class FleetMember(Document):
    """One bot.

    Parameters
    ----------
    share
        Of the account's equity; 0 of one that is left out, or that the weighting gives nothing.
    left_out_because
        Why it is not in the fleet; None of one that is.
    common
        Its figures over the periods common to all bots.
    walk_forward, candles_per_year
        What it did inside its own folds, and what that is annualised by.
    trials
        Unique genomes ever tried on its market.
    verdict, rung, reached
        As the run's own page tells them; None of a genome that is not a champion.
    believed
        Whether it survived deflation or null evolution.
    age_days
        Days since the newest candle that its run was shown.
    """

    name: str
    run: str
    rank: int
    symbol: str
    timeframe: str
    synthetic: bool
    strategy: str
    fingerprint: str
    share: float
    left_out_because: str | None
    common: AccountFigures
    walk_forward: Measures
    candles_per_year: float
    deflated_probability: float
    trials: int
    verdict: str | None
    short_verdict: str | None
    rung: int | None
    reached: str | None
    believed: bool
    age_days: int


@dataclass(frozen=True, slots=True)
class JointAccount(Document):
    """The account over the common periods.

    Parameters
    ----------
    times, equity
        Ends of periods in ISO 8601, and equity there in multiples of that at the start, which is the first.
    luck_sharpe
        Sharpe ratio that the account would show if every bot had shown luck alone.
    diversification
        Weighted volatility of the bots over that of the account.
    cash
        Share of equity that is not shared out; negative where it is borrowed.
    highest_exposure
        Largest sum of the bots' notionals over equity at any close of a candle.
    highest_margin
        Largest share of equity that was bound as maintenance margin; from 1 on the venue closes the account.
    closed_at
        End of the period in which the venue closed it, in ISO 8601; None where it did not.
    """

    times: Sequence[str]
    equity: Sequence[float]
    figures: AccountFigures
    luck_sharpe: float
    diversification: float
    cash: float
    highest_exposure: float
    highest_margin: float
    closed_at: str | None


@dataclass(frozen=True, slots=True)
class FleetTheory(Document):
    """What theory says of an account of this size with independent, normal returns.

    Parameters
    ----------
    kelly_used
        Share of full Kelly that the account trades, by means less what luck would show; None where no mean
        is left.
    growth_kept
        Share of full Kelly's growth that it keeps; negative above twice Kelly.
    ever_ruined
        Chance ever to fall to the level of ruin; 1 where no mean is left.
    expected_drawdown
        Largest fall of a year that is expected without drift, as a share of the peak.
    """

    kelly_used: float | None
    growth_kept: float | None
    ever_ruined: float
    expected_drawdown: float


@dataclass(frozen=True, slots=True)
class FleetPortfolio(Document):
    """A fleet as one account.

    Parameters
    ----------
    sentence
        What is to be believed of it.
    first, last, periods, years
        Which periods all bots share out of sample, in ISO 8601; holes between folds count for nothing.
    too_short
        Why nothing of a year is to be believed of so short a time; None where it is long enough.
    together
        Correlations, in the order of ``bots``.
    compared
        All weightings beside each other: to look at them all and take the best is one more choice.
    recorded, deflated
        What may follow in a year, by returns as they were, and less what luck would show.
    stress
        The deflated account when correlations go to 1.
    """

    sentence: str
    terms: FleetTerms
    bots: Sequence[FleetMember]
    first: str
    last: str
    periods: int
    years: float
    too_short: str | None
    account: JointAccount
    together: Dependence
    compared: Sequence[WeighedFleet]
    recorded: Forecast
    deflated: Forecast
    stress: Sequence[StressedFleet]
    theory: FleetTheory

    def of_a_year(self, value: float, part: float = 1.0) -> float | None:
        """Return what a part of the periods says of a year; None where it is too short for that."""
        return None if too_few_years(part * self.years) else value
