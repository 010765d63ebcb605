"""Robustness checks of one genome: all that they ask for is done and counted first, then they judge."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.errors import ConfigError
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.pool.checking import Evaluate, carried_out
from genepool.pool.judging import better, constant_positions
from genepool.pool.variants import Variants
from genepool.ports import EvaluationHistory
from genepool.robustness.bets import bets_inside
from genepool.robustness.checks import Answers, Check, CheckFinding, Subject, Variant
from genepool.robustness.neighbourhood import Tried
from genepool.robustness.proposals import ProposingCheck

CarryOut: TypeAlias = Callable[[ProposingCheck[object]], object]


def examined(
    checks: Iterable[Check],
    subject: Subject,
    variants: Variants,
    carry_out: CarryOut,
    trials: Callable[[], int],
) -> dict[str, tuple[Check, CheckFinding]]:
    """Make checks of a genome, and return by name what each found.

    Parameters
    ----------
    checks
        Which ones.
    subject
        The genome.
    variants
        Trades what they want traded again.
    carry_out
        Has the genomes that a check proposes evaluated and counted, and returns what it finds of them.
        It raises ``KeyError`` where some were not evaluated and are not to be.
    trials
        Counts the unique genomes ever tried on the data. It is asked when all checks have had their
        genomes evaluated, so that no finding depends on the order of the checks.
    """
    checks = list(checks)
    asking = [check for check in checks if not check.why_not(subject)]
    answers = {check.name: _answers(check, subject, variants, carry_out) for check in asking}
    counted = replace(subject, trials=trials())
    return {check.name: (check, check.find(counted, answers.get(check.name, Answers()))) for check in checks}


def _answers(check: Check, subject: Subject, variants: Variants, carry_out: CarryOut) -> Answers:
    proposing, results = check.proposes(subject), [variants(variant) for variant in check.variants(subject)]
    try:
        return Answers(results, carry_out(proposing) if proposing else None)
    except KeyError:
        return Answers(results, unknown=True)


def subject_of(
    problem: Problem,
    individual: Individual,
    board: Sequence[Individual],
    tried: Tried,
    variants: Variants,
    seed: int,
) -> Subject:
    """Gather what checks are told of a genome; its trials are counted by ``examined``.

    Parameters
    ----------
    problem
        What it was scored against.
    individual
        The genome, with scores.
    board
        The first of its run's leaderboard.
    tried
        Finds evaluations of its run.
    variants
        Trades it again.
    seed
        Of its run.

    Raises
    ------
    ConfigError
        When it cannot be traded by today's rules, as may be with a run of an older GenePool.
    """
    scored, genome = individual.evaluation.scored, individual.genome
    played = variants(Variant(genome))
    if scored is None or played is None:
        raise ConfigError(
            f"genome {genome.fingerprint} cannot be traded by the rules of this GenePool, so it cannot be "
            "checked: evolve its market anew"
        )
    return Subject(
        problem=problem,
        genome=genome,
        scored=scored,
        played=played,
        benchmark=better(*constant_positions(problem)),
        bets=bets_inside(problem, genome),
        trials=0,
        board=tuple(one.genome for one in board),
        tried=tried,
        seed=seed,
    )


def evaluating(history: EvaluationHistory, evaluate: Evaluate) -> CarryOut:
    """Return what has proposals evaluated, as far as the history does not know them, and counted."""

    def known_first(problem: Problem, genomes: Sequence[Genome]) -> Sequence[Evaluation]:
        names = [genome.fingerprint for genome in genomes]
        known = dict(history.evaluations(problem.digest, names))
        missing = [genome for genome in genomes if genome.fingerprint not in known]
        known |= {one.genome.fingerprint: one for one in evaluate(problem, missing)} if missing else {}
        return [known[name] for name in names]

    return lambda proposing: carried_out(proposing, known_first, history.remember)


def reading(history: EvaluationHistory) -> CarryOut:
    """Return what reads the evaluations of proposals from the history, and has none made."""

    def known(problem: Problem, genomes: Sequence[Genome]) -> Sequence[Evaluation]:
        names = [genome.fingerprint for genome in genomes]
        found = history.evaluations(problem.digest, names)
        return [found[name] for name in names]

    return lambda proposing: carried_out(proposing, known, lambda *_: None)
