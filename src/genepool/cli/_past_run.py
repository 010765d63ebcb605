"""A recorded run, found by its name and joined with its market again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from genepool.adapters.report.build import report_data
from genepool.adapters.report.write import write_report
from genepool.adapters.store import SqlStore
from genepool.bootstrap.stores import open_store
from genepool.cli._named_run import find_run
from genepool.cli._neighbours import tried_around
from genepool.cli._run_request import carry_on
from genepool.errors import ConfigError, RunPruned
from genepool.evolution.population import Individual, Population
from genepool.history import BOARD_PLACES, RunSummary
from genepool.pool.births import Birth
from genepool.pool.findings import Findings, births_alone, found_in
from genepool.pool.judging import Judged, judge_recorded
from genepool.pool.planning import Plan
from genepool.pool.ranking import Ranking
from genepool.pool.recorded import born, recorded
from genepool.settings import Settings, load_settings


@dataclass(frozen=True)
class PastRun:
    """A run of the history.

    Parameters
    ----------
    summary
        Its line in the list of runs.
    store
        The history.
    settings
        Where its candles may be.
    """

    summary: RunSummary
    store: SqlStore
    settings: Settings

    @property
    def name(self) -> str:
        """Its full name."""
        return self.summary.spec.run

    @property
    def pruned(self) -> str:
        """What is gone of it, in one sentence; empty for a run that is whole."""
        if self.summary.pruned_at is None:
            return ""
        return (
            f"Its trials were pruned on {self.summary.pruned_at[:10]}: of {self.summary.evaluations:,}, the "
            f"first {BOARD_PLACES} places of the leaderboard and their ancestors are left."
        )

    @cached_property
    def found(self) -> Findings:
        """What a pass over all that is left of it finds; of a pruned run no curve."""
        if not self.pruned:
            return found_in(recorded(self.store, self.name))
        return found_in(births_alone(self.store.births(self.name)))

    @property
    def ranking(self) -> Ranking:
        """Its leaderboard, as far as it is left."""
        return self.found.ranking.first(BOARD_PLACES) if self.pruned else self.found.ranking

    def fetch(self, births: Iterable[Birth]) -> list[Individual]:
        """Read some of its individuals again."""
        if not self.pruned:
            return born(self.store, self.name, births)
        wanted = {birth.fingerprint for birth in births}
        return [one for one in self.store.births(self.name) if one.genome.fingerprint in wanted]

    def newest(self) -> Population | None:
        """Return its newest population; None when it has none, or none any more."""
        return None if self.pruned else self.store.last_population(self.name)

    def trials(self) -> Iterator[tuple[int, Individual]]:
        """Yield every individual with the generation that first evaluated it.

        Raises
        ------
        RunPruned
            When some are gone.
        """
        if self.pruned:
            raise RunPruned(f"the trials of run {self.name} cannot be exported. {self.pruned}")
        for record in recorded(self.store, self.name):
            for individual in record.newborn:
                yield record.population.generation, individual

    def at(self, rank: int) -> Individual:
        """Return the individual at a place of the leaderboard.

        Raises
        ------
        ConfigError
            When there is no such place.
        """
        length = self.ranking.length
        if not 1 <= rank <= length:
            places = f"ranks 1 to {length}" if length else "no ranks: no genome of it could be scored"
            raise ConfigError(f"run {self.name} has no rank {rank}: it has {places}")
        return self.fetch([self.found.births.at(rank)])[0]

    def plan(self) -> Plan:
        """Find its candles again.

        Raises
        ------
        DataError
            When they are not there, or are not what the run began with.
        """
        return carry_on(self.name, None, self.settings.home, self.store)

    def judged(self, plan: Plan) -> Judged:
        """Judge it on its own market."""
        return judge_recorded(self.store, plan.spec, plan.problem, self.ranking, self.summary.evaluations)

    def write_report(self, path: Path | None = None) -> Path:
        """Write its HTML report and return where it is.

        Parameters
        ----------
        path
            The file; None for one of the run's name in the results folder.
        """
        plan = self.plan()
        # Before it is judged: the ledger counts them.
        around = None if self.pruned else tried_around(plan, self.found, self.fetch, self.store)
        data = report_data(
            self.summary, self.found, self.fetch, self.judged(plan), plan.problem, self.pruned, around
        )
        return write_report(path or self.settings.results / f"{self.name}.html", data)


@contextmanager
def open_past_run(name: str) -> Iterator[PastRun]:
    """Yield the run that goes by this name, by the only name that begins so, or the newest (``latest``).

    Raises
    ------
    RunNotFound
        When there is none, or there are several that begin so.
    """
    settings = load_settings()
    store = open_store(settings)
    try:
        yield PastRun(find_run(name, store.summaries()), store, settings)
    finally:
        store.close()
