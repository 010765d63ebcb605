"""The fleet as a portfolio: champions of any runs in one account, and what may become of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from genepool.backtest.caveats import too_few_years
from genepool.backtest.thinning import thinned
from genepool.history import RunFilter
from genepool.market.measures import Measures
from genepool.market.moments import timestamp
from genepool.portfolio.closed_forms import ever_down_to, expected_max_drawdown, growth_kept
from genepool.portfolio.dependence import Dependence
from genepool.portfolio.figures import AccountFigures
from genepool.portfolio.fleet import JointFleet, joint_fleet
from genepool.portfolio.forecast import Forecast
from genepool.portfolio.stress import StressedFleet
from genepool.portfolio.terms import FleetTerms
from genepool.portfolio.twins import LeftOutBot
from genepool.portfolio.weighing import WeighedFleet
from genepool.ports import RunPages
from genepool.robustness.ladder import short_verdict
from genepool.usecases.compare_genomes import Named
from genepool.usecases.document import Document
from genepool.usecases.fleet_bots import MOST_BOTS, CandidateBot, candidates
from genepool.usecases.fleet_words import fleet_sentence
from genepool.usecases.past_run import PastRun

_POINTS = 600


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


def fleet_portfolio(
    named: Sequence[Named], terms: FleetTerms, open_run: Callable[[str], PastRun], now: int
) -> FleetPortfolio:
    """Put genomes of recorded runs into one account; nothing is bred, and no trial is added.

    Parameters
    ----------
    named
        Which.
    terms
        What was decided.
    open_run
        Opens a recorded run.
    now
        UTC nanoseconds, for the ages of the bots.

    Raises
    ------
    ConfigError, RunNotFound, GenomeNotFound
        When what is named is not there, or cannot be put together.
    DataError
        When candles are not there, or the bots share too little time out of sample.
    """
    bots = candidates(named, open_run)
    found = joint_fleet([one.bot for one in bots], terms)
    members = _members(bots, found, now)
    return FleetPortfolio(
        sentence=fleet_sentence(found, [one.name for one in bots if one.believed]),
        terms=terms,
        bots=members,
        first=timestamp(int(found.joined.begins[0])),
        last=timestamp(int(found.joined.ends[-1])),
        periods=len(found.joined.begins),
        years=found.joined.years,
        too_short=too_few_years(found.joined.years),
        account=_account(found),
        together=found.together,
        compared=found.compared,
        recorded=found.recorded,
        deflated=found.deflated,
        stress=found.stress,
        theory=_theory(found, terms),
    )


def finished_runs(pages: RunPages) -> list[Named]:
    """Return the champions of the newest finished runs: whom a fleet is made of when none is named."""
    found = pages.page(RunFilter(("finished",)), None, MOST_BOTS)
    return [(summary.spec.run, 1) for summary in found.summaries]


def _members(bots: Sequence[CandidateBot], found: JointFleet, now: int) -> list[FleetMember]:
    shares = dict(zip(found.bots, found.shares.tolist(), strict=True))
    reasons = {one.name: one for one in found.left_out}
    return [_member(one, shares.get(one.name, 0.0), reasons.get(one.name), found, now) for one in bots]


def _member(
    one: CandidateBot, share: float, left_out: LeftOutBot | None, found: JointFleet, now: int
) -> FleetMember:
    spec, genome, ladder = one.past.summary.spec, one.individual.genome, one.ladder
    return FleetMember(
        name=one.name,
        run=spec.run,
        rank=one.rank,
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        synthetic=spec.synthetic,
        strategy=genome.strategy,
        fingerprint=genome.fingerprint,
        share=share,
        left_out_because=left_out.reason if left_out else None,
        common=found.singles[one.name],
        walk_forward=one.measures,
        candles_per_year=spec.annualised_by,
        deflated_probability=one.deflated_probability,
        trials=one.bot.trials,
        verdict=ladder.sentence if ladder else None,
        short_verdict=short_verdict(ladder.sentence) if ladder else None,
        rung=ladder.height if ladder else None,
        reached=ladder.reached.name.lower() if ladder and ladder.reached else None,
        believed=one.believed,
        age_days=one.age_days(now),
    )


def _account(found: JointFleet) -> JointAccount:
    joined, periods = found.joined, found.periods
    equity = np.concatenate(([1.0], np.cumprod(1.0 + periods.kept)))
    stamps = np.concatenate((joined.begins[:1], joined.ends))
    places = thinned(equity, _POINTS)
    closed = joined.ends[periods.closed]
    return JointAccount(
        times=[timestamp(stamp) for stamp in stamps[places].tolist()],
        equity=equity[places].tolist(),
        figures=found.figures,
        luck_sharpe=found.luck_sharpe,
        diversification=found.diversification,
        cash=1.0 - float(found.shares.sum()),
        highest_exposure=float(periods.exposures.max()),
        highest_margin=float(periods.margins.max()),
        closed_at=timestamp(int(closed[0])) if len(closed) else None,
    )


def _theory(found: JointFleet, terms: FleetTerms) -> FleetTheory:
    volatility = found.figures.volatility
    used = found.kelly_used
    return FleetTheory(
        kelly_used=used,
        growth_kept=None if used is None else growth_kept(used),
        ever_ruined=float(volatility > 0) if used is None else ever_down_to(terms.ruin, used),
        expected_drawdown=1.0 - float(np.exp(-expected_max_drawdown(volatility, 1.0))),
    )
