"""Best fitness found against evaluations spent: every optimizer, and Optuna's TPE one by one.

All of them search the same genes of the same seeds on the same problem: the strategy is chosen first,
then its own genes and the risk genes that all strategies share. The learning seeds are left out, to
keep the benchmark quick. The settings of the genetic optimizer were chosen on none of the data sets.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
import optuna

from benchmarks.page import write
from genepool.adapters.files.catalogue import find_candles
from genepool.backtest.habits import HabitReader
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import ShortfallError
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.optimizers import optimizers, search_of
from genepool.strategies import Strategy, seed_strategies

CHECKPOINTS = (100, 250, 500, 1_000)
POPULATION_SIZE = 50
# What a failed genome counts as: worse than ruin.
FAILED = -20.0

PERPETUAL = CostModel()
FOREX = CostModel(taker_fee=0.0, maker_fee=0.0, spread=0.0001)
DATA = {
    "btcusd_1h": PERPETUAL,
    "eurusd_1h": FOREX,
    "synthetic:regimes:seed=2026": PERPETUAL,
}


@dataclass(frozen=True)
class Trial:
    """One search: where, how, and from which seed."""

    data: str
    method: str
    seed: int
    candles: int
    evaluations: int


@cache
def bench_of(data: str, candles: int) -> tuple[Problem, dict[str, Strategy], IndicatorBank]:
    """Return a data set's problem, the strategies that it can feed, and a bank of its indicators."""
    synthetic = data.startswith("synthetic:")
    everything = find_candles(f"{data},candles={candles}" if synthetic else data, Path("data"))
    newest = everything.slice(max(len(everything) - candles, 0), len(everything))
    problem = Problem.seal(newest, SplitRule(), DATA[data], "sharpe")
    fed = {
        name: strategy
        for name, strategy in seed_strategies().items()
        if not strategy.learning and strategy.requires <= newest.columns
    }
    return problem, fed, IndicatorBank(problem.candles)


def search(trial: Trial) -> list[float]:
    """Return the best fitness after each evaluation of one search."""
    problem, fed, bank = bench_of(trial.data, trial.candles)

    def scores(genomes: Sequence[Genome]) -> list[float]:
        results = Scorer(problem, bank).evaluate(genomes)
        return [FAILED if result.fitness is None else result.fitness for result in results]

    found = METHODS[trial.method](fed, trial, scores)
    return [float(best) for best in np.maximum.accumulate(found)]


Scores = Callable[[Sequence[Genome]], list[float]]


def asked_of(optimizer: str, fed: dict[str, Strategy], trial: Trial, _scores: Scores) -> list[float]:
    """Search with one of our optimizers at its default settings."""
    settings = EvolutionSettings(POPULATION_SIZE, evaluations=trial.evaluations, optimizer=optimizer)
    problem, _, bank = bench_of(trial.data, trial.candles)
    search = search_of(fed, settings, trial.seed, HabitReader(problem))
    population, seen, found = None, set[str](), []
    while asked := search.ask(population, seen):
        results = Scorer(problem, bank).evaluate([one.genome for one in asked])
        found += [FAILED if result.fitness is None else result.fitness for result in results]
        seen |= {one.genome.fingerprint for one in asked}
        population = search.tell(population, asked, results)
    return found


def one_by_one(multivariate: bool, fed: dict[str, Strategy], trial: Trial, scores: Scores) -> list[float]:
    """Search with Optuna's tree-structured Parzen estimator, which knows every result before it suggests."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=trial.seed, multivariate=multivariate)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(lambda suggestion: scores([_suggested(suggestion, fed)])[0], n_trials=trial.evaluations)
    return [FAILED if one.value is None else float(one.value) for one in study.trials]


def _suggested(suggestion: Any, fed: dict[str, Strategy]) -> Genome:  # noqa: ANN401 - optuna carries no types here
    strategy = fed[suggestion.suggest_categorical("strategy", sorted(fed))]
    own = {gene.name for gene in strategy.genes}
    values = {}
    for gene in strategy.all_genes:
        name = f"{strategy.name}.{gene.name}" if gene.name in own else gene.name
        values[gene.name] = gene.at(suggestion.suggest_int(name, 0, gene.size - 1))
    return strategy.normalised(values)


OURS = "genetic"
METHODS: dict[str, Callable[[dict[str, Strategy], Trial, Scores], list[float]]] = {
    OURS: partial(asked_of, OURS),
    **{name: partial(asked_of, name) for name in optimizers() if name != OURS},
    "TPE one by one, plain": partial(one_by_one, False),
    "TPE one by one, multivariate": partial(one_by_one, True),
}

Curves = dict[tuple[str, str], npt.NDArray[np.float64]]


def run(options: argparse.Namespace) -> Curves:
    """Run every search; return the curves by data set and method, shape (seeds, evaluations)."""
    trials = [
        Trial(data, method, seed, options.candles, options.evaluations)
        for data in DATA
        for method in sorted(METHODS, key=lambda name: "TPE" not in name)
        for seed in range(options.seeds)
    ]
    with ProcessPoolExecutor(options.processes) as pool:
        curves = list(pool.map(search, trials))
    return {
        (data, method): np.array(
            [
                curve
                for trial, curve in zip(trials, curves, strict=True)
                if (trial.data, trial.method) == (data, method)
            ]
        )
        for data in DATA
        for method in METHODS
    }


def table(curves: Curves, checkpoints: Sequence[int]) -> Iterator[str]:
    """Yield the lines of the result table: median, and quartiles in brackets."""
    yield "| data | search | " + " | ".join(f"{point:,}" for point in checkpoints) + " |"
    yield "|---|---|" + "---:|" * len(checkpoints)
    for (data, method), found in curves.items():
        cells = []
        for point in checkpoints:
            low, median, high = np.quantile(found[:, point - 1], (0.25, 0.5, 0.75))
            cells.append(f"{median:.2f} ({low:.2f} to {high:.2f})")
        yield f"| {data} | {method} | " + " | ".join(cells) + " |"


def shortfalls(curves: Curves) -> list[str]:
    """Return where our engine ends behind another in the median."""
    ends = {key: float(np.median(found[:, -1])) for key, found in curves.items()}
    return [
        f"on {data} {OURS} ends at {ends[data, OURS]:.2f} and {method} at {end:.2f}"
        for (data, method), end in ends.items()
        if end > ends[data, OURS]
    ]


def page(curves: Curves, options: argparse.Namespace, seconds: float) -> str:
    """Return the section that goes between the markers."""
    checkpoints = [point for point in CHECKPOINTS if point <= options.evaluations]
    flags = " ".join(sys.argv[1:])
    command = f'make bench-search ARGS="{flags}"' if flags else "make bench-search"
    lines = [
        f"`{command}` on {datetime.now(UTC):%Y-%m-%d}: {seconds:.0f} s, {options.processes} processes,",
        f"numpy {version('numpy')}, Optuna {version('optuna')}, cmaes {version('cmaes')}.",
        "Best in-sample fitness (Sharpe ratio with the trade-count floor) after so many evaluations: the",
        f"median of {options.seeds} seeds, and their quartiles. The newest {options.candles:,} candles of",
        "each data set, 48 % of them in sample; costs of a perpetual for BTCUSD and the synthetic market,",
        "a spread of 1 basis point for EURUSD. No learning seeds. Each of [our optimizers](optimizers.md)",
        f"asks for {POPULATION_SIZE} genomes a generation and is otherwise at its defaults. TPE one by",
        "one is Optuna's own loop: it suggests a genome with all results before it at hand.",
        "",
        *table(curves, checkpoints),
        "",
        "A high fitness here is a good search, not a good strategy: see the verdict of a run for that.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark, print and write its table; leave with 5 when our engine fell behind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=10, help="searches of each kind; fewer are quicker")
    parser.add_argument("--evaluations", type=int, default=CHECKPOINTS[-1])
    parser.add_argument("--candles", type=int, default=4_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    options = parser.parse_args()
    started = perf_counter()
    curves = run(options)
    section = page(curves, options, perf_counter() - started)
    print(section)
    if not options.dry_run:
        write("bench-search", section)
    if behind := shortfalls(curves):
        print("fell short: " + "; ".join(behind), file=sys.stderr)
        sys.exit(ShortfallError.exit_code)


if __name__ == "__main__":
    main()
