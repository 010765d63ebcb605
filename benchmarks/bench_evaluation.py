"""How many genomes a second one core evaluates; the table goes to docs/benchmarks.md.

Each of the seeds that learn nothing gets 500 random genomes, risk genes included, on 10,000 visible
candles: in-sample and walk-forward, with all costs, from a cold indicator bank. Figures are CPU
seconds of one core, which other work on the machine disturbs least, medians of the rounds.
"""

import argparse
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.page import write
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import ema
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies

COSTS = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)
GENOMES = 500
CANDLES = 10_000
GOAL = 5_000


def problem(candles: int) -> Problem:
    """Return the benchmark's problem: every candle visible, so that all of them are traded."""
    return Problem.seal(synthetic_market("regimes", 1, candles), SplitRule(holdout=0.0), COSTS, "sharpe")


def seeds() -> list[Strategy]:
    """Return the seeds that learn nothing."""
    return [strategy for strategy in seed_strategies().values() if not strategy.learning]


def genomes(strategy: Strategy, count: int) -> list[Genome]:
    """Draw random genomes, risk genes included."""
    return [strategy.random_genome(generator(0, Purpose.BENCHMARK, 0, slot)) for slot in range(count)]


def median_seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median CPU time of the work."""
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def rate(market: Problem, batch: Sequence[Genome], rounds: int) -> float:
    """Return evaluations a second, each round from a cold bank."""
    failed = [evaluation.error for evaluation in Scorer(market).evaluate(batch) if evaluation.error]
    if failed:
        raise SystemExit(f"{len(failed)} genomes failed: {failed[0]}")
    return len(batch) / median_seconds(lambda: Scorer(market).evaluate(batch), rounds)


def numpy_measures(equity: FloatArray, exchanged: FloatArray, per_year: float) -> tuple[float, ...]:
    """Compute most of the measures from an equity curve, with whole arrays."""
    returns = np.diff(equity, prepend=1.0) / np.concatenate([[1.0], equity[:-1]])
    deviation, mean = returns.std(ddof=1), returns.mean()
    centred, root = returns - mean, np.sqrt(per_year)
    peaks = np.maximum.accumulate(equity)
    under = equity < peaks
    since = np.arange(len(equity)) - np.maximum.accumulate(np.where(under, 0, np.arange(len(equity))))
    drawdown = np.max(1 - equity / peaks)
    annual = equity[-1] ** (per_year / len(equity)) - 1
    downside = np.sqrt((np.minimum(returns, 0) ** 2).mean())
    return (
        equity[-1] - 1, annual, deviation * root, mean / deviation * root, mean / downside * root,
        annual / drawdown, drawdown, since.max(), exchanged.sum(), float(np.count_nonzero(exchanged)),
        (centred**3).mean() / deviation**3, (centred**4).mean() / deviation**4,
    )  # fmt: skip


def plain_numpy(
    candles: Candles, bank: IndicatorBank, genome: Genome, spans: Sequence[slice]
) -> list[object]:
    """Evaluate one long-only crossover with whole-array numpy: the usual way, averages memoised."""
    fast, slow = (bank(ema, int(genome.values[name])) for name in ("fast", "slow"))
    wanted = np.zeros(len(candles))
    wanted[1:] = (fast > slow)[:-1]
    scored: list[object] = []
    for span in spans:
        held, opened, close = wanted[span], candles.open[span], candles.close[span]
        before = np.concatenate([[0.0], held[:-1]])
        last = np.concatenate([[opened[0]], close[:-1]])
        exchanged = np.abs(held - before)
        cost = 1 - exchanged * (COSTS.taker_fee + COSTS.slippage)
        grown = (1 + before * (opened / last - 1)) * cost * (1 + held * (close / opened - 1))
        scored.append(numpy_measures(np.cumprod(grown), exchanged, candles.candles_per_year))
    return scored


def ratio_to_numpy(market: Problem, rounds: int) -> float:
    """Return how many times as fast the batch is as plain numpy, one genome after another."""
    strategy = seed_strategies()["ema_crossover"]
    off = {gene.name: gene.default for gene in strategy.all_genes if gene.off is not None}
    batch = [
        strategy.normalised({**genome.values, **off, "direction": 1}) for genome in genomes(strategy, GENOMES)
    ]
    spans = [slice(*market.in_sample), slice(market.folds[0][0], market.folds[-1][1])]
    bank = IndicatorBank(market.candles)

    def one_by_one() -> None:
        for genome in batch:
            plain_numpy(market.candles, bank, genome, spans)

    one_by_one()
    Scorer(market, bank).evaluate(batch)
    baseline = median_seconds(one_by_one, rounds)
    return baseline / median_seconds(lambda: Scorer(market, bank).evaluate(batch), rounds)


def peak_memory() -> float:
    """Return the peak resident megabytes of a process that evaluates 1,000 genomes on 100,000 candles."""
    command = [sys.executable, "-m", "benchmarks.bench_evaluation", "--memory"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def fill_memory() -> None:
    """Evaluate 1,000 genomes of all seeds on 100,000 candles and print the peak in megabytes."""
    share = -(-1_000 // len(seeds()))
    batch = [genome for strategy in seeds() for genome in genomes(strategy, share)][:1_000]
    Scorer(problem(100_000)).evaluate(batch)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def machine() -> str:
    """Describe the machine in a few words."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{model or platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"


def report(rates: dict[str, float], ratio: float, megabytes: float, rounds: int) -> str:
    """Return the section of the page."""
    mean = statistics.mean(rates.values())
    together = statistics.harmonic_mean(rates.values())
    lines = [
        f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {machine()}. One core, CPU seconds, median of",
        f"{rounds} rounds; {GENOMES} random genomes a seed with random risk genes, {CANDLES:,} candles,",
        "cold indicator bank each round.",
        "",
        "| seed | evaluations a second |",
        "|---|---:|",
        *(f"| {name} | {value:,.0f} |" for name, value in rates.items()),
        f"| **mean of the {len(rates)} seeds** (goal {GOAL:,}) | **{mean:,.0f}** |",
        f"| all of them in one batch (harmonic mean) | {together:,.0f} |",
        "",
        f"- Against plain numpy, one genome after another, averages memoised for both: **{ratio:.1f} times**",
        "  as fast. (Long-only crossovers without risk genes, the only kind that whole arrays express well,",
        "  with 12 of the 20 measures.)",
        "- Peak memory of a process that evaluates 1,000 genomes on 100,000 candles:",
        f"  **{megabytes:,.0f} MB** (goal: below 1,024).",
    ]
    return "\n".join(lines)


def measured_rates(market: Problem, rounds: int) -> dict[str, float]:
    """Measure seed after seed, and print as it goes."""
    rates = {}
    for strategy in seeds():
        rates[strategy.name] = rate(market, genomes(strategy, GENOMES), rounds)
        print(f"{strategy.name:24}{rates[strategy.name]:10,.0f} evaluations/s", flush=True)
    return rates


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds per figure (default 5)")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        fill_memory()
        return
    market = problem(CANDLES)
    rates = measured_rates(market, options.rounds)
    section = report(rates, ratio_to_numpy(market, options.rounds), peak_memory(), options.rounds)
    print(f"\n{section}\n")
    write("bench", section)


if __name__ == "__main__":
    main()
