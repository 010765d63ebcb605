"""Genomes are evaluated on this machine: in this process, or by a crew of worker processes."""

from collections.abc import Sequence
from threading import Lock

from genepool.adapters.local.crew import LocalCrew
from genepool.adapters.local.dispatch import Answers, Dispatch
from genepool.adapters.local.machine import most_workers
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer, Scorer, WarmScorers
from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.ports import BatchFinished
from genepool.scheduling.batches import plan_batches
from genepool.strategies import seed_strategies


class LocalEvaluator:
    """Scores genomes on this machine's cores; the same bits for any number of workers.

    One worker means this process, where a genome that crashes the interpreter ends the run. Of
    several, each is a process of its own: when one dies its batch is repeated, and only a genome
    that kills its worker whenever it is alone with it comes back as failed.

    Threads that ask at once are served one after the other.

    Parameters
    ----------
    workers
        Batches that run at once; fewer where the system cannot have so many.
    batch_size
        Genomes in a batch at most; None to choose by the number of genomes and workers.
    make_scorer
        How the genomes of a problem are scored; at the top of a module, since worker processes import it.

    Raises
    ------
    ConfigError
        When there would be no worker, or no genome in a batch.
    """

    def __init__(self, workers: int, batch_size: int | None = None, make_scorer: MakeScorer = Scorer) -> None:
        if workers < 1:
            raise ConfigError(f"{workers} workers cannot evaluate anything: give at least 1")
        if batch_size is not None and batch_size < 1:
            raise ConfigError(f"batches of {batch_size} genomes are impossible: give at least 1")
        self._make_scorer = make_scorer
        # The bits are the same for any number, so there is nothing to refuse.
        self._workers = workers = min(workers, most_workers() or workers)
        self._batch_size = batch_size
        self._scorers = WarmScorers()
        self._crew = LocalCrew(make_scorer, workers)
        self._turn = Lock()

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        Raises
        ------
        Interrupted
            When ``batch_finished`` raised it; running batches have been waited for and reported.
        GenepoolError
            When worker processes cannot be started.
        """
        answers = Answers(genomes, batch_finished)
        plan = self._plan(genomes)
        with self._turn:
            if self._workers == 1:
                self._evaluate_here(problem, plan, answers)
            else:
                Dispatch(self._crew, problem, answers, window=self._workers + 1).run(plan)
        return answers.in_order()

    def close(self) -> None:
        """Let go of processes and memory; may be called twice."""
        self._scorers.forget()
        self._crew.close()

    def _plan(self, genomes: Sequence[Genome]) -> list[list[int]]:
        seeds = seed_strategies()
        return plan_batches(
            [genome.strategy for genome in genomes],
            {name for name, strategy in seeds.items() if strategy.learning},
            self._workers,
            self._batch_size,
            [seeds[genome.strategy].family(genome) if genome.strategy in seeds else () for genome in genomes],
        )

    def _evaluate_here(self, problem: Problem, plan: list[list[int]], answers: Answers) -> None:
        scorer = self._scorers.scorer(problem.digest, lambda: self._make_scorer(problem))
        for batch in plan:
            answers.report(batch, scorer.evaluate(answers.genomes(batch)))
