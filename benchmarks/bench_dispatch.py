"""What spreading over a Ray cluster costs, against one process that loops over the same genomes.

It starts a cluster of its own on this machine: one node for every worker, one CPU each. Efficiency is
(seconds of the loop / workers) / seconds of the cluster; other work on the machine lowers it. Overhead
is what seats spent on anything but computing, and disturbed least by other work: the share of CPU that
the coordinator needed to feed them.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.ray.encoding import pack_evaluations, unpack_evaluations
from genepool.adapters.ray.evaluator import RayEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.bootstrap import SystemClock
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.ports import BatchWork, RetryReason, Seat
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies
from tests.fakes.ray_clusters import ray_cluster

COSTS = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)


@dataclass
class Totals:
    """``WorkWatcher`` that adds up."""

    compute: float = 0.0
    turnaround: float = 0.0
    batches: int = 0
    by_node: dict[str, float] = field(default_factory=dict)

    def start_anew(self) -> None:
        """Forget what was counted while everything warmed up."""
        self.compute = self.turnaround = 0.0
        self.batches = 0
        self.by_node.clear()

    def batch_evaluated(self, work: BatchWork) -> None:
        """Add a batch."""
        self.compute += work.compute_seconds
        self.turnaround += work.turnaround_seconds
        self.batches += 1
        self.by_node[work.node] = self.by_node.get(work.node, 0.0) + work.compute_seconds

    def batch_retried(self, reason: RetryReason) -> None:
        """Say so: it spoils the measurement."""
        print(f"a batch was repeated: {reason}")

    def genome_quarantined(self, strategy: str) -> None:
        """Say so: it spoils the measurement."""
        print(f"a genome of {strategy} was given up")

    def crew_changed(self, seats: Sequence[Seat]) -> None:
        """Pass over it."""

    def queue_changed(self, waiting: int, running: int) -> None:
        """Pass over it."""


def drawn(each: int, learning: bool) -> list[Genome]:
    """Draw random genomes of the seeds that learn, or of the others."""
    seeds = [strategy for strategy in seed_strategies().values() if strategy.learning == learning]
    return [
        strategy.random_genome(generator(0, Purpose.BENCHMARK, 0, slot))
        for strategy in seeds
        for slot in range(each)
    ]


def nobody(_: Sequence[Evaluation]) -> None:
    """Listen to no batch."""


def timed(
    evaluator: LocalEvaluator | RayEvaluator, genomes: list[Genome]
) -> tuple[float, float, list[Evaluation]]:
    """Return wall-clock and CPU seconds of this process, and the evaluations."""
    wall, processor = time.perf_counter(), time.process_time()
    evaluations = evaluator.evaluate(genomes, nobody)
    return time.perf_counter() - wall, time.process_time() - processor, evaluations


def compare(name: str, problem: Problem, genomes: list[Genome], workers: int, rounds: int) -> None:
    """Measure one kind of work on this process and on a cluster, in turns."""
    here, totals = LocalEvaluator(problem, workers=1), Totals()
    with ray_cluster({f"node-{k + 1}": (1, "cpu") for k in range(workers)}) as (_, cluster):
        there = RayEvaluator(problem, cluster, totals, SystemClock())
        timed(there, genomes)
        expected = timed(here, genomes)[2]
        alone, spread, feeding = [], [], []
        totals.start_anew()
        for _ in range(rounds):
            alone.append(timed(here, genomes)[0])
            wall, processor, found = timed(there, genomes)
            spread.append(wall)
            feeding.append(processor / wall)
            if repr(found) != repr(expected):
                raise SystemExit("the cluster computed other bits than this process")
        there.close()
    efficiency = statistics.median(alone) / workers / statistics.median(spread)
    shares = ", ".join(
        f"{node} {seconds / totals.compute:.1%}" for node, seconds in sorted(totals.by_node.items())
    )
    print(
        f"{name}: {len(genomes)} genomes, alone {statistics.median(alone):.2f} s, on {workers} seats "
        f"{statistics.median(spread):.2f} s: efficiency {efficiency:.2f}; seats' overhead "
        f"{1 - totals.compute / totals.turnaround:.1%} of {totals.batches / rounds:.0f} batches of "
        f"{totals.compute / totals.batches * 1e3:.0f} ms; coordinator "
        f"{statistics.median(feeding):.1%} of a core; shares {shares}",
        flush=True,
    )


def encoding(problem: Problem, genomes: list[Genome]) -> None:
    """Print what evaluations cost on their way."""
    evaluations = LocalEvaluator(problem, workers=1).evaluate(genomes, nobody)
    began = time.perf_counter()
    packed = pack_evaluations(evaluations)
    between = time.perf_counter()
    unpack_evaluations(genomes, packed)
    ended, count = time.perf_counter(), len(genomes)
    print(
        f"an evaluation: {packed.numbers.nbytes / count:.0f} bytes, {(between - began) / count * 1e6:.1f} us "
        f"to pack, {(ended - between) / count * 1e6:.1f} us to unpack"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="nodes of one CPU each (default 2)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds per figure (default 3)")
    parser.add_argument("--candles", type=int, default=20_000, help="candles (default 20000)")
    asked = parser.parse_args()
    market = synthetic_market("regimes", 1, asked.candles)
    problem = Problem.seal(market, SplitRule(holdout=0.0), COSTS, "sharpe")
    encoding(problem, drawn(100, learning=False))
    compare("learning seeds", problem, drawn(50, learning=True), asked.workers, asked.rounds)
    compare("other seeds", problem, drawn(500, learning=False), asked.workers, asked.rounds)


if __name__ == "__main__":
    main()
