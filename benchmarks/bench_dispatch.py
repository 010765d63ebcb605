"""What spreading over a Ray cluster costs, against one process; the table goes to docs/benchmarks.md.

The process loops over the same genomes. The benchmark starts a cluster of its own on this machine:
one node for every worker, one CPU each. Efficiency is (seconds of the loop / workers) / seconds of the
cluster; other work on the machine lowers it. Overhead is what seats spent on anything but computing, and
disturbed least by other work: the share of CPU that the coordinator needed to feed them.
"""

import argparse
import os
import platform
import statistics
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import ray
from ray import cloudpickle

from benchmarks.page import write
from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.ray.evaluator import RayEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.bootstrap.clock import SystemClock
from genepool.crews.encoding import pack_evaluations, unpack_evaluations
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.ports import BatchEvaluated, BatchRetried, Event, GenomeQuarantined
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies
from tests.fakes.ray_clusters import ray_cluster

COSTS = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)


@dataclass
class Totals:
    """``Watcher`` that adds up."""

    compute: float = 0.0
    turnaround: float = 0.0
    batches: int = 0
    by_node: dict[str, float] = field(default_factory=dict)

    def start_anew(self) -> None:
        """Forget what was counted while everything warmed up."""
        self.compute = self.turnaround = 0.0
        self.batches = 0
        self.by_node.clear()

    def __call__(self, event: Event) -> None:
        """Add a batch, and say what spoils the measurement."""
        match event:
            case BatchEvaluated():
                self._add(event)
            case BatchRetried(reason):
                print(f"a batch was repeated: {reason}")
            case GenomeQuarantined(strategy):
                print(f"a genome of {strategy} was given up")

    def _add(self, batch: BatchEvaluated) -> None:
        self.compute += batch.compute_seconds
        self.turnaround += batch.turnaround_seconds
        self.batches += 1
        self.by_node[batch.node] = self.by_node.get(batch.node, 0.0) + batch.compute_seconds


def drawn(each: int, learning: bool, number: int = 0) -> list[Genome]:
    """Draw random genomes of the seeds that learn, or of the others; another set for every number."""
    seeds = [strategy for strategy in seed_strategies().values() if strategy.learning == learning]
    return [
        strategy.random_genome(generator(0, Purpose.BENCHMARK, number, slot))
        for strategy in seeds
        for slot in range(each)
    ]


def nobody(_: Sequence[Evaluation]) -> None:
    """Listen to no batch."""


def timed(
    evaluator: LocalEvaluator | RayEvaluator, problem: Problem, genomes: list[Genome]
) -> tuple[float, float, list[Evaluation]]:
    """Return wall-clock and CPU seconds of this process, and the evaluations."""
    wall, processor = time.perf_counter(), time.process_time()
    evaluations = evaluator.evaluate(problem, genomes, nobody)
    return time.perf_counter() - wall, time.process_time() - processor, evaluations


def compare(name: str, problem: Problem, sets: Sequence[list[Genome]], workers: int) -> str:
    """Measure one kind of work on this process and on a cluster, in turns; return its row of the table.

    The first set only warms both up. Each is evaluated once: what one leaves behind speeds no other one up.
    """
    here, totals = LocalEvaluator(workers=1), Totals()
    with ray_cluster({f"node-{k + 1}": (1, "cpu") for k in range(workers)}) as (_, cluster):
        there = RayEvaluator(cluster, totals, SystemClock())
        alone, spread, feeding = [], [], []
        for genomes in sets:
            wall, processor, found = timed(there, problem, genomes)
            spread.append(wall)
            feeding.append(processor / wall)
            if genomes is sets[0]:
                totals.start_anew()
            wall, _, expected = timed(here, problem, genomes)
            alone.append(wall)
            if repr(found) != repr(expected):
                raise SystemExit("the cluster computed other bits than this process")
        there.close()
    medians = tuple(statistics.median(figures[1:]) for figures in (alone, spread, feeding))
    return row(f"{name}, {len(sets[0]):,} genomes", medians, workers, totals)


def row(name: str, medians: Sequence[float], workers: int, totals: Totals) -> str:
    """Return a row of the table from seconds alone, seconds on the cluster and the coordinator's share."""
    alone, spread, feeding = medians
    figures = [
        name,
        f"{alone:.2f} s",
        f"{spread:.2f} s",
        f"{alone / workers / spread:.2f}",
        f"{1 - totals.compute / totals.turnaround:.1%}",
        f"{totals.compute / totals.batches * 1e3:.0f} ms",
        f"{feeding:.1%}",
        ", ".join(f"{seconds / totals.compute:.1%}" for _, seconds in sorted(totals.by_node.items())),
    ]
    line = f"| {' | '.join(figures)} |"
    print(line, flush=True)
    return line


def processor_time(work: Callable[[], object], times: int = 100) -> float:
    """Return the median CPU time of the work, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1e3


def pickled(what: object) -> bytes:
    """Pickle as Ray does."""
    return bytes(cloudpickle.dumps(what, protocol=5))  # type: ignore[no-untyped-call]


def travel(problem: Problem, count: int) -> str:
    """Compare a batch of evaluations on its way as it is packed and as plain pickle would take it."""
    genomes = drawn(-(-count // 12), learning=False)[:count]
    evaluations = LocalEvaluator(workers=1).evaluate(problem, genomes, nobody)
    packed, plain = pickled(pack_evaluations(evaluations)), pickled(evaluations)
    ours = processor_time(lambda: pickled(pack_evaluations(evaluations)))
    ours += processor_time(lambda: unpack_evaluations(genomes, cloudpickle.loads(packed)))
    theirs = processor_time(lambda: pickled(evaluations))
    theirs += processor_time(lambda: cloudpickle.loads(plain))
    sizes = len(packed) / 1e3, len(plain) / 1e3
    line = (
        f"- {count} evaluations on their way back, both ends together: **{ours:.1f} ms** of CPU and\n"
        f"  {sizes[0]:.0f} kB packed, {theirs:.1f} ms and {sizes[1]:.0f} kB as plain pickle."
    )
    print(line, flush=True)
    return line


def report(rows: Sequence[str], travels: Sequence[str], asked: argparse.Namespace, before: float) -> str:
    """Return the section of the page."""
    how = (
        f"`make bench-dispatch` on {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, Ray "
        f"{ray.__version__}, {os.cpu_count()} cores with a load of {before:.1f} before and "
        f"{os.getloadavg()[0]:.1f} after. "
        f"{asked.workers} nodes of one CPU each, {asked.candles:,} candles; medians of {asked.rounds} sets "
        "of genomes, in turns, compilation left out. The results were the same bits."
    )
    headings = ("work", "one process", "cluster", "efficiency", "seats' overhead", "a batch", "coordinator")
    return "\n".join(
        [
            textwrap.fill(how, 110),
            "",
            f"| {' | '.join([*headings, 'shares'])} |",
            "|---|---:|---:|---:|---:|---:|---:|---|",
            *rows,
            "",
            "- The coordinator's figure is its share of one core while the cluster works.",
            "- Where the load is above the cores, efficiency and overhead tell of the machine, not of Ray.",
            *travels,
        ]
    )


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="nodes of one CPU each (default 2)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds per figure (default 5)")
    parser.add_argument("--candles", type=int, default=20_000, help="candles (default 20000)")
    asked, before = parser.parse_args(), os.getloadavg()[0]
    market = synthetic_market("regimes", 1, asked.candles)
    problem = Problem.seal(market, SplitRule(holdout=0.0), COSTS, "sharpe")
    travels = [travel(problem, count) for count in (50, 200)]
    kinds = {"learning seeds": (50, True), "other seeds": (500, False)}
    rows = [
        compare(name, problem, [drawn(*kind, k) for k in range(asked.rounds + 1)], asked.workers)
        for name, kind in kinds.items()
    ]
    write("bench-dispatch", report(rows, travels, asked, before))


if __name__ == "__main__":
    main()
