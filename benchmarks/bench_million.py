"""What a run of a million evaluations costs to finish, to show, to report and to forget: seconds and memory.

It breeds the first generation, and writes the others as the coordinator does, with genomes drawn at random
and scores that resemble the real ones. It fills a SQLite file, and copies its tables to a Postgres in a
container of its own. Every command is a process of its own, which says itself what its peak was. A million
evaluations take 3 GB of disk in each history. With ``--image`` the commands run in containers of limited
memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import select

from benchmarks.page import write
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store, upgrade_layout
from genepool.adapters.store.dialect import engine_of, insert_rows
from genepool.adapters.store.tables import metadata
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
ROOT = Path(__file__).resolve().parents[1]
# The process itself says what it took: what the kernel tells its parent includes the parent's own memory.
PROGRAM = """
import atexit, json, os
def told():
    with open("/proc/self/status") as lines:
        peak = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    with open(os.environ["COST_FILE"], "w") as file:
        json.dump({"cpu": sum(os.times()[:4]), "megabytes": int(peak) / 1024}, file)
atexit.register(told)
from genepool.cli import main
main()
"""


@dataclass(frozen=True)
class Cell:
    """Where commands run.

    Parameters
    ----------
    folder
        What they read and write.
    image
        Image of their containers, whose own genepool this checkout stands in for; empty for none.
    memory
        What a container may take, as Docker writes it.
    """

    folder: Path
    image: str = ""
    memory: str = ""

    def words(self, environment: Mapping[str, str]) -> list[str]:
        """Return how Python is started."""
        if not self.image:
            return [sys.executable]
        told = {**environment, "PYTHONPATH": "/measured"}
        limits = ["--network", "host", "--memory", self.memory, "--memory-swap", self.memory]
        user = ["--user", f"{os.getuid()}:{os.getgid()}", "--entrypoint", "python"]
        mounts = ["--volume", f"{self.folder}:{self.folder}", "--volume", f"{ROOT / 'src'}:/measured:ro"]
        named = [word for name, value in told.items() for word in ("--env", f"{name}={value}")]
        return ["docker", "run", "--rm", *limits, *user, *mounts, *named, self.image]


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Parameters
    ----------
    seconds
        Wall clock.
    cpu
        CPU seconds of the process and of those that it waited for; not of a server.
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
    return Scored(
        _scaled(scored.scores, factor),
        _scaled(scored.walk_forward_scores, factor),
        _measured_otherwise(scored.in_sample, factor),
        _measured_otherwise(scored.walk_forward, factor),
        _scaled(scored.fold_sharpes, factor),
        _scaled(scored.fold_returns, factor),
    )


def _measured_otherwise(measures: Measures, factor: float) -> Measures:
    return Measures(*_scaled([getattr(measures, name) for name in Measures.__slots__], factor))


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
    with closing(open_sql_store(embedded_url(folder / "genepool.sqlite"))) as store:
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


def measured(words: Sequence[str], url: str, cell: Cell) -> Cost:
    """Run a command in a process of its own."""
    told, output = cell.folder / "cost.json", cell.folder / "output.txt"
    environment = {
        "GENEPOOL_HOME": str(cell.folder),
        "GENEPOOL_DATABASE_URL": url,
        "COST_FILE": str(told),
    }
    with output.open("w") as stream:
        began = time.perf_counter()
        done = subprocess.run(
            [*cell.words(environment), "-c", PROGRAM, *words],
            env={**os.environ, **environment},
            stdout=stream,
            stderr=stream,
            check=False,
        )
        seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {output.read_text()[-2000:]}")
    return Cost(seconds, **json.loads(told.read_text()))


def carried(source: str, target: str) -> None:
    """Copy every table of a history to an empty one."""
    upgrade_layout(target)
    reader, writer = engine_of(source, 10.0), engine_of(target, 10.0)
    with reader.connect() as reading, writer.begin() as writing:
        for table in metadata.sorted_tables:
            names = [column.name for column in table.columns]
            found = reading.execute(select(table), execution_options={"yield_per": 5_000})
            for rows in found.partitions():
                insert_rows(writing, table, names, [tuple(row) for row in rows])
    reader.dispose()
    writer.dispose()


def costs_of(url: str, cell: Cell, evaluations: int, size: int) -> dict[str, Cost]:
    """Return what each command costs on a filled history."""
    costs = {}
    (cell.folder / "copy.sqlite").unlink(missing_ok=True)
    for name, words in commands(evaluations, size, cell.folder).items():
        costs[name] = measured(words, url, cell)
        print(f"{name}: {json.dumps(vars(costs[name]))}", flush=True)
    return costs


def of_both(cell: Cell, engines: Sequence[str], evaluations: int, size: int) -> dict[str, dict[str, Cost]]:
    """Fill a history, and return what each command costs on each engine."""
    file, found = embedded_url(cell.folder / "million.sqlite"), dict[str, dict[str, Cost]]()
    spec, first = begun(cell.folder, size)
    with closing(open_sql_store(file)) as store:
        fill(store, spec, first, evaluations)
    print("filled", flush=True)
    if "postgres" in engines:
        with durable_server() as server, empty_database(server) as name:
            carried(file, server.url(name))
            found["Postgres"] = costs_of(server.url(name), cell, evaluations, size)
    if "sqlite" in engines:
        found["SQLite"] = costs_of(file, cell, evaluations, size)
    return found


def page(evaluations: int, size: int, cell: Cell, found: Mapping[str, Mapping[str, Cost]]) -> str:
    """Return the section."""
    rows = [
        f"| {name} | " + " | ".join(_cells(costs[name]) for costs in found.values()) + " |"
        for name in next(iter(found.values()))
    ]
    heads = " | ".join(f"{engine} | CPU | peak" for engine in found)
    there = f" in a container of {cell.memory}" if cell.image else ""
    return "\n".join(
        [
            f"`make bench-million` on {datetime.now(UTC):%Y-%m-%d}: a run of {evaluations:,} evaluations in",
            f"{evaluations // size:,} generations of {size:,}. Each command is a process of its own{there}:",
            "wall clock, CPU seconds of the process without the server, and the most memory that it had.",
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
    parser.add_argument("--image", default="", help="run the commands in containers of this image")
    parser.add_argument("--memory", default="3g", help="what a container may take")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as made:
        cell = Cell(Path(made), asked.image, asked.memory)
        found = of_both(cell, asked.engines, asked.evaluations, asked.size)
    section = page(asked.evaluations, asked.size, cell, found)
    print(section)
    if not asked.dry_run:
        write("bench-million", section)


if __name__ == "__main__":
    main()
