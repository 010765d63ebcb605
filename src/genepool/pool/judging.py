"""What a run amounts to: its leaderboard beside holding and short-holding, and one honest sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genepool.backtest.measuring import measures_of
from genepool.backtest.problem import Problem
from genepool.backtest.venue import Venue
from genepool.errors import InvalidCandles
from genepool.evolution.population import Individual
from genepool.history import RunSpec
from genepool.indicators.bank import IndicatorBank
from genepool.market.measures import Measures
from genepool.objectives import MINIMUM_TRADES
from genepool.pool.ranking import Ranking
from genepool.ports import TrialLedger
from genepool.robustness.bets import bets_inside
from genepool.robustness.ledger import Uncounted
from genepool.robustness.luck import HOLDING, SHORTING, Evidence, HeldBenchmark, weigh
from genepool.robustness.verdicts import verdict

NOBODY = "No genome was evaluated on both spans: there is nothing to judge."

_SIDES = {HOLDING: 1.0, SHORTING: -1.0}


@dataclass(frozen=True, slots=True)
class Judged:
    """A run, judged.

    Parameters
    ----------
    ranking
        The leaderboard.
    hold, short
        Holding and short-holding over the same candles, with the same costs.
    trials
        Unique genomes ever tried on the data, by the ledger.
    genomes
        Unique genomes of the run itself.
    uncounted
        What was tried on markets of the same name and is not among the trials, in one sentence; empty
        when there is nothing of the kind.
    evidence
        What is known of the champion; None without one.
    deflation
        One honest sentence, by deflation alone.
    candles_per_year
        What its measures are annualised by.
    """

    ranking: Ranking
    hold: HeldBenchmark
    short: HeldBenchmark
    trials: int
    genomes: int
    uncounted: str
    evidence: Evidence | None
    deflation: str
    candles_per_year: float

    @property
    def board(self) -> tuple[Individual, ...]:
        """The leaderboard's first places, champion first."""
        return self.ranking.board

    @property
    def champion(self) -> Individual | None:
        """First of the leaderboard."""
        return self.board[0] if self.board else None

    @property
    def benchmark(self) -> HeldBenchmark:
        """The better of both inside the folds, by Sharpe ratio: what a champion must beat."""
        return better(self.hold, self.short)


def judge(
    problem: Problem, ranking: Ranking, trials: int, genomes: int | None = None, uncounted: str = ""
) -> Judged:
    """Judge a run by its leaderboard.

    Parameters
    ----------
    problem
        What they were scored against.
    ranking
        The leaderboard of everybody who was evaluated, or of who is left of them.
    trials
        Unique genomes ever tried on the data, by the ledger.
    genomes
        Unique genomes of the run; None where the leaderboard is of all of them.
    uncounted
        What was tried on markets of the same name and is not among the trials, in one sentence.
    """
    board = ranking.board
    hold, short = constant_positions(problem)
    tried = genomes if genomes is not None else ranking.genomes
    evidence, per_year = None, problem.candles_per_year
    if board and (champion := board[0].evaluation.scored) is not None:
        evidence = weigh(champion, better(hold, short), trials, per_year, tried)
        if _may_be_fewer(evidence, problem):
            evidence = replace(evidence, bets=bets_inside(problem, board[0].genome))
    sentence = verdict(evidence) if evidence else NOBODY
    return Judged(ranking, hold, short, trials, tried, uncounted, evidence, sentence, per_year)


def _may_be_fewer(evidence: Evidence, problem: Problem) -> bool:
    """Whether enough trades may be too few bets: each edge between two folds cuts one position at most."""
    return evidence.trades >= MINIMUM_TRADES > evidence.trades - (len(problem.folds) - 1)


def judge_recorded(
    ledger: TrialLedger,
    spec: RunSpec,
    problem: Problem,
    ranking: Ranking,
    genomes: int | None = None,
) -> Judged:
    """Judge a recorded run by the ledger of its history; as ``judge``."""
    apart = told_apart(ledger.uncounted(spec.market_digest), spec)
    return judge(problem, ranking, ledger.trials(spec.market_digest), genomes, apart)


def told_apart(uncounted: Uncounted, spec: RunSpec) -> str:
    """Say what does not count, and why; nothing when everything does."""
    market = f"{spec.symbol} {spec.timeframe}"
    reasons = []
    if uncounted.other_candles:
        reasons.append(
            f"{uncounted.other_candles:,} genomes were tried on other data of {market}, which have too few "
            "candles in a row in common with these"
        )
    if uncounted.unknown_candles:
        reasons.append(
            f"{uncounted.unknown_candles:,} genomes were tried on {market} by runs of an older GenePool, "
            "which noted no candles to compare"
        )
    return "; ".join(reasons)


def better(hold: HeldBenchmark, short: HeldBenchmark) -> HeldBenchmark:
    """Return whichever has the higher Sharpe ratio inside the folds; holding when they are equal."""
    return max(hold, short, key=lambda held: held.walk_forward.sharpe)


def constant_positions(problem: Problem) -> tuple[HeldBenchmark, HeldBenchmark]:
    """Return what holding and short-holding made of the problem's spans, with its costs.

    Raises
    ------
    InvalidCandles
        When prices leap so far that what holding earned is not a number.
    """
    venue = Venue(IndicatorBank(problem.candles), problem.costs)
    try:
        hold, short = (_held(problem, venue, holding) for holding in _SIDES)
    except ArithmeticError as error:
        raise InvalidCandles(
            f"{problem.candles.symbol} cannot be judged, since the result of holding it is too large "
            "to measure: look for prices that are wrong by orders of magnitude"
        ) from error
    return hold, short


def _held(problem: Problem, venue: Venue, holding: str) -> HeldBenchmark:
    folds = problem.folds
    always = np.full(len(problem.candles), _SIDES[holding])

    def measured(spans: Sequence[tuple[int, int]]) -> Measures:
        account = venue.trade(always, np.array(spans), 0.0, 0.0)[-1]
        return measures_of(account, problem.candles_per_year)

    return HeldBenchmark(
        holding, measured([problem.in_sample]), measured(folds), measured([(folds[0][0], folds[-1][1])])
    )
