"""A program that records generations as fast as it can, and says which ones were acknowledged.

Arguments: URL of the history, folder of the journal, how many generations. Started again, it continues.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from genepool import logs
from genepool.adapters.store import open_sql_store
from genepool.evolution.population import Population
from genepool.history import GenerationRecord
from tests.fakes.clocks import RealClock
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.journaled_store import JournaledStore
from tests.fakes.service_notes import ServiceNotes


def generations(count: int, before: Population | None = None) -> Iterator[GenerationRecord]:
    """Yield the generations that follow a population, up to this number of them in all."""
    for number in range(before.generation + 1 if before else 0, count):
        record = a_generation(number, 10 * number, before=before)
        before = record.population
        yield record


def main(url: str, folder: str, count: str) -> None:
    """Record until there are so many generations."""
    logs.configure()
    store = JournaledStore(open_sql_store(url, owner="recorder"), Path(folder), ServiceNotes(), RealClock())
    store.claim(a_spec().run)
    for record in generations(int(count), store.last_population(a_spec().run)):
        store.record(a_spec().run, record)
        sys.stdout.write(f"{record.population.generation}\n")
        sys.stdout.flush()
    store.finish(a_spec().run, "finished", "abc")
    store.close()


def run() -> None:
    """Record as the command line says."""
    main(*sys.argv[1:])
