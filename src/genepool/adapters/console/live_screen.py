"""A screen that redraws itself while a run is bred."""

from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live

from genepool.adapters.console.progress import Progress
from genepool.adapters.console.screen_layout import screen_layout
from genepool.evolution.population import Population
from genepool.history import RunSpec
from genepool.ports import Event, GenerationAdvanced, GenerationFinished, RunClosing, RunEnded, RunStarted

_REDRAWS_PER_SECOND = 5


class LiveScreen:
    """``Watcher`` for a terminal; use it as a context manager, so that the cursor comes back.

    Parameters
    ----------
    console
        The terminal.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._live = Live(
            get_renderable=self._draw,
            console=console,
            refresh_per_second=_REDRAWS_PER_SECOND,
            transient=True,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def __call__(self, event: Event) -> None:
        """Draw what happens to a run."""
        match event:
            case RunStarted(spec, population):
                self._start(spec, population)
            case RunEnded():
                # The command that started the run prints what it amounts to.
                self._live.stop()
            case _ if self._progress is not None:
                self._move(event, self._progress)

    def _start(self, spec: RunSpec, population: Population | None) -> None:
        self._progress = Progress(spec)
        if population is not None:
            self._progress.take(population)
        self._live.start()

    def _move(self, event: Event, progress: Progress) -> None:
        match event:
            case GenerationAdvanced(done, asked):
                progress.done, progress.asked = done, asked
            case GenerationFinished(record=record):
                progress.finish(record)
                self._live.refresh()
            case RunClosing(read=read):
                progress.read = read
                self._live.refresh()

    def _draw(self) -> RenderableType:
        return screen_layout(self._progress, self._console.width) if self._progress else ""
