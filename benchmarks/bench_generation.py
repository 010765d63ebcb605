"""How many genomes of a real run one core evaluates a second: the first generation, and those that are bred.

The engine breeds generations of all seeds with their risk genes, once; then fresh processes evaluate the
very same genomes in order, as one worker does that keeps its indicator rows. With ``--against`` processes
that run another checkout's sources take turns with them, and every bit of both results is compared.
Figures are CPU seconds, which other work on the machine disturbs least, medians of the rounds.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from benchmarks.page import machine, write
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies

ROOT = Path(__file__).resolve().parents[1]
COSTS = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)
CANDLES = 10_000
POPULATION_SIZE = 500
GENERATIONS = 10
FIRST_GOAL, BRED_GOAL = 1_500, 8_000
# Enough of the last generation that every kernel is compiled, or read from the cache, before the clock runs.
WARM_CANDLES = 3_000

Generations: TypeAlias = list[list[Genome]]


@dataclass(frozen=True)
class Passed:
    """What one process took for each generation, in CPU seconds, and the digest of all results."""

    seconds: list[float]
    digest: str


def problem(candles: int) -> Problem:
    """Return the benchmark's problem: every candle visible, three folds."""
    market = synthetic_market("regimes", 1, candles)
    return Problem.seal(market, SplitRule(holdout=0.0, folds=3), COSTS, "sharpe")


def bred(seed: int) -> Generations:
    """Breed generations at the engine's defaults; of each, the genomes that were not seen before."""
    market = problem(CANDLES)
    fed = {n: s for n, s in seed_strategies().items() if s.requires <= market.candles.columns}
    settings = EvolutionSettings(population_size=POPULATION_SIZE, evaluations=POPULATION_SIZE * GENERATIONS)
    engine, scorer = Engine(fed, settings, seed), Scorer(market)
    population, seen = None, set[str]()
    generations: Generations = []
    while (asked := engine.ask(population, seen)) and len(generations) < GENERATIONS:
        results = scorer.evaluate([one.genome for one in asked])
        seen |= {one.genome.fingerprint for one in asked}
        population = engine.tell(population, asked, results)
        generations.append([one.genome for one in asked])
    return generations


def save(generations: Generations, path: Path) -> None:
    """Write genomes as JSON."""
    path.write_text(json.dumps([[(one.strategy, one.genes) for one in some] for some in generations]))


def load(path: Path) -> Generations:
    """Read what ``save`` wrote."""
    return [
        [Genome(strategy, tuple((name, value) for name, value in genes)) for strategy, genes in some]
        for some in json.loads(path.read_text())
    ]


def evaluate(generations: Generations) -> Passed:
    """Evaluate generation after generation in this process, from a cold bank."""
    Scorer(problem(WARM_CANDLES)).evaluate([genome for some in generations for genome in some[::4]])
    scorer, seconds, state = Scorer(problem(CANDLES)), [], hashlib.sha256()
    for genomes in generations:
        begin = time.process_time()
        evaluations = scorer.evaluate(genomes)
        seconds.append(time.process_time() - begin)
        for one in evaluations:
            # Each number is written so that no bit of it is lost.
            state.update(repr((one.genome.fingerprint, one.scored, one.error)).encode())
    return Passed(seconds, state.hexdigest())


def passed_by(checkout: Path, genomes: Path) -> Passed:
    """Evaluate in a fresh process that runs a checkout's sources, with this process's packages."""
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_generation", "--evaluate", str(genomes)],
        env={**os.environ, "PYTHONPATH": f"{checkout / 'src'}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return Passed(**json.loads(found))


def medians(passes: list[Passed], sizes: list[int]) -> tuple[float, float]:
    """Return evaluations a second of the first generation, and of all later ones together."""
    first = statistics.median(sizes[0] / one.seconds[0] for one in passes)
    later = statistics.median(sum(sizes[1:]) / sum(one.seconds[1:]) for one in passes)
    return first, later


def ratios(ours: list[Passed], theirs: list[Passed]) -> tuple[float, float]:
    """Return how many times as fast we are: medians of the ratios within each round."""
    pairs = list(zip(ours, theirs, strict=True))
    first = statistics.median(b.seconds[0] / a.seconds[0] for a, b in pairs)
    return first, statistics.median(sum(b.seconds[1:]) / sum(a.seconds[1:]) for a, b in pairs)


def alternating(genomes: Path, rounds: int, against: Path | None) -> tuple[list[Passed], list[Passed]]:
    """Pass our checkout and the other one in turns, the second round in the other order."""
    ours: list[Passed] = []
    theirs: list[Passed] = []
    for turn in range(rounds):
        pair = [(ROOT, ours), *([(against, theirs)] if against else [])]
        for checkout, passes in pair if turn % 2 == 0 else pair[::-1]:
            passes.append(passed_by(checkout, genomes))
            sums = [sum(passes[-1].seconds[:1]), sum(passes[-1].seconds[1:])]
            print(f"round {turn + 1}, {checkout.name}: {sums[0]:.2f} s, {sums[1]:.2f} s", flush=True)
    return ours, theirs


def report(ours: list[Passed], theirs: list[Passed], generations: Generations) -> Iterator[str]:
    """Yield the lines of the section."""
    sizes = [len(some) for some in generations]
    learn = [sum(seed_strategies()[one.strategy].learning for one in some) for some in generations]
    speeds, before = medians(ours, sizes), medians(theirs, sizes) if theirs else (0.0, 0.0)
    times = ratios(ours, theirs) if theirs else (0.0, 0.0)
    what = [
        (f"generation 0, {sizes[0]:,} genomes, {learn[0]} of them learn", FIRST_GOAL),
        (f"generations 1 to {len(sizes) - 1}, {sum(sizes[1:]):,} genomes, {sum(learn[1:])} learn", BRED_GOAL),
    ]
    yield f"`make bench-generation` on {datetime.now(UTC):%Y-%m-%d}: {machine()}. One core, CPU"
    yield f"seconds, medians of {len(ours)} rounds; a search of all seeds, risk genes included, {CANDLES:,}"
    yield "visible candles, three folds; kernels compiled, indicator rows kept from generation to generation."
    if theirs:
        yield "The other checkout took turns; *times* is the median of the ratios within a round."
    yield ""
    yield "| genomes | evaluations a second | goal |" + (" other checkout | times |" if theirs else "")
    yield "|---|---:|---:|" + ("---:|---:|" if theirs else "")
    for (name, goal), speed, old, ratio in zip(what, speeds, before, times, strict=True):
        yield f"| {name} | {speed:,.0f} | {goal:,} |" + (f" {old:,.0f} | {ratio:.2f} |" if theirs else "")


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the search (default 1)")
    parser.add_argument("--against", type=Path, help="another checkout, whose sources take turns with ours")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    parser.add_argument("--evaluate", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.evaluate:
        print(json.dumps(asdict(evaluate(load(options.evaluate)))))
        return
    generations = bred(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        save(generations, genomes := Path(folder) / "genomes.json")
        ours, theirs = alternating(genomes, options.rounds, options.against)
    if len({one.digest for one in (*ours, *theirs)}) > 1:
        raise SystemExit("the results differ: every pass must give the same bits")
    section = "\n".join(report(ours, theirs, generations))
    print(f"\n{section}\n")
    if not options.dry_run:
        write("bench-generation", section)


if __name__ == "__main__":
    main()
