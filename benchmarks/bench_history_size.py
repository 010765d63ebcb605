"""What the history of a real run takes: bytes an evaluation, table by table, before and after pruning.

It breeds a run, copies it to a Postgres, and measures both. It also measures a form that nothing is stored
in yet: each generation as a few columns of doubles and small numbers, compressed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.page import DOCS, write
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.dialect import engine_of
from genepool.adapters.store.sizes import Size
from genepool.evolution.population import Individual
from genepool.history import GenerationRecord, RunSpec
from genepool.plain import scored_values
from genepool.pool.recorded import recorded
from tests.fakes.postgres import history_url

PAGE = DOCS / "history.md"
TABLES = ("evaluations", "genomes", "ledger", "lineage", "individuals")
# A letter stands for each way of being born.
OPERATOR_BYTES = 1
FINGERPRINT_BYTES = 8


def breed(folder: Path, population_size: int, generations: int) -> None:
    """Breed a real run into the SQLite history of a folder."""
    sizes = ["--population-size", str(population_size), "--generations", str(generations)]
    words = ["evolve", "--data", "btcusd_1h", "--preset", "quick", "--seed", "7", "--no-report", "--json"]
    subprocess.run(
        [sys.executable, "-m", "genepool", *words, *sizes],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "GENEPOOL_HOME": str(folder), "GENEPOOL_DATABASE_URL": ""},
    )


def sizes_of(url: str, spec: RunSpec | None, records: Sequence[GenerationRecord]) -> tuple[Size, Size, int]:
    """Return what a history takes, what is left after its trials are pruned, and how many births stay.

    Parameters
    ----------
    url
        The history.
    spec, records
        A run that is written to it first; None for a history that has its run.
    """
    with closing(open_sql_store(url)) as store:
        if spec is not None:
            _record(store, spec, records)
        before = store.size()
        kept = store.prune_trials(timedelta(0)).kept
        engine = engine_of(url, 5.0)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL" if engine.dialect.name == "postgresql" else "SELECT 1"))
        engine.dispose()
        return before, store.size(), kept


def _record(store: SqlStore, spec: RunSpec, records: Sequence[GenerationRecord]) -> None:
    store.create(spec)
    store.claim(spec.run)
    for record in records:
        store.record(spec.run, record)
    store.finish(spec.run, "finished", "0" * 64)


def packed_sizes(records: Sequence[GenerationRecord]) -> dict[str, float]:
    """Return bytes an evaluation of each part of a packed form, every generation compressed by itself."""
    parts: dict[str, int] = defaultdict(int)
    before: Sequence[Individual] = ()
    for record in records:
        parts["scores and measures"] += _packed(_scores(record.newborn))
        parts["genes"] += _packed(_genes(record.newborn))
        parts["births"] += _packed(_births(record.newborn, before))
        members = record.population.individuals
        parts["members"] += _packed(_members(members, [*before, *record.newborn]))
        parts["fingerprints"] += FINGERPRINT_BYTES * len(record.newborn)
        parts["ledger"] += FINGERPRINT_BYTES * len(record.newborn)
        before = members
    count = sum(len(record.newborn) for record in records)
    return {name: size / count for name, size in parts.items()}


def _packed(written: bytes) -> int:
    return len(zlib.compress(written, 9))


def _columns(rows: Sequence[Sequence[float]]) -> bytes:
    return np.array(rows, dtype=np.float64).T.tobytes()


def _scores(newborn: Sequence[Individual]) -> bytes:
    scored = [one.evaluation.scored for one in newborn if one.evaluation.scored is not None]
    return _columns([[*_flat(scored_values(each))] for each in scored])


def _flat(values: Iterable[object]) -> Iterator[float]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield float(value)  # type: ignore[arg-type] # plain values are numbers and lists of them


def _genes(newborn: Sequence[Individual]) -> bytes:
    by_strategy: dict[str, list[list[float]]] = defaultdict(list)
    for one in newborn:
        by_strategy[one.genome.strategy].append([float(value) for _, value in one.genome.genes])
    return b"".join(_columns(rows) for rows in by_strategy.values())


def _births(newborn: Sequence[Individual], before: Sequence[Individual]) -> bytes:
    """Write an operator's letter, parents by their place, and which genes changed as bits of a number."""
    places = {one.genome.fingerprint: place for place, one in enumerate(before)}
    written = bytearray()
    for one in newborn:
        candidate = one.candidate
        written += candidate.operator[:OPERATOR_BYTES].encode()
        for parent in candidate.parents:
            written += _varint(places[parent])
        names = [name for name, _ in candidate.genome.genes]
        written += _varint(sum(1 << names.index(name) for name in candidate.changed if name in names))
    return bytes(written)


def _members(members: Sequence[Individual], candidates: Sequence[Individual]) -> bytes:
    places = {one.genome.fingerprint: place for place, one in enumerate(candidates)}
    return b"".join(_varint(2 * places[one.genome.fingerprint] + one.elite) for one in members)


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:  # noqa: PLR2004 - seven bits a byte
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def page(
    records: Sequence[GenerationRecord], found: dict[str, tuple[Size, Size, int]], packed: dict[str, float]
) -> str:
    """Return the section."""
    size, kept = len(records[0].population.individuals), next(iter(found.values()))[2]
    count = next(iter(found.values()))[0].evaluations
    heads = [f"{engine}{state}" for engine in found for state in ("", ", pruned")]
    measured = [one for before, after, _ in found.values() for one in (before, after)]
    rows = [(name, [_of_table(one, name) for one in measured]) for name in TABLES]
    rows.append(("all", [one.bytes - one.free for one in measured]))
    parts = ", ".join(f"{name} {each:.0f}" for name, each in packed.items())
    return "\n".join(
        [
            f"`make bench-history-size` on {datetime.now(UTC):%Y-%m-%d}: a run of {len(records)} generations",
            f"of {size} on the shipped candles, {count:,} evaluations; after pruning, the 20 first places",
            f"and their ancestors are left, {kept} births. Bytes an evaluation, indexes included:",
            "",
            f"| table | {' | '.join(heads)} |",
            f"| --- |{' ---: |' * len(heads)}",
            *(f"| {name} | {' | '.join(f'{each / count:,.0f}' for each in row)} |" for name, row in rows),
            "",
            f"Packed by generation, which nothing is yet, it would be {sum(packed.values()):.0f} bytes:",
            f"{parts}.",
        ]
    )


def _of_table(size: Size, name: str) -> int:
    return next(line.bytes for line in size.tables if line.table == name)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--generations", type=int, default=60)
    parser.add_argument("--population-size", type=int, default=200)
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        breed(Path(folder), options.population_size, options.generations)
        url = embedded_url(Path(folder) / "genepool.sqlite")
        with closing(open_sql_store(url)) as store:
            spec = store.summaries()[0].spec
            records = list(recorded(store, spec.run))
        with history_url() as server:
            found = {"SQLite": sizes_of(url, None, []), "Postgres": sizes_of(server, spec, records)}
    section = page(records, found, packed_sizes(records))
    print(section)
    if not options.dry_run:
        write("bench-history-size", section, PAGE)


if __name__ == "__main__":
    main()
