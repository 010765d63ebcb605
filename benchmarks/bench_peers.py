"""GenePool beside vectorbt and raptorbt on the same genomes; the table goes to docs/benchmarks.md.

Work A: EMA crossovers, long only, on 10,000 and 100,000 candles. Work B: four seeds, long only, with stops.
First the trades of all engines are compared. Then each engine works in a process of its own, one after
another in rounds, so that other load on the machine meets all of them; a ratio is taken within a round.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.page import write
from benchmarks.peers import genepool_engine, raptorbt_engine, vectorbt_engine
from benchmarks.peers.work import genomes, market
from genepool.errors import ShortfallError

OURS = "GenePool"
ENGINES = MappingProxyType(
    {
        OURS: genepool_engine.evaluate,
        "vectorbt, rust engine": partial(vectorbt_engine.evaluate, engine="rust"),
        "vectorbt, numba engine": partial(vectorbt_engine.evaluate, engine="numba"),
        "raptorbt, one thread": raptorbt_engine.evaluate,
    }
)
PACKAGES = MappingProxyType(
    {
        OURS: ("genepool",),
        "vectorbt, rust engine": ("vectorbt", "vectorbt_rust"),
        "vectorbt, numba engine": ("vectorbt",),
        "raptorbt, one thread": ("raptorbt",),
    }
)
ONE_THREAD = dict.fromkeys(("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
COMPARED = 100
# Genomes of the call that compiles and loads what an engine compiles and loads once.
FIRST = 4


class Work(NamedTuple):
    """Which work, on how many candles, with how many genomes; other engines get fewer of long markets."""

    name: str
    candles: int
    genomes: int

    def count_for(self, engine: str) -> int:
        """Return how many genomes an engine evaluates; its figures are those of one."""
        return self.genomes if engine == OURS else min(self.genomes, self.genomes * 10_000 // self.candles)


WORKS = (Work("A", 10_000, 1_000), Work("A", 100_000, 1_000), Work("B", 10_000, 500))


class Measured(NamedTuple):
    """CPU seconds a genome, megabytes over imports and the first call, positions opened by each genome."""

    seconds: float
    megabytes: float
    trades: Sequence[int]


def measured(engine: str, work: Work) -> Measured:
    """Return what a process of its own measures."""
    asked = json.dumps([engine, work.name, work.candles, work.count_for(engine)])
    command = [sys.executable, "-m", "benchmarks.bench_peers", "--measure", asked]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **ONE_THREAD}
    )
    return Measured(*json.loads(done.stdout.splitlines()[-1]))


def measure(engine: str, work: str, count_of_candles: int, count: int) -> Measured:
    """Evaluate in this process."""
    candles, asked = market(count_of_candles), genomes(work, count)
    # The other engines get what is in sample for us.
    seen = candles if engine == OURS else candles.slice(0, round(len(candles) * 0.99))
    evaluate: Any = ENGINES[engine]
    evaluate(seen, asked[:FIRST])
    before, begin = _peak(), time.process_time()
    found = evaluate(seen, asked)
    return Measured((time.process_time() - begin) / count, _peak() - before, found.trades)


def agreement(engines: Sequence[str]) -> dict[tuple[str, str], float]:
    """Return by work and engine which share of genomes opens as many positions as here."""
    shares = {}
    for work in (Work("A", 10_000, COMPARED), Work("B", 10_000, COMPARED)):
        ours = measured(OURS, work).trades
        for engine in engines[1:]:
            theirs = measured(engine, work).trades
            shares[work.name, engine] = statistics.mean(map(int.__eq__, ours, theirs))
            print(f"work {work.name}, {engine}: {shares[work.name, engine]:.0%} agree in trades", flush=True)
    return shares


def rounds_of(engines: Sequence[str], count: int) -> dict[tuple[Work, str], list[Measured]]:
    """Measure every work with every engine, in turn."""
    found: dict[tuple[Work, str], list[Measured]] = {(work, one): [] for work in WORKS for one in engines}
    for number in range(count):
        for (work, engine), rounds in found.items():
            rounds.append(measured(engine, work))
            rate = f"{1 / rounds[-1].seconds:,.0f} a CPU second"
            print(f"round {number + 1}: {work.name} {work.candles:,} {engine}: {rate}", flush=True)
    return found


def table(
    found: Mapping[tuple[Work, str], Sequence[Measured]], shares: Mapping[tuple[str, str], float]
) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| work | candles | engine | GenePool is so many times as fast | range | MB | same trades |"
    yield "|---|---:|---|---:|---:|---:|---:|"
    for (work, engine), rounds in found.items():
        ratios = [one.seconds / our.seconds for one, our in zip(rounds, found[work, OURS], strict=True)]
        memory = statistics.median(one.megabytes for one in rounds)
        range_ = f"{min(ratios):.0f} to {max(ratios):.0f}" if engine != OURS else ""
        same = f"{shares[work.name, engine]:.0%}" if engine != OURS else ""
        ratio = f"{statistics.median(ratios):.0f}" if engine != OURS else "1"
        count = f"{work.name}, {work.count_for(engine):,} genomes"
        yield f"| {count} | {work.candles:,} | {engine} | {ratio} | {range_} | {memory:,.0f} | {same} |"
    for engine in missing():
        yield f"| all | | {engine} | not installed | | | |"


def missing() -> list[str]:
    """Return the engines of which a package is not installed."""
    return [one for one, needs in PACKAGES.items() if not all(find_spec(name) for name in needs)]


def section(lines: Sequence[str], engines: Sequence[str], rounds: int) -> str:
    """Return what stands between the marks of the page."""
    flags = " ".join(sys.argv[1:])
    command = f'make bench-peers ARGS="{flags}"' if flags else "make bench-peers"
    packages = dict.fromkeys(name for engine in engines[1:] for name in PACKAGES[engine])
    versions = ", ".join(f"{name} {version(name.replace('_', '-'))}" for name in packages)
    head = [
        f"`{command}` on {datetime.now(UTC):%Y-%m-%d}: {versions}. CPU seconds of one thread a genome,",
        f"ratios within a round, median of {rounds} rounds. MB: what a call needs over imports and a first.",
        f"Trades are compared before anything is timed, of {COMPARED} genomes on 10,000 candles.",
        "",
    ]
    return "\n".join([*head, *lines])


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Compare, measure and write the page; leave with 5 where vectorbt trades work A otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--without", default="", metavar="WORD", help="leave out engines of this name")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*json.loads(options.measure))))
        return
    left_out = {one for one in ENGINES if options.without and options.without in one}
    engines = [one for one in ENGINES if one not in {*missing(), *left_out}]
    shares = agreement(engines)
    if wrong := [one for one in engines[1:] if "vectorbt" in one and shares["A", one] < 1]:
        print(
            f"fell short: {', '.join(wrong)} trades work A otherwise, so nothing was timed", file=sys.stderr
        )
        sys.exit(ShortfallError.exit_code)
    found = section(list(table(rounds_of(engines, options.rounds), shares)), engines, options.rounds)
    print(found)
    if not options.dry_run:
        write("bench-peers", found)


if __name__ == "__main__":
    main()
