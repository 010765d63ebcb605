"""A screen that redraws itself while a run goes on."""

from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live

from genepool.adapters.console.progress import Progress
from genepool.adapters.console.screen_layout import screen_layout
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState

_REDRAWS_PER_SECOND = 5


class LiveScreen:
    """``Telemetry`` for a terminal; use it as a context manager, so that the cursor comes back.

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

    def run_started(
        self,
        spec: RunSpec,
        population: Population | None,
        champion: Individual | None = None,  # noqa: ARG002 - the port's
    ) -> None:
        """Begin to draw."""
        self._progress = Progress(spec)
        if population is not None:
            self._progress.take(population)
        self._live.start()

    def batch_finished(self, done: int, asked: int) -> None:
        """Move the bar of the running generation."""
        if self._progress is not None:
            self._progress.done, self._progress.asked = done, asked

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:  # noqa: ARG002 - the port's
        """Show the newest generation."""
        if self._progress is not None:
            self._progress.finish(record)
            self._live.refresh()

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:  # noqa: ARG002 - the port's
        """Move the bar of the history that is read for the digest."""
        if self._progress is not None:
            self._progress.read = read
            self._live.refresh()

    def run_finished(self, spec: RunSpec, state: RunState) -> None:  # noqa: ARG002 - the port's
        """Clear the screen: what the run amounts to is printed by whoever started it."""
        self._live.stop()

    def _draw(self) -> RenderableType:
        return screen_layout(self._progress, self._console.width) if self._progress else ""
