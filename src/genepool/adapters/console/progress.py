"""How a run is going: what its watcher was told so far, and what follows from it."""

from dataclasses import dataclass, field
from statistics import median

from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec

# The pace is that of the last few generations: species and lookbacks shift from generation to generation.
_RECENT = 5


@dataclass(slots=True)
class Progress:
    """A run as its watcher sees it.

    Parameters
    ----------
    spec
        The run.
    finished
        Generations recorded, those of earlier sessions included.
    best, middle, worst
        Fitness in the newest generation; None while nothing was scored.
    bests
        Best fitness of each generation of this session, oldest first.
    shares
        Members of each species in the newest generation.
    evaluations, cache_hits
        Of this session.
    done, asked
        Genomes of the running generation.
    read
        Generations that were read for the run's digest; None while it is bred.
    pace
        (evaluations, seconds) of this session's generations.
    """

    spec: RunSpec
    finished: int = 0
    best: float | None = None
    middle: float | None = None
    worst: float | None = None
    bests: list[float] = field(default_factory=list)
    shares: dict[str, int] = field(default_factory=dict)
    evaluations: int = 0
    cache_hits: int = 0
    done: int = 0
    asked: int = 0
    read: int | None = None
    pace: list[tuple[int, float]] = field(default_factory=list)

    def take(self, population: Population) -> None:
        """Keep what the screen shows of the newest population."""
        scores = [one.fitness for one in population.individuals if one.fitness is not None]
        self.finished = population.generation + 1
        self.best, self.worst = max(scores, default=None), min(scores, default=None)
        self.middle = median(scores) if scores else None
        names = [individual.genome.strategy for individual in population.individuals]
        self.shares = {name: names.count(name) for name in self.spec.strategies}
        if self.best is not None:
            self.bests.append(self.best)

    def finish(self, record: GenerationRecord) -> None:
        """Add a recorded generation to the counts and the pace."""
        self.take(record.population)
        self.evaluations += len(record.newborn)
        self.cache_hits += record.cache_hits
        self.pace.append((len(record.newborn), record.seconds))
        self.done = self.asked = 0

    @property
    def evaluations_per_second(self) -> float | None:
        """Pace of the last few generations; None before the first."""
        recent = self.pace[-_RECENT:]
        seconds = sum(each for _, each in recent)
        return sum(count for count, _ in recent) / seconds if seconds > 0 else None

    @property
    def remaining(self) -> float | None:
        """Seconds until the generations are done at this pace; None before the first is."""
        recent = self.pace[-_RECENT:]
        if not recent:
            return None
        each = sum(seconds for _, seconds in recent) / len(recent)
        share = self.done / self.asked if self.asked else 0.0
        return max(self.spec.settings.generations - self.finished - share, 0.0) * each
