"""One log line a generation, for users who read a file instead of a terminal."""

import structlog

from genepool.adapters.console.concluding import STEPS
from genepool.adapters.console.progress import Progress
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState, champion_of
from genepool.ports import Event, GenerationFinished, RunClosing, RunConcluding, RunEnded, RunStarted

# A long run is read in hundreds of parts; so many of them are worth a line.
_CLOSING_LINES = 10
_DIGEST = "reading the history for the digest"


class PlainLog:
    """``Watcher`` that logs one event when the run starts, per generation, when it ends, and a later step."""

    def __init__(self) -> None:
        self._log = structlog.get_logger()
        self._progress: Progress | None = None
        self._closing_line: int | None = None
        self._champion: Individual | None = None

    def __call__(self, event: Event) -> None:
        """Log what happens to a run; a line a batch would drown the generations."""
        match event:
            case RunStarted(spec, population, champion):
                self._started(spec, population, champion)
            case GenerationFinished(spec, record):
                self._finished(spec, record)
            case RunClosing(spec, read, generations):
                self._closing(spec, read, generations)
            case RunEnded(spec, state):
                self._ended(spec, state)
            case RunConcluding(spec, step) if step is not None:
                self._log.info("run_closing", run=spec.run, step=STEPS[step], done=0, of=0)

    def _started(self, spec: RunSpec, population: Population | None, champion: Individual | None) -> None:
        self._closing_line = None
        self._champion = champion
        self._progress = Progress(spec)
        if population is not None:
            self._progress.take(population)
        self._log.info(
            "run_started",
            run=spec.run,
            seed=spec.seed,
            symbol=spec.symbol,
            timeframe=spec.timeframe,
            candles=spec.candles,
            synthetic=spec.synthetic,
            objective=spec.objective,
            optimizer=spec.settings.optimizer,
            strategies=len(spec.strategies),
            population_size=spec.settings.population_size,
            generations=spec.settings.generations,
            resumed_after=population.generation if population else None,
        )

    def _finished(self, spec: RunSpec, record: GenerationRecord) -> None:
        progress = self._progress or Progress(spec)
        self._progress = progress
        progress.finish(record)
        self._champion = champion = champion_of(self._champion, record.newborn)
        self._log.info(
            "generation_finished",
            run=spec.run,
            generation=record.population.generation,
            generations=spec.settings.generations,
            best=_rounded(progress.best),
            median=_rounded(progress.middle),
            worst=_rounded(progress.worst),
            champion=champion.genome.fingerprint if champion else None,
            strategy=champion.genome.strategy if champion else None,
            champion_score=_rounded(champion.evaluation.selection_score if champion else None),
            evaluations=len(record.newborn),
            failures=sum(one.evaluation.scored is None for one in record.newborn),
            cache_hits=record.cache_hits,
            seconds=round(record.seconds, 3),
            evaluations_per_second=_rounded(progress.evaluations_per_second, 1),
            seconds_left=_rounded(progress.remaining, 1),
        )

    def _closing(self, spec: RunSpec, read: int, generations: int) -> None:
        line = _CLOSING_LINES * read // max(1, generations)
        if line != self._closing_line:
            self._closing_line = line
            self._log.info("run_closing", run=spec.run, step=_DIGEST, done=read, of=generations)

    def _ended(self, spec: RunSpec, state: RunState) -> None:
        progress = self._progress or Progress(spec)
        self._log.info(
            "run_finished",
            run=spec.run,
            state=state,
            generations=progress.finished,
            evaluations=progress.evaluations,
            cache_hits=progress.cache_hits,
            seconds=round(sum(seconds for _, seconds in progress.pace), 3),
        )


def _rounded(value: float | None, digits: int = 6) -> float | None:
    return None if value is None else round(value, digits)
