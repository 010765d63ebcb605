"""The live screen as a picture of a run's progress; fits 80 columns and 24 lines."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from genepool.adapters.console.notation import span
from genepool.adapters.console.progress import Progress
from genepool.adapters.console.sparkline import sparkline
from genepool.backtest.notation import ratio

_MARGIN = 2
_ACCENT = "cyan"
_WIDEST = 116
_NAME = 22
_LABEL = 13
_VALUE = 12
_TWO_COLUMNS_FROM = 76
# While it is bred, and while the history is read for its digest.
_HINTS = (
    "Ctrl-C finishes the batch, records it, and says how to resume.",
    "All generations are recorded; the history is read for the run's digest.",
)


def screen_layout(progress: Progress, width: int) -> RenderableType:
    """Draw the screen.

    Parameters
    ----------
    progress
        How the run is going.
    width
        Columns of the terminal.
    """
    inner = max(min(width, _WIDEST) - 2 * _MARGIN, 20)
    parts = [
        _head(progress, inner),
        Text(),
        _bars(progress, inner),
        Text(),
        _numbers(progress, inner),
        Text(),
        _species(progress, inner),
        Text(),
        Text(_HINTS[progress.read is not None], style="dim"),
    ]
    return Padding(Group(*parts), (1, _MARGIN, 0, _MARGIN))


def _head(progress: Progress, inner: int) -> RenderableType:
    spec = progress.spec
    head = Table.grid(expand=False)
    head.add_column(width=inner - 12, no_wrap=True, overflow="ellipsis")
    head.add_column(width=12, justify="right", no_wrap=True)
    market = f"{spec.symbol} {spec.timeframe} · {spec.candles:,} candles · {spec.objective}"
    name = Text.assemble((spec.run, "bold"), ("  " + market, "dim"))
    head.add_row(name, Text("synthetic", style="yellow") if spec.synthetic else Text(""))
    return head


def _bars(progress: Progress, inner: int) -> RenderableType:
    generations = progress.spec.settings.generations
    bars = Table.grid(padding=(0, 1))
    bars.add_column(width=_LABEL, no_wrap=True)
    bars.add_column(width=_VALUE + 2, justify="right", no_wrap=True)
    bars.add_column(width=inner - _LABEL - _VALUE - 18, no_wrap=True)
    bars.add_column(width=13, justify="right", no_wrap=True)
    remaining = Text(f"{span(progress.remaining)} left", style="dim")
    bars.add_row(
        "generation", f"{progress.finished} of {generations}", _bar(progress.finished, generations), remaining
    )
    name, done, asked = _under_way(progress)
    bars.add_row(name, f"{done} of {asked}" if asked else "", _bar(done, asked), "")
    return bars


def _under_way(progress: Progress) -> tuple[str, int, int]:
    if progress.read is not None:
        return "digest", progress.read, progress.finished
    return "this one", progress.done, progress.asked


def _bar(done: int, asked: int) -> ProgressBar:
    return ProgressBar(
        total=max(asked, 1),
        completed=done,
        complete_style=_ACCENT,
        finished_style=_ACCENT,
        style="bright_black",
    )


def _numbers(progress: Progress, inner: int) -> RenderableType:
    numbers = Table.grid(padding=(0, 1))
    numbers.add_column(width=_LABEL, no_wrap=True)
    numbers.add_column(width=_VALUE + 2, justify="right", no_wrap=True)
    numbers.add_column(width=max(inner - 2 * _LABEL - 2 * _VALUE - 8, 4), no_wrap=True)
    numbers.add_column(width=_LABEL, no_wrap=True)
    numbers.add_column(width=_VALUE, justify="right", no_wrap=True)
    room = max(inner - 2 * _LABEL - 2 * _VALUE - 8, 4)
    pace = progress.evaluations_per_second
    line = Text(sparkline(progress.bests, room - 2), style=_ACCENT)
    numbers.add_row(
        "best fitness",
        Text(ratio(progress.best), style="bold"),
        line,
        "evaluations",
        f"{progress.evaluations:,}",
    )
    numbers.add_row("median", ratio(progress.middle), "", "a second", f"{pace:,.0f}" if pace else ratio(None))
    numbers.add_row("worst", ratio(progress.worst), "", "cache hits", f"{progress.cache_hits:,}")
    return numbers


def _species(progress: Progress, inner: int) -> RenderableType:
    names = list(progress.spec.strategies)
    columns = 2 if inner >= _TWO_COLUMNS_FROM - 2 * _MARGIN and len(names) > 1 else 1
    rows = -(-len(names) // columns)
    width = (inner - 2 * (columns - 1)) // columns
    most = max(progress.shares.values(), default=0)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(columns):
        table.add_column(width=width, no_wrap=True)
    for row in range(rows):
        table.add_row(*(_share(progress, name, most, width) for name in names[row::rows]))
    return table


def _share(progress: Progress, name: str, most: int, width: int) -> Text:
    members = progress.shares.get(name, 0)
    room = max(width - _NAME - 5, 1)
    length = round(members / most * room) if most else 0
    text = Text(f"{name[:_NAME]:<{_NAME}}", style="" if members == most and most else "dim")
    text.append(f"{members:>3} ", style="not dim")
    text.append("█" * max(length, 1 if members else 0), style=f"not dim {_ACCENT}")
    return text
