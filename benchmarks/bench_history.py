"""How fast generations come into a Postgres history: one by one, and many at once as after an outage.

It starts a server in a container of its own. CPU seconds of this process and of the server are counted
apart from the wall clock: other work on the machine only moves the latter.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.page import write
from genepool.adapters.store import SqlStore, open_sql_store, upgrade_layout
from genepool.evolution.population import Candidate, Individual, Population
from genepool.genome import Genome
from genepool.history import GenerationRecord, run_digest
from genepool.pool.recorded import recorded
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.histories import a_result, a_spec
from tests.fakes.postgres import Server, docker, durable_server, empty_database


def bred(generations: int, size: int) -> Iterator[GenerationRecord]:
    """Yield generations of new learning genomes, from which the best of all live on."""
    seeds = [strategy for strategy in seed_strategies().values() if strategy.learning]
    rng = generator(0, Purpose.BENCHMARK, 1, 0)
    seen: set[str] = set()
    living: tuple[Individual, ...] = ()
    for number in range(generations):
        newborn = []
        for slot in range(size):
            genome = _new(seeds[slot % len(seeds)], rng, seen)
            parents = tuple(one.genome.fingerprint for one in living[:2])
            candidate = Candidate(genome, "crossover" if parents else "initial", parents)
            newborn.append(Individual(candidate, a_result(genome), number))
        elders = [replace(one, elite=True) for one in living]
        living = tuple(sorted([*elders, *newborn], key=lambda one: -(one.fitness or 0.0))[:size])
        yield GenerationRecord(Population(number, living), tuple(newborn), 0.3)


def _new(strategy: Strategy, rng: object, seen: set[str]) -> Genome:
    genome = strategy.random_genome(rng)  # type: ignore[arg-type] # a generator, as numpy calls it
    while genome.fingerprint in seen:
        genome = strategy.random_genome(rng)  # type: ignore[arg-type] # as above
    seen.add(genome.fingerprint)
    return genome


def server_seconds(server: Server) -> float:
    """Return the CPU time that the server's container has used so far; control groups have two versions."""
    files = "/sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpuacct/cpuacct.usage"
    words = docker("exec", server.container, "sh", "-c", f"cat {files} 2>/dev/null || true").split()
    return int(words[1]) / 1e6 if words[0] == "usage_usec" else int(words[0]) / 1e9


def write_all(store: SqlStore, server: Server, packed: Sequence[bytes], at_once: int) -> list[float]:
    """Return the milliseconds that a generation takes: wall clock, CPU here, CPU of the server."""
    wall, before = [], (time.process_time(), server_seconds(server))
    for start in range(0, len(packed), at_once):
        batch = packed[start : start + at_once]
        began = time.perf_counter()
        store.record_packed("first", batch)
        wall.append((time.perf_counter() - began) / len(batch))
    after = (time.process_time(), server_seconds(server))
    used = [(late - soon) / len(packed) for soon, late in zip(before, after, strict=True)]
    return [1e3 * seconds for seconds in (statistics.median(wall), *used)]


def measured(records: Sequence[GenerationRecord], at_once: int) -> list[float]:
    """Return what writing took, and then what reading all of it for the run's digest took."""
    with durable_server() as server, empty_database(server) as name:
        url = server.url(name)
        upgrade_layout(url)
        store = open_sql_store(url)
        store.create(a_spec())
        store.claim("first")
        began = time.process_time()
        packed = [store.packed(record) for record in records]
        packing = 1e3 * (time.process_time() - began) / len(records)
        writing = write_all(store, server, packed, at_once)
        began = time.process_time()
        run_digest(recorded(store, "first"))
        reading = 1e3 * (time.process_time() - began) / len(records)
        store.close()
    return [packing, *writing, reading]


def page(records: Sequence[GenerationRecord], rows: dict[int, list[float]]) -> str:
    """Return the section."""
    figures = {count: " | ".join(f"{figure:.1f}" for figure in row) for count, row in rows.items()}
    lines = [
        f"`make bench-history` on {datetime.now(UTC):%Y-%m-%d}: {len(records)} generations of",
        f"{len(records[0].newborn)} new genomes and a population of the same size, into a Postgres of",
        "its own on the same machine, in milliseconds a generation. The wall clock is the median of the",
        "transactions, the others are means.",
        "",
        "| at once | pack (CPU) | wall clock | CPU here | CPU of the server | read back (CPU) |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {count} | {row} |" for count, row in figures.items()),
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--generations", type=int, default=100)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    options = parser.parse_args()
    records = list(bred(options.generations, options.size))
    section = page(records, {count: measured(records, count) for count in (1, 10)})
    print(section)
    if not options.dry_run:
        write("bench-history", section)


if __name__ == "__main__":
    main()
