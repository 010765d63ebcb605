"""How well local processes keep to a CPU budget, a minute a share; the table goes to docs/benchmarks.md.

What is measured is the CPU time of this process and of all its children, their start included, by the
system's own count, over wall-clock seconds and cores: other work on the machine does not count. Real
strategies are scored, those that learn and those that do not.
"""

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from benchmarks.page import write
from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.local.machine import read_machine, usable_cores
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.errors import Interrupted
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.ports import Event, NodesMeasured
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies

# What a user may rely on: points of the machine's percent.
MOST_POINTS = 5.0
# Enough work for all cores: of 3,000 candles two processes on two cores used 69 % without any budget.
CANDLES = 20_000
COSTS = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)


@dataclass
class Minute:
    """Ends an evaluation after so many seconds, and hears what the workers' leader measured."""

    seconds: float
    told: float = 0.0
    batches: int = 0

    def __post_init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, _found: Sequence[Evaluation]) -> None:
        """Count a batch, and stop when it is time."""
        self.batches += 1
        if self.over:
            raise Interrupted("measured for long enough")

    def watch(self, event: Event) -> None:
        """Keep the use that was measured last."""
        if isinstance(event, NodesMeasured):
            self.told = event.nodes[0].used

    @property
    def over(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self.began + self.seconds


def processor_seconds() -> float:
    """Return the CPU time of this process and of those children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def drawn(number: int) -> list[Genome]:
    """Draw a generation of random genomes of all seeds."""
    return [
        strategy.random_genome(generator(0, Purpose.BENCHMARK, number, slot))
        for strategy in seed_strategies().values()
        for slot in range(20)
    ]


def measured(problem: Problem, share: float, seconds: float, workers: int, cores: float) -> str:
    """Breed nothing, score for a minute, and return the row of the table."""
    before, began = processor_seconds(), time.monotonic()
    minute = Minute(seconds)
    evaluator = LocalEvaluator(workers, share=share, watcher=minute.watch)
    try:
        for number in count():
            evaluator.evaluate(problem, drawn(number), minute)
    except Interrupted:
        evaluator.close()
    wall = time.monotonic() - began
    used = (processor_seconds() - before) / (cores * wall)
    points = 100 * (used - share)
    line = (
        f"| {share:.0%} | {100 * used:.1f} % | {points:+.1f} | {100 * minute.told:.1f} % "
        f"| {minute.batches} | {wall:.0f} s |"
    )
    print(line, flush=True)
    if abs(points) > MOST_POINTS:
        print(f"  beyond {MOST_POINTS:g} points")
    return line


def main() -> None:
    """Measure each share, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each share")
    parser.add_argument("--shares", type=float, nargs="*", default=[25, 50, 75], help="in percent")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    asked = parser.parse_args()
    cores = usable_cores(read_machine())
    problem = Problem.seal(synthetic_market("regimes", 1, CANDLES), SplitRule(), COSTS, "sharpe")
    workers = max(2, int(cores))
    lines = [measured(problem, share / 100, asked.seconds, workers, cores) for share in asked.shares]
    head = (
        f"On {datetime.now(UTC):%Y-%m-%d}, {cores:g} cores, {workers} workers at most, beside other work:\n\n"
        "| budget | used | points | as its leader told | batches | over |\n|---:|---:|---:|---:|---:|---:|"
    )
    if not asked.dry_run:
        write("bench-cpu-budget", "\n".join([head, *lines]))


if __name__ == "__main__":
    main()
