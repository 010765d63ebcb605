"""A real coordinator that breeds the imagined species in its own process, and says what becomes of runs.

As a program its arguments are: URL of the history, folder of the journal, "there" or "gone" for the data
sets of the runs. It prints "finished DIGEST", "failed", and "idle" whenever there is nothing to do.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from genepool import logs
from genepool.adapters.store import open_sql_store
from genepool.backtest.evaluation import Evaluation
from genepool.errors import DataError
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.history import RunSpec
from genepool.pool.cached import CachedEvaluator
from genepool.pool.coordinator import Coordinator, mark_failed
from genepool.pool.loop import Pool, evolve
from genepool.ports import Watcher
from tests.fakes.clocks import RealClock
from tests.fakes.histories import a_spec
from tests.fakes.journaled_store import JournaledStore
from tests.fakes.memory import EventLog, ManualClock, MemoryCache, MemoryEvaluator
from tests.fakes.service_notes import ServiceNotes
from tests.fakes.species import SPECIES, hilly

# The same coordinator after each restart.
OWNER = "hill"


def a_hill_run(generations: int = 4) -> RunSpec:
    """Return a run that this coordinator can evolve."""
    settings = EvolutionSettings(population_size=8, generations=generations)
    return a_spec(settings=settings, strategies=("cycle", "slope"))


@dataclass
class HillDesk:
    """What the coordinator does with runs: as the real desk, without data, cache and cluster."""

    store: JournaledStore
    data_there: bool = True
    score: Callable[[Genome], Evaluation] = hilly
    watcher: Watcher | None = None
    say: Callable[[str], None] = lambda _: None

    def breed(self, run: str) -> None:
        spec = self.store.spec(run)
        if not self.data_there:
            raise DataError(f"there is no data set {spec.data}")
        coat = CachedEvaluator(MemoryEvaluator(self.score, 4).evaluate, MemoryCache(), lambda _: None)
        engine = Engine(SPECIES, spec.settings, spec.seed)
        stop = lambda: self.store.stop_requested(run)  # noqa: E731 - a port's shape
        pool = Pool(engine, coat, self.store, self.watcher or EventLog(), ManualClock(), stop)
        self.say(f"finished {evolve(spec, pool).digest}")

    def give_up(self, run: str) -> None:
        mark_failed(self.store, self.store, run)
        self.say("failed")

    def tell(self, event: str, run: str | None, reason: str) -> None:  # noqa: ARG002 - the desk's
        self.say(event)


def main(url: str, folder: str, data: str) -> None:
    """Work until killed."""
    logs.configure()
    store = JournaledStore(open_sql_store(url, owner=OWNER), Path(folder), ServiceNotes(), RealClock())

    def say(words: str) -> None:
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()

    def pause(_seconds: float) -> None:
        say("idle")
        time.sleep(0.1)

    Coordinator(store, HillDesk(store, data == "there", say=say), lambda: False, pause).work()


if __name__ == "__main__":
    main(*sys.argv[1:])
