"""The evolution history on SQLAlchemy Core."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from genepool.adapters.store import (
    births,
    generation_lines,
    ledgers,
    null_searches,
    pruned_trials,
    pruning,
    queueing,
    reading,
    recording,
    sizes,
    standings,
    writing,
)
from genepool.adapters.store.access import Access
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.exam_book import SqlExamBook
from genepool.adapters.store.generation_rows import GenerationRows, packed_rows, rows_of, unpacked_rows
from genepool.adapters.store.job_queue import SqlJobQueue
from genepool.adapters.store.key_ring import SqlKeyRing
from genepool.adapters.store.ledger_book import SqlLedgerBook
from genepool.adapters.store.node_register import SqlNodeRegister
from genepool.adapters.store.ownership import Ownership
from genepool.adapters.store.pruned_trials import PrunedTrials
from genepool.adapters.store.run_book import SqlRunBook
from genepool.adapters.store.run_states import run_states
from genepool.adapters.store.weighing_book import SqlWeighings
from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual, Population
from genepool.history import (
    BirthLine,
    GenerationLine,
    GenerationRecord,
    NullSearch,
    RunSpec,
    RunStanding,
    RunState,
    RunSummary,
    SearchedRun,
)
from genepool.robustness.ledger import KnownMarket, Uncounted


class SqlStore:
    """Every port of the history in a SQL database; build it with ``open_store``.

    What it writes of a run, it writes under the epoch of its claim: a claim that somebody made later
    fences it, and it raises ``Fenced`` instead. Evaluations are true from any process, and need no claim.

    Parameters
    ----------
    access
        The database, its layout up to date.
    claims
        By what means the database keeps other processes out.
    jobs
        The queue of jobs beside the history.
    keys
        The keys of the service.

    Attributes
    ----------
    book
        The runs as a user looks through them, names them, and throws them away.
    ledger_book
        The ledger of trials, market by market.
    exams
        Looks at sealed candles.
    weighings
        How the champions of finished runs were weighed.
    nodes
        What users wish of machines, and what machines did of late.
    """

    def __init__(self, access: Access, claims: Claims, jobs: SqlJobQueue, keys: SqlKeyRing) -> None:
        self.jobs = jobs
        self.keys = keys
        self.nodes = SqlNodeRegister(access)
        self._access = access
        self._claims = claims
        self._ownership = Ownership(access, claims)
        self.book = SqlRunBook(access, claims, self._ownership)
        self.ledger_book = SqlLedgerBook(access)
        self.exams = SqlExamBook(access)
        self.weighings = SqlWeighings(access)

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running; nobody has claimed it yet."""
        with self._access.writing() as connection:
            writing.create(connection, spec, _now())
        # There may have been a run of that name that was pruned since.
        self._ownership.forget(spec.run)

    def claim(self, run: str) -> None:
        """Take exclusive ownership of a run, and mark it as running.

        One that is asked to stop stays ``"stopping"``.
        """
        self._ownership.claim(run, as_it_is=False)

    def adopt(self, run: str) -> None:
        """Claim a run to write what is left of it; its state stays as it is."""
        self._ownership.claim(run, as_it_is=True)

    def reopen(self, run: str) -> None:
        """Let a finished run be claimed again, because its user resumes it; any other stays as it is."""
        with self._access.writing() as connection:
            writing.reopen(connection, reading.run_row(connection, run, locked=True))

    def enlarge(self, spec: RunSpec) -> None:
        """Write the specification of a run that its user gave larger budgets; its state stays as it is."""
        with self._access.writing() as connection:
            row = reading.run_row(connection, spec.run, locked=True)
            writing.enlarge(connection, row, self._claims.free(spec.run), spec)

    def epoch(self, run: str) -> int:
        """Return what this store's newest claim of a run counted; 0 when it never claimed it."""
        return self._ownership.epoch(run)

    def spec(self, run: str) -> RunSpec:
        """Return a run's specification."""
        with self._access.reading() as connection:
            return RunSpec.from_json(reading.run_row(connection, run).spec)

    def summaries(self) -> list[RunSummary]:
        """Return all runs, newest first.

        One whose process died is interrupted, whatever it said last; one that a job waits to breed is queued.
        """
        with self._access.reading() as connection:
            found, true = reading.summaries(connection), run_states(connection, self._claims)
        return [replace(one, state=true.of(one.spec.run, one.state)) for one in found]

    def standings(self) -> list[RunStanding]:
        """Return where the newest runs stand, and all that have not ended, as ``summaries`` says it."""
        with self._access.reading() as connection:
            found, true = standings.standings(connection), run_states(connection, self._claims)
        return [replace(one, state=true.of(one.run, one.state)) for one in found]

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation in one transaction; writing the same one again changes nothing."""
        self._record(run, [rows_of(record)])

    def packed(self, record: GenerationRecord) -> bytes:
        """Return a generation for ``record_packed``."""
        return packed_rows(rows_of(record))

    def record_packed(self, run: str, generations: Sequence[bytes]) -> None:
        """Write generations in one transaction; writing the same ones again changes nothing."""
        self._record(run, [unpacked_rows(generation) for generation in generations])

    def holds(self, run: str, generation: bytes) -> bool:
        """Tell whether a packed generation is recorded, bit for bit."""
        with self._access.reading() as connection:
            return recording.holds(connection, reading.run_row(connection, run), unpacked_rows(generation))

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        """Return some recorded generations, in order, each checked against its stored digest."""
        with self._access.reading() as connection:
            return reading.records(connection, reading.run_row(connection, run), first, count)

    def check_whole(self, run: str) -> None:
        """Raise ``RunPruned`` for a run of which something is gone."""
        with self._access.reading() as connection:
            reading.refuse_pruned(reading.run_row(connection, run))

    def births(self, run: str) -> list[Individual]:
        """Return everybody whose birth is recorded, in the order asked; of a pruned run, those left."""
        with self._access.reading() as connection:
            return reading.births(connection, reading.run_row(connection, run))

    def birth_lines(self, run: str, first: int, count: int) -> list[BirthLine]:
        """Return who was born in ``count`` generations from ``first`` on, in a line each."""
        with self._access.reading() as connection:
            return births.lines(connection, reading.run_row(connection, run), first, count)

    def individuals(self, run: str, born: Iterable[tuple[int, str]]) -> list[Individual]:
        """Return the individuals of some births, by generation and fingerprint, in the order given."""
        with self._access.reading() as connection:
            return births.individuals(connection, reading.run_row(connection, run), born)

    def sharpes(self, run: str, first: int = 0) -> list[tuple[int, float | None]]:
        """Return generation and in-sample Sharpe ratio of everybody born from a generation on, in order."""
        with self._access.reading() as connection:
            return births.sharpes(connection, reading.run_row(connection, run), first)

    def failures(self, run: str) -> dict[str | None, int]:
        """Return how many of a run's births could not be scored, by reason."""
        with self._access.reading() as connection:
            return births.failures(connection, reading.run_row(connection, run))

    def generation_lines(self, run: str, first: int, count: int) -> list[GenerationLine]:
        """Return up to ``count`` generations from ``first`` on, in figures."""
        with self._access.reading() as connection:
            return generation_lines.lines(connection, reading.run_row(connection, run), first, count)

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None."""
        with self._access.reading() as connection:
            row = reading.run_row(connection, run)
            newest = reading.generation_count(connection, row) - 1
            found = reading.records(connection, row, newest, 1)
        return found[-1].population if found else None

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation, so that a resumed run need not repeat them."""
        with self._access.writing() as connection:
            recording.remember(connection, problem_digest, evaluations, _now())

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations made on a problem by today's rules, of these genomes or of all."""
        with self._access.reading() as connection:
            return reading.known(connection, problem_digest, fingerprints)

    def know_market(self, market: KnownMarket) -> None:
        """Remember by which marks a data set's candles are known again."""
        with self._access.writing() as connection:
            ledgers.know(connection, market, _now())

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set's candles, over all runs."""
        with self._access.reading() as connection:
            return ledgers.trials(connection, market_digest)

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and is not among a data set's trials."""
        with self._access.reading() as connection:
            return ledgers.uncounted(connection, market_digest)

    def null_searches(self, run: str) -> list[NullSearch]:
        """Return what searches on null markets are recorded of a run."""
        with self._access.reading() as connection:
            return null_searches.found(connection, run)

    def searched_runs(self, market_digest: str) -> list[SearchedRun]:
        """Return the runs that searched a data set, or one whose trials count with it, with their nulls."""
        with self._access.reading() as connection:
            return null_searches.searched(connection, market_digest)

    def keep_null_search(self, run: str, search: NullSearch) -> None:
        """Record a search on a null market; the same one again changes nothing."""
        with self._access.writing() as connection:
            null_searches.keep(connection, run, search)

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended, and let go of it; one that is finished stays so."""
        with self._access.writing() as connection:
            writing.finish(connection, self._ownership.held_row(connection, run), state, digest, _now())
        self._claims.let_go(run)

    def submit(self, run: str) -> None:
        """Queue a recorded run for a coordinator; one that is finished, or another process owns, stays."""
        with self._access.writing() as connection:
            queueing.submit(connection, reading.run_row(connection, run, locked=True), self._claims)

    def next_run(self) -> str | None:
        """Return the run to breed next, None when there is none; this store's own count as orphans."""
        with self._access.reading() as connection:
            return queueing.next_run(connection, self._claims)

    def request_stop(self, run: str) -> None:
        """Ask the process that owns a run to stop it."""
        with self._access.writing() as connection:
            queueing.request_stop(connection, reading.run_row(connection, run, locked=True), _now())

    def stop_requested(self, run: str) -> bool:
        """Tell whether somebody asked a run to stop."""
        return self.state(run) == "stopping"

    def state(self, run: str) -> RunState:
        """Return where a run stands, as recorded."""
        with self._access.reading() as connection:
            found: RunState = reading.run_row(connection, run).state
        return found

    def prune(self, keep_runs: int, older_than: timedelta, *, rehearse: bool = False) -> pruning.Pruned:
        """Forget runs that ended longer ago than ``older_than``, but none of the newest ``keep_runs``.

        The ledger of trials stays: what was tried was tried. ``rehearse`` changes nothing.
        """
        with suppress(_Rehearsed), self._access.writing() as connection:
            abandoned = queueing.abandoned(connection, self._claims)
            pruned = pruning.prune(connection, abandoned, keep_runs, older_than, datetime.now(UTC))
            if rehearse:
                raise _Rehearsed
        return pruned

    def prune_trials(
        self, older_than: timedelta, *, rehearse: bool = False, enough: Callable[[], bool] = lambda: False
    ) -> PrunedTrials:
        """Forget the details of trials of runs that finished longer ago than ``older_than``.

        Summary, digest, the leaderboard's first places, their ancestors and the ledger stay. ``rehearse``
        changes nothing. ``enough`` tells between two transactions whether to stop; the next call continues.
        """
        before = (datetime.now(UTC) - older_than).isoformat(timespec="milliseconds")
        if rehearse:
            return pruned_trials.rehearse(self._access, before)
        return pruned_trials.prune_trials(self._access, self._claims, before, _now(), enough)

    def size(self) -> sizes.Size:
        """Return how many bytes the history takes, table by table."""
        with self._access.reading() as connection:
            return sizes.size(connection)

    def identity(self) -> str:
        """Return what tells this history from every other to all who look into it; empty when unknown."""
        return self._access.identity()

    def close(self) -> None:
        """Let go of connections and claims; may be called twice."""
        self._claims.release()
        self._access.close()

    def _record(self, run: str, generations: Sequence[GenerationRows]) -> None:
        with self._access.writing() as connection:
            recording.record(connection, self._ownership.held_row(connection, run), generations, _now())


class _Rehearsed(Exception):  # noqa: N818 - nothing went wrong
    """Rolls a rehearsal back."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
