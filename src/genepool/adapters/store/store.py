"""The evolution history on SQLAlchemy Core."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from genepool.adapters.store import reading, writing
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.dialect import WRITES
from genepool.adapters.store.recall import Recall
from genepool.adapters.store.tables import ledger
from genepool.adapters.store.translation import translated
from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreError
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary


class SqlStore:
    """``EvolutionStore`` in a SQL database; build it with ``open_store``.

    Parameters
    ----------
    engine
        The database, its layout up to date.
    claims
        Which runs this process carries on.
    place
        How the user knows the database, for messages.
    """

    def __init__(self, engine: Engine, claims: Claims, place: str) -> None:
        self._reads = engine
        self._writes = engine.execution_options(**{WRITES: True})
        self._claims = claims
        self._place = place
        self._file = _identity(place)
        self._recalls: dict[tuple[int, str, str], Recall] = {}

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running."""
        with self._transaction(self._writes) as connection:
            writing.create(connection, spec, _now())

    def claim(self, run: str) -> None:
        """Become the only process that carries this run on, and mark it as running."""
        with self._transaction(self._reads) as connection:
            reading.run_row(connection, run)
        self._claims.take(run)
        with self._transaction(self._writes) as connection:
            writing.set_state(connection, reading.run_row(connection, run), "running", None, _now())

    def spec(self, run: str) -> RunSpec:
        """Return a run's specification."""
        with self._transaction(self._reads) as connection:
            return RunSpec.from_json(reading.run_row(connection, run).spec)

    def summaries(self) -> list[RunSummary]:
        """Return all runs, newest first; one whose process died is interrupted, whatever it said last."""
        with self._transaction(self._reads) as connection:
            found = reading.summaries(connection)
        return [
            replace(summary, state="interrupted")
            if summary.state == "running" and not self._claims.taken(summary.spec.run)
            else summary
            for summary in found
        ]

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation in one transaction; writing the same one again changes nothing."""
        with self._transaction(self._writes) as connection:
            writing.record(connection, reading.run_row(connection, run), record, _now())

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None."""
        recorded = self.populations(run)
        return recorded[-1] if recorded else None

    def populations(self, run: str) -> list[Population]:
        """Return every recorded population, in order, each checked against its stored digest."""
        with self._transaction(self._reads) as connection:
            row = reading.run_row(connection, run)
            return self._recall(row).all_populations(connection, row)

    def newborn(self, run: str) -> list[tuple[int, Individual]]:
        """Return every individual with the generation that first evaluated it, in the order asked."""
        with self._transaction(self._reads) as connection:
            row = reading.run_row(connection, run)
            born = self._recall(row).births(connection, row)
        return [(generation, individual) for (generation, _), individual in born.items()]

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation, so that a resumed run need not repeat them."""
        with self._transaction(self._writes) as connection:
            writing.remember(connection, problem_digest, evaluations, _now())

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations made on a problem by today's rules, of these genomes or of all."""
        with self._transaction(self._reads) as connection:
            return reading.known(connection, problem_digest, fingerprints)

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set, over all runs."""
        query = select(func.count()).select_from(ledger).where(ledger.c.market_digest == market_digest)
        with self._transaction(self._reads) as connection:
            return connection.execute(query).scalar_one()

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended."""
        with self._transaction(self._writes) as connection:
            writing.set_state(connection, reading.run_row(connection, run), state, digest, _now())

    def close(self) -> None:
        """Let go of connections and claims; may be called twice."""
        self._claims.release()
        self._reads.dispose()

    def _recall(self, run: Row[Any]) -> Recall:
        # By more than its name: the file may have been replaced by another that has a run of that name.
        return self._recalls.setdefault((run.id, run.name, run.started_at), Recall())

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        self._check_file()
        with translated(self._place), engine.begin() as connection:
            yield connection
            # Writing to a file that has lost its name succeeds, and is lost with the process.
            self._check_file()

    def _check_file(self) -> None:
        if _identity(self._place) != self._file:
            raise StoreError(
                f"the history {self._place} was deleted or replaced while it was in use: put it back and "
                "resume the run, or start a new one"
            )


def _identity(place: str) -> tuple[int, int] | None:
    """Return what stays equal as long as a path names the same file; None when there is none."""
    try:
        found = Path(place).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
