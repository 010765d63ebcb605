"""Genomes are evaluated on this machine: in this process, or by a crew of worker processes."""

import time
from collections.abc import Sequence
from dataclasses import replace

from genepool.adapters.local.inline import InlineCrew
from genepool.adapters.local.machine import most_workers, read_machine, usable_cores
from genepool.adapters.local.processes import ProcessCrew
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer, Scorer
from genepool.crews.asked import Side
from genepool.crews.evaluator import BudgetOf, CrewEvaluator
from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.ports import BatchFinished, Watcher
from genepool.scheduling.rules import DispatchRules, Work
from genepool.strategies import seed_strategies

# A laptop is busy with other things and has nobody else to ask: a worker is doubted later than on a cluster.
# The first batch compiles its kernels.
LOCAL_RULES = DispatchRules(deadline_floor=30.0, first_deadline=300.0)


class LocalEvaluator:
    """Scores genomes on this machine's cores; the same bits for any number of workers.

    As ``CrewEvaluator``. One worker means this process, where a genome that crashes the interpreter ends
    the run. Of several, each is a process of its own, replaced when it dies or hangs.

    Parameters
    ----------
    workers
        Batches that run at once; fewer where the system cannot have so many.
    batch_size
        Genomes in a batch at most; None to go by what they cost.
    make_scorer
        How the genomes of a problem are scored; at the top of a module, since worker processes import it.
    rules
        Deadlines and how many failures condemn a genome.
    share
        How much of this machine may work: this process and its workers together.
    budget_of
        Another share from now on; None while nobody wishes for one.
    watcher
        Told of all work.

    Raises
    ------
    ConfigError
        When there would be no worker, or no genome in a batch.
    """

    def __init__(
        self,
        workers: int,
        batch_size: int | None = None,
        make_scorer: MakeScorer = Scorer,
        rules: DispatchRules = LOCAL_RULES,
        share: float = 1.0,
        budget_of: BudgetOf = lambda _: None,
        watcher: Watcher = lambda _: None,
    ) -> None:
        if workers < 1:
            raise ConfigError(f"{workers} workers cannot evaluate anything: give at least 1")
        # The bits are the same for any number, so there is nothing to refuse.
        workers = min(workers, most_workers() or workers)
        cores = usable_cores(read_machine())
        crew = (
            InlineCrew(make_scorer, cores, share)
            if workers == 1
            else ProcessCrew(make_scorer, workers, cores, share)
        )
        rules = replace(rules, batch_size=batch_size)
        self._evaluator = CrewEvaluator(crew, rules, described, _Clock(), watcher, budget_of=budget_of)

    def evaluate(
        self,
        problem: Problem,
        genomes: Sequence[Genome],
        batch_finished: BatchFinished,
        side: Side | None = None,
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked, for any number of threads at once.

        Raises
        ------
        Interrupted
            When ``batch_finished`` raised it; running batches have been waited for and reported.
        GenepoolError
            When worker processes cannot be started.
        """
        return self._evaluator.evaluate(problem, genomes, batch_finished, side)

    def close(self) -> None:
        """Let go of processes and memory; may be called twice."""
        self._evaluator.close()


class _Clock:
    def seconds(self) -> float:
        return time.monotonic()


def described(genome: Genome, _problem: Problem) -> Work:
    """Say what dispatching has to know of a genome; all seats of one machine are of one kind."""
    strategy = seed_strategies().get(genome.strategy)
    return Work(genome.strategy, "local", () if strategy is None else strategy.family(genome))
