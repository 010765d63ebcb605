"""A recorded run, joined with its market again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from genepool.backtest.detailed import Backtest
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.habits import HabitReader
from genepool.backtest.phases import phase_backtests
from genepool.errors import GenomeNotFound, RunPruned
from genepool.evolution.population import Individual, Population
from genepool.genome import Genome
from genepool.history import BOARD_PLACES, GenerationLine, RunSummary
from genepool.pool.births import Birth
from genepool.pool.census import Census
from genepool.pool.commands import PROGRAM
from genepool.pool.findings import Findings, births_alone, found_in
from genepool.pool.judging import Judged, judge_recorded
from genepool.pool.mapping import MOST_MAPPED, StrategyMap, strategy_map
from genepool.pool.planning import Plan
from genepool.pool.ranking import Ranking
from genepool.pool.recorded import birth_lines, born, recorded
from genepool.pool.stability import stability_of
from genepool.ports.candles import CandleSource
from genepool.robustness.ladder import Ladder, NullStanding, StabilityFindings
from genepool.robustness.ledger import Uncounted
from genepool.strategies import Strategy
from genepool.usecases.history import History
from genepool.usecases.resume_run import planned_again
from genepool.usecases.run_ladder import climbed
from genepool.usecases.weigh_again import is_current, is_whole, keep_weighing, stability_again


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

    @cached_property
    def census(self) -> Census:
        """Everybody who was born in it, as far as they are left; much less is read than by ``found``."""
        return Census(birth_lines(self.history, self.name, self.summary.generations))

    @cached_property
    def ranking(self) -> Ranking:
        """Its leaderboard, as far as it is left."""
        # A report has read all of it anyway.
        passed = "found" in vars(self)
        ranking = self.found.ranking if passed else self.census.ranking(self.read)
        return ranking.first(BOARD_PLACES) if self.pruned else ranking

    def fetch(self, births: Iterable[Birth]) -> list[Individual]:
        """Read some of its individuals again."""
        if not self.pruned:
            return born(self.history, self.name, births)
        wanted = {birth.fingerprint for birth in births}
        return [one for one in self.history.births(self.name) if one.genome.fingerprint in wanted]

    def generations(self, first: int, count: int) -> list[GenerationLine]:
        """Return up to ``count`` of its generations from ``first`` on, in figures; read ones are held."""
        numbers = range(first, min(first + count, self.summary.generations))
        if any(number not in self._lines for number in numbers):
            found = self.history.generation_lines(self.name, first, len(numbers))
            self._lines.update({line.number: line for line in found})
        return [self._lines[number] for number in numbers]

    def read(self, births: Iterable[Birth]) -> list[Individual]:
        """Read some of its individuals alone, in the order given."""
        return self.history.individuals(self.name, births)

    @cached_property
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
        GenomeNotFound
            When there is no such place.
        """
        length = self.length
        if not 1 <= rank <= length:
            places = f"ranks 1 to {length}" if length else "no ranks: no genome of it could be scored"
            raise GenomeNotFound(f"run {self.name} has no rank {rank}: it has {places}")
        return self.read([self.census.births.at(rank)])[0]

    @property
    def length(self) -> int:
        """How many places its leaderboard has, as far as it is left."""
        ranked = self.census.births.ranked
        return min(ranked, BOARD_PLACES) if self.pruned else ranked

    @cached_property
    def mapped(self) -> StrategyMap:
        """Who trades best in each way, among the first of its leaderboard and its newest archive.

        Raises
        ------
        DataError
            When its candles are not there, or are not what the run began with.
        """
        births = self.census.births
        first = self.read([births.at(rank) for rank in range(1, min(self.length, MOST_MAPPED) + 1)])
        kept = self._archive if self.summary.spec.settings.optimizer == "atlas" and not self.pruned else ()
        everybody = {one.genome.fingerprint: one for one in (*first, *kept)}
        return strategy_map(everybody.values(), HabitReader(self.plan().problem))

    def plan(self) -> Plan:
        """Find its candles again; once found, they are held.

        Raises
        ------
        DataError
            When they are not there, or are not what the run began with.
        """
        return self._plan

    def judged(self, plan: Plan) -> Judged:
        """Judge it on its own market; anew only when more was tried there since."""
        digest = plan.spec.market_digest
        tried = self.history.trials(digest), self.history.uncounted(digest)
        if tried not in self._judged:
            evaluations = self.summary.evaluations
            judged = judge_recorded(self.history, plan.spec, plan.problem, self.ranking, evaluations)
            self._judged.clear()
            self._judged[tried] = judged
            return judged
        return self._judged[tried]

    def climbed(self, judged: Judged, program: str = PROGRAM) -> tuple[Ladder, NullStanding | None]:
        """Return how far its champion climbs, and how its search stands among its nulls.

        The champion is traded again only when more was tried on its market since. What its candles told is
        kept, for lists that tell the verdict without them.
        """
        spec, digest, weighings = self.summary.spec, self.summary.digest, self.history.weighings
        # Counted first: what another process evaluates meanwhile makes it look again.
        evaluated = weighings.evaluated(spec.problem_digest)
        tried = self.history.trials(spec.market_digest), evaluated
        if tried in self._stability:
            stability = self._stability[tried]
        else:
            stability = self._stable(judged)
            self._stability.clear()
            self._stability[tried] = stability
            keep_weighing(weighings, spec, digest, judged, stability, evaluated)
        return climbed(spec, digest, judged, stability, self.history, program)

    def _stable(self, judged: Judged) -> StabilityFindings | None:
        """Return what was found, also where pruning has taken since what it was found by."""
        kept = self.history.weighings.of_runs([self.name]).get(self.name)
        if kept is not None and judged.champion is not None:
            stability = stability_again(kept)
            if is_whole(stability) and is_current(kept, self.summary.digest, judged.champion.genome):
                return stability

        def tried(fingerprints: Sequence[str]) -> list[Evaluation]:
            return [one.evaluation for one in self.read(self.census.births.find(fingerprints))]

        plan = self.plan()
        return stability_of(plan.problem, judged.board, tried, self.history, plan.spec.seed)

    def traded(self, genome: Genome | None) -> list[tuple[str, Backtest]]:
        """Trade a genome, or buy-and-hold without one, over each phase as it was scored.

        Raises
        ------
        DataError
            When its candles are not there, or are not what the run began with.
        """
        return phase_backtests(self.plan().problem, genome)

    @property
    def _archive(self) -> tuple[Individual, ...]:
        population = self.history.last_population(self.name)
        return population.individuals if population else ()

    @cached_property
    def _plan(self) -> Plan:
        return planned_again(self.history.spec(self.name), self.source, own=self.own)

    @cached_property
    def _lines(self) -> dict[int, GenerationLine]:
        return {}

    @cached_property
    def _stability(self) -> dict[tuple[int, int], StabilityFindings | None]:
        return {}

    @cached_property
    def _judged(self) -> dict[tuple[int, Uncounted], Judged]:
        return {}


def species_of(population: Population | None) -> dict[str, int]:
    """Count the members of each species, the largest first."""
    names = [individual.genome.strategy for individual in population.individuals] if population else []
    counts = {name: names.count(name) for name in sorted(set(names))}
    return dict(sorted(counts.items(), key=lambda entry: -entry[1]))
