"""Check one genome of a past run: every robustness check, or some, as a document."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from genepool.backtest.evaluation import Evaluation
from genepool.errors import ConfigError
from genepool.pool.checking import in_this_process
from genepool.pool.examining import evaluating, examined, reading, subject_of
from genepool.pool.variants import Variants
from genepool.robustness.checks import Check, CheckOutcome, robustness_checks
from genepool.usecases.document import Document
from genepool.usecases.genome_of_run import Which, placed
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class CheckLine(Document):
    """What one check found; ``counts_trials`` says whether it knows of all trials, or of one."""

    name: str
    title: str
    figure: float | None
    threshold: float | None
    outcome: CheckOutcome
    sentence: str
    counts_trials: bool


@dataclass(frozen=True, slots=True)
class CheckedGenome(Document):
    """A genome of a run with what checks found.

    Parameters
    ----------
    run, rank, fingerprint, strategy
        Which genome.
    trials
        Unique genomes ever tried on the data, those that the checks tried included.
    passed, failed, not_applicable
        How many checks there are of each outcome.
    checks
        By name.
    """

    run: str
    rank: int
    fingerprint: str
    strategy: str
    trials: int
    passed: int
    failed: int
    not_applicable: int
    checks: Sequence[CheckLine]


def checks_named(names: Sequence[str]) -> list[Check]:
    """Return checks by their names, in the order of all checks; all of them where none is named.

    Raises
    ------
    ConfigError
        When there is no such check.
    """
    known = robustness_checks()
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(f"there is no check {unknown[0]!r}: choose from {', '.join(known)}")
    return [check for name, check in known.items() if not names or name in names]


def check_champion(
    past: PastRun, which: Which = 1, names: Sequence[str] = (), *, evaluates: bool = True
) -> CheckedGenome:
    """Make checks of a genome in this process.

    Parameters
    ----------
    past
        The run.
    which
        Place or fingerprint.
    names
        The checks; none for all of them.
    evaluates
        Whether genomes that they propose are evaluated, which counts them as trials. Otherwise a check of
        genomes that the history does not know is not applicable, and nothing is written.

    Raises
    ------
    ConfigError
        When there is no such check.
    GenomeNotFound
        When the run has no such genome, or it has no place.
    DataError
        When its candles are not there, or are not what the run began with.
    """
    checks = checks_named(names)
    rank, individual = placed(past, which)
    spec, problem = past.plan().spec, past.plan().problem
    variants = Variants(problem)

    def tried(fingerprints: Sequence[str]) -> list[Evaluation]:
        return [one.evaluation for one in past.read(past.census.births.find(fingerprints))]

    def trials() -> int:
        return past.history.trials(spec.market_digest)

    subject = subject_of(problem, individual, past.ranking.board, tried, variants, spec.seed)
    history = past.history
    carry_out = evaluating(history, in_this_process()) if evaluates else reading(history)
    found = examined(checks, subject, variants, carry_out, trials)
    lines = [
        CheckLine(
            name, check.title, one.figure, one.threshold, one.outcome, one.sentence, check.counts_trials
        )
        for name, (check, one) in found.items()
    ]
    counts = Counter(line.outcome for line in lines)
    return CheckedGenome(
        run=past.name,
        rank=rank,
        fingerprint=individual.genome.fingerprint,
        strategy=individual.genome.strategy,
        trials=trials(),
        passed=counts[CheckOutcome.PASS],
        failed=counts[CheckOutcome.FAIL],
        not_applicable=counts[CheckOutcome.NOT_APPLICABLE],
        checks=lines,
    )
