"""The curves of a run, as far as they are there: what a picture that grows is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from genepool.history import RunSummary
from genepool.ports.run_curves import RunCurves
from genepool.robustness.luck import BestSoFar, LuckPoint, luck_points
from genepool.usecases.document import Document
from genepool.usecases.past_run import PastRun

POINTS_AT_MOST = 500
# A run of 50,000 evaluations takes some kilobytes.
_HELD_AT_MOST = 64


@dataclass(frozen=True, slots=True)
class RunPoints(Document):
    """Some generations of a run, column by column.

    Parameters
    ----------
    numbers
        Which generations.
    best, median, worst
        In-sample fitness of their members; None where nobody scored, or they were pruned.
    seconds
        How long each took.
    species
        Members by strategy, one object a generation.
    next
        What ``after`` is for the next ones; None behind the newest.
    """

    run: str
    numbers: Sequence[int]
    best: Sequence[float | None]
    median: Sequence[float | None]
    worst: Sequence[float | None]
    seconds: Sequence[float]
    species: Sequence[dict[str, int]]
    next: int | None


@dataclass(frozen=True, slots=True)
class LuckSoFar(Document):
    """The best in-sample Sharpe ratio so far beside what luck alone would show, after some evaluations."""

    run: str
    evaluations: Sequence[int]
    best: Sequence[float | None]
    expected_best: Sequence[float]


def run_points(past: PastRun, after: int = -1, most: int = POINTS_AT_MOST) -> RunPoints:
    """Return the generations after some number.

    Parameters
    ----------
    past
        The run.
    after
        Number of the newest generation that is known; -1 for none.
    most
        How many at most.
    """
    first = after + 1
    lines = past.generations(first, most)
    end = first + len(lines)
    return RunPoints(
        past.name,
        [line.number for line in lines],
        [line.best for line in lines],
        [line.median for line in lines],
        [line.worst for line in lines],
        [line.seconds for line in lines],
        [dict(line.species) for line in lines],
        end - 1 if end < past.summary.generations else None,
    )


@dataclass(slots=True)
class _Climb:
    """How the best rose in a run so far."""

    started: str
    generations: int = 0
    genomes: int = 0
    best: BestSoFar = field(default_factory=BestSoFar)


class LuckCurves:
    """Luck curves of runs, also of those that are bred: of each, only what is new is read.

    Parameters
    ----------
    history
        Where they are recorded.
    """

    def __init__(self, history: RunCurves) -> None:
        self._history = history
        self._climbs: dict[str, _Climb] = {}
        self._lock = Lock()

    def so_far(self, summary: RunSummary) -> LuckSoFar:
        """Return the curve of a run, column by column."""
        points = self.points(summary)
        return LuckSoFar(
            summary.spec.run,
            [point.evaluations for point in points],
            [point.best for point in points],
            [point.expected_best for point in points],
        )

    def points(self, summary: RunSummary) -> tuple[LuckPoint, ...]:
        """Return the curve of a run; no points of a run whose trials were pruned."""
        if summary.pruned_at is not None:
            return ()
        with self._lock:
            climb = self._climbed(summary)
            return luck_points(climb.best.steps, climb.genomes, _years(summary)) if climb.genomes else ()

    def _climbed(self, summary: RunSummary) -> _Climb:
        run = summary.spec.run
        climb = self._climbs.pop(run, None)
        # A run that was deleted may have a namesake.
        if climb is None or climb.started != summary.started_at:
            climb = _Climb(summary.started_at)
        for generation, sharpe in self._history.sharpes(run, climb.generations):
            climb.best.take(sharpe)
            climb.genomes += 1
            climb.generations = generation + 1
        self._climbs[run] = climb
        while len(self._climbs) > _HELD_AT_MOST:
            self._climbs.pop(next(iter(self._climbs)))
        return climb


def _years(summary: RunSummary) -> float:
    start, stop = summary.spec.split.apply(summary.spec.candles).in_sample
    return (stop - start) / summary.spec.annualised_by
