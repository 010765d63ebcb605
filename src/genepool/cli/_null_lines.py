"""What a terminal shows of null searches: while they are made, and what they amount to."""

from collections.abc import Sequence
from statistics import median
from types import TracebackType
from typing import Self

from rich.console import Console

from genepool.backtest.notation import DASH
from genepool.history import NullSearch
from genepool.robustness.null_test import CONFIDENCE
from genepool.robustness.search_statistics import DEFAULT_STATISTIC
from genepool.usecases.null_document import NullEvolution, statistic_words

_WIDTH = 50
_RUN = "▲"


class NullProgress:
    """Tells each null as it ends: in one moving line on a terminal, in a line each anywhere else.

    Parameters
    ----------
    console
        Where to.
    count
        How many are wanted.
    """

    def __init__(self, console: Console, count: int) -> None:
        self._console = console
        self._count = count
        self._line = console.status(f"nulls       0 of {count}") if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._line is not None:
            self._line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.stop()

    def __call__(self, null: NullSearch, done: int) -> None:
        """Tell of one."""
        found = _figure(null.figures.get(DEFAULT_STATISTIC))
        said = f"null {done} of {self._count}: {found}, {null.trials:,} genomes"
        if self._line is not None:
            self._line.update(f"nulls       {said}")
        else:
            self._console.print(said, markup=False)


def null_lines(nulls: NullEvolution) -> dict[str, str]:
    """Return what null searches amount to, by the word that each line begins with."""
    low, high = nulls.interval
    return {
        "nulls": f"{nulls.count} by {nulls.generator}, {nulls.null_trials:,} genomes, counted apart",
        "compared": f"{statistic_words(nulls.statistic)}: {_figure(nulls.figure)} here; without an "
        f"edge {_range(nulls.null_figures)}",
        "": _picture(nulls.figure, nulls.null_figures),
        "p-value": f"{nulls.p_value:.3g}, the smallest that so many can give is {nulls.smallest_p:.3g}"
        f"{_corrected(nulls)}; "
        f"{nulls.reached} of {nulls.count} nulls are as good ({CONFIDENCE:.0%} interval of that "
        f"share: {low:.1%} to {high:.1%})",
        "says": nulls.sentence,
    }


def _corrected(nulls: NullEvolution) -> str:
    if nulls.searches == 1:
        return ""
    searches = f"the {nulls.searches} searches of these candles"
    return f", corrected for {searches} (Holm) it is {nulls.p_corrected:.3g}"


def _range(figures: Sequence[float | None]) -> str:
    scored = [one for one in figures if one is not None]
    if not scored:
        return "none scored"
    return f"{_figure(min(scored))} to {_figure(max(scored))}, median {_figure(median(scored))}"


def _picture(figure: float | None, figures: Sequence[float | None]) -> str:
    """Return the nulls' figures on a line, a digit where several fall together, and the run's among them."""
    scored = [one for one in figures if one is not None]
    ends = [*scored, *([] if figure is None else [figure])]
    if len(set(ends)) < 2:  # noqa: PLR2004 - one point makes no line
        return ""
    low, high = min(ends), max(ends)
    counts = [0] * _WIDTH
    for one in scored:
        counts[_cell(one, low, high)] += 1
    cells = ["·" if count == 0 else str(min(count, 9)) for count in counts]
    if figure is not None:
        cells[_cell(figure, low, high)] = _RUN
    return f"{_figure(low)} {''.join(cells)} {_figure(high)}   {_RUN} this run, digits are nulls"


def _cell(figure: float, low: float, high: float) -> int:
    return round((figure - low) / (high - low) * (_WIDTH - 1))


def _figure(figure: float | None) -> str:
    return DASH if figure is None else f"{figure:.2f}"
