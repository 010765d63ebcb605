"""The fleet as a portfolio: champions of any runs in one account, and what may become of it."""

from collections.abc import Callable, Sequence

import numpy as np

from genepool.backtest.caveats import too_few_years
from genepool.backtest.thinning import thinned
from genepool.history import RunFilter
from genepool.market.moments import timestamp
from genepool.portfolio.closed_forms import ever_down_to, expected_max_drawdown, growth_kept
from genepool.portfolio.fleet import JointFleet, joint_fleet
from genepool.portfolio.terms import FleetTerms
from genepool.portfolio.twins import LeftOutBot
from genepool.ports import RunPages
from genepool.robustness.ladder import short_verdict
from genepool.usecases.compare_genomes import Named
from genepool.usecases.fleet_bots import MOST_BOTS, CandidateBot, candidates
from genepool.usecases.fleet_document import FleetMember, FleetPortfolio, FleetTheory, JointAccount
from genepool.usecases.fleet_words import fleet_sentence
from genepool.usecases.past_run import PastRun

_POINTS = 600


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
