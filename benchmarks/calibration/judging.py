"""A run judged in every way that is compared: plain, deflated, and by the rungs of the ladder."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.calibration.searching import Searched, effective_trials
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.pool.checking import carried_out
from genepool.pool.examining import examined, subject_of
from genepool.pool.judging import judge
from genepool.pool.ranking import Ranking
from genepool.pool.sealed import sitting
from genepool.pool.variants import Variants
from genepool.ports import Evaluator
from genepool.robustness.checks import CheckFinding, robustness_checks
from genepool.robustness.ladder import ExamOutcome
from genepool.robustness.luck import Evidence
from genepool.robustness.proposals import ProposingCheck
from genepool.robustness.sharpe_statistics import deflated_sharpe, probabilistic_sharpe

# The checks of the fourth rung.
STABILITY = ("neighbourhood", "cost_stress", "one_candle_late")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of a champion, nulls apart.

    Parameters
    ----------
    evidence
        By the ledger: all genomes tried on the market, the neighbours among them.
    plain
        Probabilistic Sharpe ratio, which knows of one trial.
    effective
        Deflated by the effective number of trials.
    effective_trials
        That number.
    stability
        What the checks of the fourth rung found, by name.
    """

    evidence: Evidence
    plain: float
    effective: float
    effective_trials: float
    stability: Sequence[tuple[str, CheckFinding]]


def judgement(run: Searched, tried: dict[str, Evaluation], evaluator: Evaluator) -> Judgement | None:
    """Judge a run's champion; None of a run without one.

    Parameters
    ----------
    run
        The run.
    tried
        Everything tried on its market, by fingerprint; the champion's neighbours are added.
    evaluator
        Evaluates those.
    """
    champion, problem = run.fold.champion, run.plan.problem
    if champion is None or champion.evaluation.scored is None:
        return None
    variants = Variants(problem)
    independent = effective_trials(run.evaluations.values(), variants)
    stability = _stability(run, tried, variants, evaluator)
    judged = judge(problem, Ranking((champion,), length=1, genomes=len(run.evaluations)), len(tried))
    if judged.evidence is None:
        return None
    measures = champion.evaluation.scored.walk_forward
    ratio, shape = measures.sharpe / math.sqrt(problem.candles_per_year), (measures.skew, measures.kurtosis)
    return Judgement(
        evidence=judged.evidence,
        plain=probabilistic_sharpe(ratio, 0.0, measures.candles, *shape),
        effective=deflated_sharpe(ratio, measures.candles, round(independent), 0.0, *shape),
        effective_trials=independent,
        stability=stability,
    )


def exam_of(run: Searched) -> ExamOutcome | None:
    """Return what the champion shows on the candles that its search never saw, at the first attempt.

    No ledger counts it: a generated market has one champion, which sits once.
    """
    if run.fold.champion is None:
        return None
    sat = sitting(run.plan, run.fold.champion.genome)
    low, high = (-math.inf, math.inf) if sat.low is None or sat.high is None else (sat.low, sat.high)
    return ExamOutcome(sat.passes(1), 1, low, high)


def _stability(
    run: Searched, tried: dict[str, Evaluation], variants: Variants, evaluator: Evaluator
) -> list[tuple[str, CheckFinding]]:
    champion = run.fold.champion
    if champion is None:
        raise AssertionError("a champion is checked")

    def known(fingerprints: Sequence[str]) -> list[Evaluation]:
        return [run.evaluations[one] for one in fingerprints if one in run.evaluations]

    problem, checks = run.plan.problem, robustness_checks()
    subject = subject_of(problem, champion, [champion], known, variants, run.plan.spec.seed)
    found = examined(
        [checks[name] for name in STABILITY],
        subject,
        variants,
        _evaluating(tried, evaluator),
        lambda: len(tried),
    )
    return [(name, found[name][1]) for name in STABILITY]


def _evaluating(
    tried: dict[str, Evaluation], evaluator: Evaluator
) -> Callable[[ProposingCheck[object]], object]:
    def evaluate(problem: Problem, genomes: Sequence[Genome]) -> Sequence[Evaluation]:
        missing = [one for one in genomes if one.fingerprint not in tried]
        found = evaluator.evaluate(problem, missing, lambda _: None) if missing else []
        new = {one.genome.fingerprint: one for one in found}
        return [tried.get(one.fingerprint) or new[one.fingerprint] for one in genomes]

    def remember(_: str, evaluations: Sequence[Evaluation]) -> None:
        tried.update((one.genome.fingerprint, one) for one in evaluations)

    return lambda proposing: carried_out(proposing, evaluate, remember)
