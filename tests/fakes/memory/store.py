"""The evolution history in this process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from genepool.backtest.evaluation import Evaluation
from genepool.errors import RunExists, RunFinished, RunNotFound, StoreError
from genepool.evolution.population import Population
from genepool.history import (
    GenerationRecord,
    NullSearch,
    RunSpec,
    RunState,
    RunSummary,
    SearchedRun,
    evaluation_digest,
    generation_digest,
)
from genepool.robustness.ledger import KnownMarket, Name, Uncounted, counted_together, left_apart
from tests.fakes.memory.exams import MemoryExams
from tests.fakes.memory.packing import packed, unpacked
from tests.fakes.memory.weighings import MemoryWeighings

_CLAIMED = ("running", "stopping")


@dataclass(slots=True)
class _Run:
    spec: RunSpec
    started_at: str
    state: RunState = "running"
    digest: str | None = None
    finished_at: str | None = None
    claims: int = 0
    records: list[GenerationRecord] = field(default_factory=list)


class MemoryStore:
    """Every port of the history in dictionaries; gone when the process ends."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self._evaluations: dict[str, dict[str, Evaluation]] = {}
        self._ledger: dict[str, set[str]] = {}
        self._markets: dict[str, KnownMarket] = {}
        self._null_searches: dict[str, dict[tuple[str, str, int], NullSearch]] = {}
        self.exams = MemoryExams(self._together, lambda: [run.spec for run in self._runs.values()])
        self.weighings = MemoryWeighings(self._run, lambda digest: len(self._evaluations.get(digest, {})))

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running."""
        if spec.run in self._runs:
            raise RunExists(f"there is a run {spec.run} already: choose another name, or resume it")
        self._runs[spec.run] = _Run(spec, _now())

    def null_searches(self, run: str) -> list[NullSearch]:
        """Return what searches on null markets are recorded of a run."""
        self._run(run)
        return [one for _, one in sorted(self._null_searches.get(run, {}).items(), key=lambda pair: pair[0])]

    def _together(self, market_digest: str, marks: frozenset[int]) -> set[str]:
        unknown = {market_digest: KnownMarket(market_digest, "", "", marks)}
        return counted_together(market_digest, unknown | self._markets)

    def searched_runs(self, market_digest: str) -> list[SearchedRun]:
        """Return the runs that searched a data set, or one whose trials count with it, with their nulls."""
        together = {market_digest} | set(counted_together(market_digest, self._markets))
        return [
            SearchedRun(name, run.digest, self.null_searches(name))
            for name, run in self._runs.items()
            if run.spec.market_digest in together and run.state != "queued"
        ]

    def keep_null_search(self, run: str, search: NullSearch) -> None:
        """Record a search on a null market; the same one again changes nothing."""
        self._run(run)
        key = search.run_digest, search.generator, search.number
        self._null_searches.setdefault(run, {}).setdefault(key, search)

    def claim(self, run: str) -> None:
        """Mark the run as running unless a user asked it to stop; no other process can reach this store."""
        self.adopt(run)
        found = self._run(run)
        found.state = "stopping" if found.state == "stopping" else "running"
        found.digest, found.finished_at = None, None

    def adopt(self, run: str) -> None:
        """Claim a run to write what is left of it; its state stays as it is."""
        found = self._run(run)
        if found.state == "finished":
            raise _over(found)
        found.claims += 1

    def reopen(self, run: str) -> None:
        """Let a finished run be resumed."""
        found = self._run(run)
        if found.state == "finished":
            found.state, found.digest = "interrupted", None

    def enlarge(self, spec: RunSpec) -> None:
        """Write the specification of a run that its user gave larger budgets."""
        self._run(spec.run).spec = spec

    def spec(self, run: str) -> RunSpec:
        """Return a run's specification."""
        return self._run(run).spec

    def summaries(self) -> list[RunSummary]:
        """Return all runs, newest first."""
        return [_summary(run) for run in reversed(self._runs.values())]

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation; writing the same one again changes nothing."""
        found, number = self._run(run), record.population.generation
        if number < len(found.records):
            if generation_digest(found.records[number]) == generation_digest(record):
                return
            raise StoreError(f"history diverged: generation {number} of run {run} is there with other bits")
        if found.state == "finished":
            raise _over(found)
        if number > len(found.records):
            raise StoreError(f"run {run} has {len(found.records)} generations: {number} cannot be the next")
        _check_births(found, record)
        self.remember(found.spec.problem_digest, [individual.evaluation for individual in record.newborn])
        found.records.append(record)

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, or None."""
        records = self._run(run).records
        return records[-1].population if records else None

    def packed(self, record: GenerationRecord) -> bytes:
        """Return a generation for ``record_packed``."""
        try:
            return packed(record)
        except ValueError as error:
            raise StoreError("a generation holds a number that is not finite") from error

    def record_packed(self, run: str, generations: Sequence[bytes]) -> None:
        """Write generations; writing the same ones again changes nothing."""
        for generation in generations:
            self.record(run, unpacked(generation))

    def holds(self, run: str, generation: bytes) -> bool:
        """Tell whether a packed generation is recorded, bit for bit."""
        record = unpacked(generation)
        number = record.population.generation
        stored = self._run(run).records[number : number + 1]
        return [one.digest for one in stored] == [record.digest]

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        """Return some recorded generations, in order."""
        return self._run(run).records[first : first + count]

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations, and count them as trials of the data sets whose runs pose this problem."""
        known = self._evaluations.setdefault(problem_digest, {})
        new = {evaluation.genome.fingerprint: _finite(evaluation) for evaluation in evaluations}
        lasting = {name: evaluation for name, evaluation in new.items() if not evaluation.lost}
        for fingerprint in lasting.keys() & known.keys():
            if evaluation_digest(known[fingerprint]) != evaluation_digest(new[fingerprint]):
                raise StoreError(f"history diverged: genome {fingerprint} scored otherwise before")
        self._evaluations[problem_digest] = lasting | known
        for run in self._runs.values():
            if run.spec.problem_digest == problem_digest:
                self._ledger.setdefault(run.spec.market_digest, set()).update(new)

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations ever made on a problem, of these genomes or of all, by fingerprint."""
        known = self._evaluations.get(problem_digest, {})
        wanted = known if fingerprints is None else fingerprints
        return {name: known[name] for name in wanted if name in known}

    def know_market(self, market: KnownMarket) -> None:
        """Remember by which marks a data set's candles are known again."""
        known = self._markets.setdefault(market.digest, market)
        if known.marks < market.marks:
            self._markets[market.digest] = replace(known, marks=market.marks)

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set's candles, over all runs."""
        return self._tried(counted_together(market_digest, self._markets))

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and is not among a data set's trials."""
        names = defaultdict[str, set[Name]](set)
        for run in self._runs.values():
            names[run.spec.market_digest].add((run.spec.symbol, run.spec.timeframe))
        other, unknown = left_apart(market_digest, self._markets, names, self._ledger.keys())
        return Uncounted(self._tried(other), self._tried(unknown))

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended."""
        found = self._run(run)
        if found.state == "finished":
            if state == "finished" and digest != found.digest:
                raise _over(found)
            return
        if state == "queued" and found.state == "stopping":
            state = "interrupted"
        unfinished = state in ("running", "queued")
        found.state, found.digest, found.finished_at = state, digest, None if unfinished else _now()

    def submit(self, run: str) -> None:
        """Queue a recorded run for a coordinator; a finished one stays as it is."""
        found = self._run(run)
        if found.state == "finished":
            return
        found.state, found.digest, found.finished_at = "queued", None, None

    def next_run(self) -> str | None:
        """Return the run to evolve next: the caller evolves none, so a claimed one is free."""
        orphaned = [run for run in self._runs.values() if run.state in _CLAIMED and run.claims]
        queued = [run for run in self._runs.values() if run.state == "queued"]
        return next((run.spec.run for run in [*orphaned, *queued]), None)

    def request_stop(self, run: str) -> None:
        """Ask the process that evolves a run to stop it; one that no process has claimed ends at once."""
        found = self._run(run)
        if found.state == "queued" or (found.state == "running" and not found.claims):
            found.state, found.finished_at = "interrupted", _now()
        elif found.state == "running":
            found.state = "stopping"

    def stop_requested(self, run: str) -> bool:
        """Tell whether a user asked a run to stop."""
        return self.state(run) == "stopping"

    def state(self, run: str) -> RunState:
        """Return where a run stands."""
        return self._run(run).state

    def close(self) -> None:
        """Do nothing: there are no connections to close."""

    def _tried(self, markets: Iterable[str]) -> int:
        return len(set().union(*(self._ledger.get(market, ()) for market in markets)))

    def _run(self, run: str) -> _Run:
        if run not in self._runs:
            raise RunNotFound(f"there is no run {run!r} in the history: `genepool runs` lists them")
        return self._runs[run]


def _over(run: _Run) -> RunFinished:
    return RunFinished(f"run {run.spec.run} is finished, with the digest {run.digest}: it stays as it is")


def _check_births(run: _Run, record: GenerationRecord) -> None:
    born = {
        (individual.born, individual.genome.fingerprint)
        for generation in [*run.records, record]
        for individual in generation.newborn
    }
    for individual in record.population.individuals:
        if (individual.born, individual.genome.fingerprint) not in born:
            raise StoreError(f"genome {individual.genome.fingerprint} is a member but was never born")


def _finite(evaluation: Evaluation) -> Evaluation:
    try:
        evaluation_digest(evaluation)
    except ValueError as error:
        raise StoreError(
            f"the evaluation of {evaluation.genome.fingerprint} holds a number that is not finite"
        ) from error
    return evaluation


def _summary(run: _Run) -> RunSummary:
    born = {individual.genome.fingerprint for record in run.records for individual in record.newborn}
    members = [individual for record in run.records for individual in record.population.individuals]
    fitness = [individual.fitness for individual in members if individual.fitness is not None]
    return RunSummary(
        spec=run.spec,
        state=run.state,
        generations=len(run.records),
        evaluations=len(born),
        best_fitness=max(fitness, default=None),
        digest=run.digest,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
