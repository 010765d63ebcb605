"""What a run of a million evaluations costs to finish, to show, to report and to forget: seconds and memory.

It breeds the first generation, and writes the others as the coordinator does, with genomes drawn at random
and scores that resemble the real ones. Every command is a process of its own; its peak is what Linux notes
as the most memory that it had in RAM. A million evaluations take 3 GB of disk in each history.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.page import write
from genepool.adapters.store import SqlStore, embedded_url, open_store, upgrade_layout
from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.engine import Engine
from genepool.evolution.population import Candidate, Individual, Population
from genepool.genome import Genome
from genepool.history import GenerationRecord, RunSpec
from genepool.market.measures import Measures
from genepool.pool.recorded import recorded
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.postgres import durable_server, empty_database

RUN = "million"
FAILURES = 0.005
# The process itself says what its peak was: what the kernel tells its parent includes the parent's own.
PROGRAM = """
import atexit, os, sys
def told():
    with open("/proc/self/status") as lines:
        peak = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    with open(os.environ["PEAK_FILE"], "w") as file:
        file.write(peak)
atexit.register(told)
from genepool.cli import main
main()
"""


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Parameters
    ----------
    seconds
        Wall clock.
    cpu
        CPU seconds of the process and of those that it started; not of a server.
    megabytes
        Most memory of the process itself.
    """

    seconds: float
    cpu: float
    megabytes: float


class Drawn:
    """Draws generations that resemble those of a run.

    Parameters
    ----------
    spec
        The run.
    first
        Its first generation, whose scores are varied.
    length
        Generations over which scores grow to twice what they were.
    """

    def __init__(self, spec: RunSpec, first: GenerationRecord, length: int) -> None:
        self._strategies = {name: seed_strategies()[name] for name in spec.strategies}
        self._engine = Engine(self._strategies, spec.settings, spec.seed)
        self._models = [one.evaluation.scored for one in first.newborn if one.evaluation.scored]
        self._length = length
        self._rng = generator(0, Purpose.BENCHMARK, 3, 0)
        self._seen = {one.genome.fingerprint for one in first.newborn}

    def after(self, population: Population, count: int) -> GenerationRecord:
        """Return the next generation."""
        number = population.generation + 1
        species = list(self._strategies.values())
        candidates = [self._child(species[k % len(species)], population) for k in range(count)]
        results = [self._result(candidate.genome, number) for candidate in candidates]
        newborn = tuple(Individual(*pair, number) for pair in zip(candidates, results, strict=True))
        return GenerationRecord(self._engine.tell(population, candidates, results), newborn, 1.0)

    def _child(self, strategy: Strategy, population: Population) -> Candidate:
        genome = strategy.random_genome(self._rng)
        while genome.fingerprint in self._seen:
            genome = strategy.random_genome(self._rng)
        self._seen.add(genome.fingerprint)
        places = self._rng.integers(len(population.individuals), size=2)
        parents = tuple(population.individuals[int(place)].genome.fingerprint for place in places)
        return Candidate(genome, "crossover", parents, tuple(name for name, _ in genome.genes[:3]))

    def _result(self, genome: Genome, number: int) -> Evaluation:
        if self._rng.random() < FAILURES:
            return Evaluation(genome, None, "it traded too rarely")
        growth = 1 + number / self._length
        factor = growth * float(np.exp(self._rng.normal(0, 0.1)))
        return Evaluation(genome, _varied(self._models[int(self._rng.integers(len(self._models)))], factor))


def _varied(scored: Scored, factor: float) -> Scored:
    fields = {name: getattr(scored, name) for name in Scored.__slots__}
    return Scored(
        **{
            name: Measures(*_scaled([getattr(value, each) for each in Measures.__slots__], factor))
            if isinstance(value, Measures)
            else _scaled(value, factor)
            for name, value in fields.items()
        }
    )


def _scaled(values: Sequence[float], factor: float) -> tuple[float, ...]:
    # Counts stay whole, so that their texts are as long as those of a real run.
    return tuple(value if float(value).is_integer() else value * factor for value in values)


def begun(folder: Path, size: int) -> tuple[RunSpec, GenerationRecord]:
    """Breed the first generation in the SQLite history of a folder, and return it."""
    quick = [name for name, strategy in seed_strategies().items() if not strategy.learning]
    limits = ["--population-size", str(size), "--generations", "1", "--strategies", ",".join(quick)]
    words = ["evolve", "--data", "btcusd_1h", "--preset", "quick", "--name", RUN, "--no-report", *limits]
    environment = {**os.environ, "GENEPOOL_HOME": str(folder), "GENEPOOL_DATABASE_URL": ""}
    silent = subprocess.DEVNULL
    subprocess.run([sys.executable, "-m", "genepool", *words], check=True, env=environment, stdout=silent)
    with closing(open_store(embedded_url(folder / "genepool.sqlite"))) as store:
        return store.spec(RUN), next(recorded(store, RUN))


def fill(store: SqlStore, spec: RunSpec, first: GenerationRecord, evaluations: int) -> None:
    """Write a run that lacks one generation."""
    size = spec.settings.population_size
    length = evaluations // size
    store.create(replace(spec, settings=replace(spec.settings, generations=length - 1)))
    store.claim(RUN)
    store.record(RUN, first)
    drawn, population = Drawn(spec, first, length), first.population
    while population.generation < length - 2:
        record = drawn.after(population, size)
        store.record(RUN, record)
        population = record.population
    store.finish(RUN, "interrupted", None)


def commands(evaluations: int, size: int, folder: Path) -> dict[str, list[str]]:
    """Return what is measured, in this order."""
    more = ["--generations", str(evaluations // size), "--output", str(folder / "reports")]
    everything = ["--keep-runs", "0", "--older-than", "0"]
    return {
        "resume, one generation more, finish, report": ["evolve", "--resume", RUN, *more],
        "runs": ["runs"],
        "show": ["show", RUN],
        "show --json": ["show", RUN, "--json"],
        "report": ["report", RUN, "--out", str(folder / "report.html")],
        "export --what genome": ["export", RUN, "--what", "genome", "--out", str(folder / "genome.json")],
        "export --what trials": ["export", RUN, "--what", "trials", "--out", str(folder / "trials.csv")],
        "db size": ["db", "size"],
        "db export": ["db", "export", str(folder / "copy.sqlite")],
        "db prune --dry-run": ["db", "prune", *everything, "--dry-run"],
        "db prune --trials --dry-run": ["db", "prune", "--trials", "--older-than", "0", "--dry-run"],
        "db prune --trials": ["db", "prune", "--trials", "--older-than", "0"],
        "show, pruned": ["show", RUN],
        "db prune": ["db", "prune", *everything],
    }


def measured(words: Sequence[str], url: str, folder: Path) -> Cost:
    """Run a command in a process of its own."""
    environment = {
        **os.environ,
        "GENEPOOL_HOME": str(folder),
        "GENEPOOL_DATABASE_URL": url,
        "PEAK_FILE": str(folder / "peak"),
    }
    with (folder / "output.txt").open("w") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words], env=environment, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)}: {(folder / 'output.txt').read_text()[-2000:]}")
    return Cost(seconds, used.ru_utime + used.ru_stime, int((folder / "peak").read_text()) / 1024)


@contextmanager
def histories(folder: Path, engines: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Yield the URL of an empty history on each engine."""
    with ExitStack() as stack:
        urls = {}
        if "sqlite" in engines:
            urls["SQLite"] = embedded_url(folder / "million.sqlite")
        if "postgres" in engines:
            server = stack.enter_context(durable_server())
            urls["Postgres"] = server.url(stack.enter_context(empty_database(server)))
            upgrade_layout(urls["Postgres"])
        yield urls


def costs_of(url: str, folder: Path, evaluations: int, size: int) -> dict[str, Cost]:
    """Fill a history and return what each command costs."""
    spec, first = begun(folder, size)
    began = time.perf_counter()
    with closing(open_store(url)) as store:
        fill(store, spec, first, evaluations)
    print(f"{url.split(':', maxsplit=1)[0]}: filled in {time.perf_counter() - began:.0f} s", flush=True)
    costs = {}
    for name, words in commands(evaluations, size, folder).items():
        costs[name] = measured(words, url, folder)
        print(f"{name}: {json.dumps(vars(costs[name]))}", flush=True)
    return costs


def page(evaluations: int, size: int, found: Mapping[str, Mapping[str, Cost]]) -> str:
    """Return the section."""
    rows = [
        f"| {name} | " + " | ".join(_cells(costs[name]) for costs in found.values()) + " |"
        for name in next(iter(found.values()))
    ]
    heads = " | ".join(f"{engine} | CPU | peak" for engine in found)
    return "\n".join(
        [
            f"`make bench-million` on {datetime.now(UTC):%Y-%m-%d}: a run of {evaluations:,} evaluations in",
            f"{evaluations // size:,} generations of {size:,}. Each command is a process of its own: wall",
            "clock, CPU seconds of the process without the server, and the most memory that it had.",
            "",
            f"| command | {heads} |",
            f"| --- |{' ---: |' * 3 * len(found)}",
            *rows,
        ]
    )


def _cells(cost: Cost) -> str:
    return f"{cost.seconds:.1f} s | {cost.cpu:.1f} s | {cost.megabytes:.0f} MB"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--evaluations", type=int, default=1_000_000)
    parser.add_argument("--size", type=int, default=1_000, help="genomes of a generation")
    parser.add_argument(
        "--engines", nargs="+", choices=("sqlite", "postgres"), default=("sqlite", "postgres")
    )
    parser.add_argument("--folder", type=Path, help="where the SQLite history and what is exported lie")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    asked = parser.parse_args()
    found = {}
    for engine in asked.engines:
        with tempfile.TemporaryDirectory(dir=asked.folder) as made, histories(Path(made), [engine]) as urls:
            for name, url in urls.items():
                found[name] = costs_of(url, Path(made), asked.evaluations, asked.size)
    section = page(asked.evaluations, asked.size, found)
    print(section)
    if not asked.dry_run:
        write("bench-million", section)


if __name__ == "__main__":
    main()
