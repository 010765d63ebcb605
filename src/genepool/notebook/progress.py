"""The progress of a run as one line, in a terminal and beneath a cell."""

from typing import TextIO

from genepool.adapters.console.progress import Progress
from genepool.notebook.changing_line import ChangingLine
from genepool.ports import (
    Event,
    GenerationAdvanced,
    GenerationFinished,
    RunClosing,
    RunConcluding,
    RunEnded,
    RunStarted,
)


class ProgressLine:
    """``Watcher`` that keeps one line up to date.

    Parameters
    ----------
    stream
        Where it is written; standard error where none is given.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._line = ChangingLine(stream)
        self._progress: Progress | None = None

    def __call__(self, event: Event) -> None:
        """Take what happens to a run; what happens to services is not shown."""
        match event:
            case RunStarted(spec, population, _):
                self._progress = Progress(spec)
                if population is not None:
                    self._progress.take(population)
            case GenerationAdvanced(done, asked) if self._progress:
                self._progress.done, self._progress.asked = done, asked
                self._line.show(self._sentence(self._progress))
            case GenerationFinished(_, record) if self._progress:
                self._progress.finish(record)
                self._line.show(self._sentence(self._progress))
            case RunClosing(_, read, generations):
                self._line.show(f"reading generation {read} of {generations} again, for the digest")
            case RunConcluding(_, step):
                self._line.show(f"{step} the run" if step else "")
            case RunEnded(spec, state):
                self._line.show(f"run {spec.run} is {state}")
                self._line.end()

    def _sentence(self, progress: Progress) -> str:
        parts = [f"generation {progress.finished} of {progress.spec.settings.generations}"]
        if progress.asked:
            parts.append(f"{progress.done} of {progress.asked} genomes")
        if progress.best is not None:
            parts.append(f"best {progress.best:.4g}")
        if progress.evaluations_per_second is not None:
            parts.append(f"{progress.evaluations_per_second:,.0f} genomes/s")
        if progress.remaining:
            parts.append(f"{progress.remaining:,.0f} s left")
        return " · ".join(parts)
