"""Breed on the cluster with one poisonous genome among the others; prints one JSON document.

Fed to a Python in the coordinator's container. Nothing in the product can misbehave on demand, so the way
of scoring is this file's own: it is the product's, but for one genome that kills or hangs its process. The
search that no poison met knows that genome as failed.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.evaluator import RayEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer, Scorer
from genepool.evolution.engine import Engine
from genepool.evolution.population import Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.history import GenerationRecord, run_digest
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.ports import BatchRetried, Evaluator, Event, GenomeQuarantined, RetryReason
from genepool.strategies import seed_strategies

GENERATIONS, SIZE, SEED = 4, 120, 9
STRATEGIES = ("bollinger_bands", "donchian_breakout", "linear_svc_classifier", "rsi_filter")


class _Clock:
    @staticmethod
    def seconds() -> float:
        return time.monotonic()


class _Witness:
    def __init__(self) -> None:
        self.quarantined = 0
        self.retries: list[RetryReason] = []

    def __call__(self, event: Event) -> None:
        match event:
            case BatchRetried(reason):
                self.retries.append(reason)
            case GenomeQuarantined():
                self.quarantined += 1


class Poisoned(Scorer):
    """Scores as the product does, unless the victim is among the genomes."""

    def __init__(self, problem: Problem, victim: str, deed: str) -> None:
        super().__init__(problem)
        self._victim, self._deed = victim, deed

    def evaluate(self, genomes: Sequence[Genome]) -> list[Evaluation]:  # type: ignore[explicit-override] # Python 3.11 has none
        if any(genome.fingerprint == self._victim for genome in genomes):
            if self._deed == "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            while True:
                pass
        return super().evaluate(genomes)


class PronouncedFailed(Scorer):
    """Scores as the product does; the victim counts as failed."""

    def __init__(self, problem: Problem, victim: str) -> None:
        super().__init__(problem)
        self._victim = victim

    def evaluate(self, genomes: Sequence[Genome]) -> list[Evaluation]:  # type: ignore[explicit-override] # Python 3.11 has none
        return [
            Evaluation(one.genome, None, "poisonous") if one.genome.fingerprint == self._victim else one
            for one in super().evaluate(genomes)
        ]


def bred(engine: Engine, market: Problem, evaluator: Evaluator) -> str:
    """Return the digest of a run."""
    population: Population | None = None
    records, seen = [], set[str]()
    for generation in range(GENERATIONS):
        candidates = engine.ask(population, seen)
        evaluations = evaluator.evaluate(market, [one.genome for one in candidates], lambda _: None)
        population = engine.tell(population, candidates, evaluations)
        newborn = (
            Individual(one, found, generation) for one, found in zip(candidates, evaluations, strict=True)
        )
        records.append(GenerationRecord(population, tuple(newborn), 0.0))
        seen |= {one.genome.fingerprint for one in candidates}
    return run_digest(records)


def main(deed: str) -> None:
    """Breed twice, and print both digests."""
    market = Problem.seal(synthetic_market("regimes", 4, 8_000), SplitRule(), CostModel(), "sharpe")
    strategies = {name: seed_strategies()[name] for name in STRATEGIES}

    def engine() -> Engine:
        return Engine(strategies, EvolutionSettings(SIZE, GENERATIONS), SEED)

    victim = engine().ask(None, set())[SIZE // 2].genome.fingerprint
    alone = LocalEvaluator(1, make_scorer=partial(PronouncedFailed, victim=victim))
    expected = bred(engine(), market, alone)
    began, witness = time.monotonic(), _Witness()
    digest = on_cluster(
        witness, partial(Poisoned, victim=victim, deed=deed), lambda found: bred(engine(), market, found)
    )
    print(  # noqa: T201 - what the test reads
        json.dumps(
            {
                "digest": digest,
                "expected": expected,
                "quarantined": witness.quarantined,
                "retries": witness.retries,
                "seconds": time.monotonic() - began,
            }
        )
    )


def on_cluster(
    witness: _Witness,
    make_scorer: MakeScorer,
    breed: Callable[[Evaluator], str],
) -> str:
    """Breed on the cluster and leave it."""
    cluster = Cluster(os.environ.get("GENEPOOL_RAY_ADDRESS") or "auto")
    evaluator = RayEvaluator(cluster, witness, _Clock(), make_scorer=make_scorer)
    try:
        return breed(evaluator)
    finally:
        evaluator.close()
        cluster.close()


if __name__ == "__main__":
    main(sys.argv[1])
