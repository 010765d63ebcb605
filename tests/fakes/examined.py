"""Genomes to check: the champion of a small real run, and the same one with returns that tell nothing."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.evolution.population import Individual
from genepool.history import BOARD_PLACES, leaderboard
from genepool.market.candles import FloatArray
from genepool.pool.checking import carried_out, in_this_process
from genepool.pool.examining import subject_of
from genepool.pool.variants import Variants
from genepool.robustness.checks import Answers, Check, Subject
from tests.fakes.bred_runs import bred_run
from tests.fakes.scorers import NOTHING

_RUN = bred_run()


def _daily() -> Problem:
    """Return the problem of the run as if its candles were a day's each: its folds then last two years."""
    candles, spec = _RUN.plan.candles, _RUN.plan.spec
    first = candles.stamps[0]
    slow = replace(candles, timeframe="1d", stamps=first + 24 * (candles.stamps - first))
    return Problem.seal(slow, spec.split, spec.costs, spec.objective)


PROBLEM = _daily()
VARIANTS = Variants(PROBLEM)


@cache
def individuals() -> tuple[Individual, ...]:
    """Return everybody of the run, scored on those candles."""
    born = [one for _, one in _RUN.newborn]
    scored = Scorer(PROBLEM).evaluate([one.genome for one in born])
    return tuple(replace(one, evaluation=found) for one, found in zip(born, scored, strict=True))


def tried(fingerprints: Sequence[str]) -> list[Evaluation]:
    """Find evaluations of the run."""
    wanted = set(fingerprints)
    return [one.evaluation for one in individuals() if one.genome.fingerprint in wanted]


@cache
def champion() -> Subject:
    """Return the champion of the run, as checks are told of it."""
    board = leaderboard(individuals(), BOARD_PLACES)
    subject = subject_of(PROBLEM, board[0], board, tried, VARIANTS, _RUN.plan.spec.seed)
    return replace(subject, trials=len(individuals()))


@cache
def answered(check: Check) -> Answers:
    """Return what a check asks for of the champion."""
    proposing = check.proposes(champion())
    proposed = carried_out(proposing, in_this_process(), lambda *_: None) if proposing else None
    return Answers([VARIANTS(variant) for variant in check.variants(champion())], proposed)


def with_returns(in_sample: FloatArray, walk_forward: FloatArray) -> Subject:
    """Return the champion as if it had earned these returns in enough positions, and nothing was measured."""
    played = replace(
        champion().played,
        in_sample=in_sample,
        walk_forward=walk_forward,
        measures=NOTHING,
        entries=np.empty(0, dtype=np.int64),
        exits=np.empty(0, dtype=np.int64),
        sizes=np.empty(0),
    )
    scored = replace(champion().scored, walk_forward=NOTHING)
    return replace(champion(), played=played, scored=scored, bets=50.0)
