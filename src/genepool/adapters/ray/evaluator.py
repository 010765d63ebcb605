"""Genomes are evaluated on a Ray cluster, spread over every CPU that it grants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import ray
import structlog

from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.crew import RayCrew
from genepool.adapters.ray.probe import numeric_fingerprint
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer, Scorer
from genepool.crews.asked import Side
from genepool.crews.evaluator import BudgetOf, CrewEvaluator
from genepool.errors import ServiceUnavailable
from genepool.genome import Genome
from genepool.jobs import WEIGHTS
from genepool.ports import BatchFinished, Clock, Watcher
from genepool.scheduling.absence import Absence
from genepool.scheduling.rules import DispatchRules, Work
from genepool.strategies import seed_strategies

# Histories from this length on prefer machines with much memory: a bank of their indicator rows is large.
LONG_HISTORY = 200_000
# Workers stay warm for the next run as long as this, then other programs may have their CPUs.
IDLE_SECONDS = 30.0


class RayEvaluator:
    """Scores genomes on every CPU of a cluster; the same bits for any number of workers and nodes.

    As ``CrewEvaluator``, whose crew are processes of the cluster.

    Parameters
    ----------
    cluster
        Where; it is left open by ``close``.
    watcher
        Told of all work, from whichever thread moves it on; never from two at once.
    clock
        Monotonic time.
    make_scorer
        How a worker scores the genomes of a problem; at the top of a module, since workers import it.
    seats_at_most
        Workers in all; None for one on every granted CPU.
    rules
        Batch sizes, deadlines and how many failures condemn a genome.
    memory_limit
        Bytes of memory of its own that each worker may take; None to go by the memory of its node.
    budget_of
        The share of a machine that may work; None for the one that it has by itself.

    Raises
    ------
    ConfigError
        When there would be no genome in a batch.
    """

    def __init__(
        self,
        cluster: Cluster,
        watcher: Watcher,
        clock: Clock,
        *,
        make_scorer: MakeScorer = Scorer,
        seats_at_most: int | None = None,
        batch_size: int | None = None,
        rules: DispatchRules | None = None,
        memory_limit: int | None = None,
        budget_of: BudgetOf = lambda _: None,
    ) -> None:
        rules = rules or DispatchRules()
        rules = replace(rules, batch_size=batch_size) if batch_size is not None else rules
        self._crew = RayCrew(
            cluster.membership, numeric_fingerprint, seats_at_most, memory_limit, make_scorer
        )
        self._absence = Absence()
        self._evaluator = CrewEvaluator(
            self._crew,
            rules,
            described,
            clock,
            watcher,
            after_turn=self._warn_of_absence,
            budget_of=budget_of,
        )

    @property
    def most_threads(self) -> int:
        """Threads of the worker process that had the most after a batch, Ray's own among them."""
        return self._evaluator.most_threads

    def for_run(
        self, watcher: Watcher, interrupted: Callable[[], bool], weight: float = WEIGHTS["normal"]
    ) -> "RunsEvaluator":
        """Return this evaluator as a run uses it, with somebody who is told of that run's work alone.

        Runs share the workers' time by their weights.
        """
        return RunsEvaluator(self, Side(watcher, interrupted, weight))

    def evaluate(
        self,
        problem: Problem,
        genomes: Sequence[Genome],
        batch_finished: BatchFinished,
        side: Side | None = None,
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        Without a worker it waits for one to join, as long as it takes.

        Raises
        ------
        Interrupted
            When ``batch_finished`` raised it; running batches have been waited for and reported.
        ServiceUnavailable
            When the connection to the cluster is lost for good.
        """
        try:
            return self._evaluator.evaluate(problem, genomes, batch_finished, side)
        except ray.exceptions.RayError as error:
            raise ServiceUnavailable(f"the Ray cluster is lost ({str(error)[:200]})") from error

    def give_back(self) -> None:
        """End the workers when nobody has asked for anything for a while."""
        self._evaluator.give_back(IDLE_SECONDS)

    def close(self) -> None:
        """End the workers, say so, and free the problems; may be called twice."""
        self._evaluator.close()

    def _warn_of_absence(self, now: float, anybody: bool) -> None:
        """While nobody can evaluate anything, say so after a while, and so its end."""
        word = self._absence.look(now, anybody=anybody)
        if word == "missing":
            structlog.get_logger().warning("no worker answers: waiting for nodes to join or to come back")
        elif word == "back":
            structlog.get_logger().info("workers answer again")


@dataclass(frozen=True, slots=True)
class RunsEvaluator:
    """``Evaluator`` of one run; the workers are the cluster's, and stay."""

    shared: RayEvaluator
    side: Side

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked; it raises what the shared one does."""
        return self.shared.evaluate(problem, genomes, batch_finished, self.side)

    def close(self) -> None:
        """Leave the workers to the next run."""


def described(genome: Genome, problem: Problem) -> Work:
    """Say what dispatching has to know of a genome, and which kind of node suits it."""
    long = len(problem.candles) >= LONG_HISTORY
    strategy = seed_strategies().get(genome.strategy)
    if strategy is None:
        return Work(genome.strategy, "memory" if long else "cpu")
    heavy = long or strategy.learning
    return Work(genome.strategy, "memory" if heavy else "cpu", strategy.family(genome))
