"""A recorded run, joined with its market again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from genepool.errors import ConfigError, RunPruned
from genepool.evolution.population import Individual, Population
from genepool.history import BOARD_PLACES, RunSummary
from genepool.pool.births import Birth
from genepool.pool.findings import Findings, births_alone, found_in
from genepool.pool.judging import Judged, judge_recorded
from genepool.pool.planning import Plan
from genepool.pool.ranking import Ranking
from genepool.pool.recorded import born, recorded
from genepool.ports.candles import CandleSource
from genepool.strategies import Strategy
from genepool.usecases.history import History
from genepool.usecases.resume_run import planned_again


@dataclass(frozen=True)
class PastRun:
    """A run of the history.

    Parameters
    ----------
    summary
        Its line in the list of runs.
    history
        Where it is recorded.
    source
        Where its candles are.
    own
        Strategies of the user's own that it may have.
    """

    summary: RunSummary
    history: History
    source: CandleSource
    own: tuple[Strategy, ...] = ()

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
            return found_in(recorded(self.history, self.name))
        return found_in(births_alone(self.history.births(self.name)))

    @property
    def ranking(self) -> Ranking:
        """Its leaderboard, as far as it is left."""
        return self.found.ranking.first(BOARD_PLACES) if self.pruned else self.found.ranking

    def fetch(self, births: Iterable[Birth]) -> list[Individual]:
        """Read some of its individuals again."""
        if not self.pruned:
            return born(self.history, self.name, births)
        wanted = {birth.fingerprint for birth in births}
        return [one for one in self.history.births(self.name) if one.genome.fingerprint in wanted]

    @property
    def species(self) -> dict[str, int]:
        """How many members of its newest population are of each species, the most first; none if pruned."""
        population = None if self.pruned else self.history.last_population(self.name)
        return species_of(population)

    def trials(self) -> Iterator[tuple[int, Individual]]:
        """Yield every individual with the generation that first evaluated it.

        Raises
        ------
        RunPruned
            When some are gone.
        """
        if self.pruned:
            raise RunPruned(f"the trials of run {self.name} cannot be exported. {self.pruned}")
        for record in recorded(self.history, self.name):
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
        return planned_again(self.history.spec(self.name), self.source, own=self.own)

    def judged(self, plan: Plan) -> Judged:
        """Judge it on its own market."""
        return judge_recorded(self.history, plan.spec, plan.problem, self.ranking, self.summary.evaluations)


def species_of(population: Population | None) -> dict[str, int]:
    """Count the members of each species, the largest first."""
    names = [individual.genome.strategy for individual in population.individuals] if population else []
    counts = {name: names.count(name) for name in sorted(set(names))}
    return dict(sorted(counts.items(), key=lambda entry: -entry[1]))
