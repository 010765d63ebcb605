"""The leaderboard as a table that people read.

Every row is the figures of both spans, and beneath them the genes across the whole width. Figures stand
in columns of fixed width, so that no terminal makes a number wrap; in a narrow one the name of the
strategy has a line of its own.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.adapters.console.notation import percent, ratio
from genepool.backtest.evaluation import Scored
from genepool.evolution.population import Individual
from genepool.market.measures import Measures
from genepool.pool.judging import Judged
from genepool.robustness.luck import Held
from genepool.robustness.verdicts import CHOSEN_BY
from genepool.strategies import seed_strategies
from genepool.strategies._notation import compact_genes

PLACES = 10
# A converged run fills its first places with near twins: people see the best of each seed instead.
PER_STRATEGY = 1
_WIDEST = 104
_RANK = 4
_NAME = 22
_SPAN = (("Sharpe", 8), ("return", 8), ("drawdown", 9), ("trades", 7))
# Group, name, columns.
_FIGURES = (
    ("", "score", 7),
    *(("in-sample" * (k == len(_SPAN) - 1), *column) for k, column in enumerate(_SPAN)),
    *(("walk-forward" * (k == len(_SPAN) - 1), *column) for k, column in enumerate(_SPAN)),
)
# The table's own margin is a column on either side.
_FULL_FROM = _RANK + _NAME + sum(width for _, _, width in _FIGURES) + 2


def leaderboard_table(judged: Judged, *, width: int = 100, places: int = PLACES) -> Table:
    """Return the best individuals of each seed above what holding made; as ``board_table``."""
    return board_table(judged.board, (judged.hold, judged.short), width=width, places=places)


def board_table(
    board: Sequence[Individual],
    benchmarks: Sequence[Held] = (),
    *,
    width: int = 100,
    places: int = PLACES,
) -> Table:
    """Return the best of each seed with the score that orders them and what they did on both spans.

    Ranks are those of the whole leaderboard; where near twins are passed over, ranks are missing.

    Parameters
    ----------
    board
        Individuals by selection score, champion first.
    benchmarks
        Holding and short-holding; empty where the candles are not at hand.
    width
        Columns of the terminal, from 80 on.
    places
        Rows at most.
    """
    full = width >= _FULL_FROM
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=0, header_style="")
    table.add_column(_heading(full=full), no_wrap=True)
    for rank, individual in islice(_best_of_each(board), places):
        scored = individual.evaluation.scored
        if scored is None:
            continue
        line = Text(_row(rank, individual, scored, full=full), "bold" if rank == 1 else "")
        genes = compact_genes(individual.genome, seed_strategies())
        for part in textwrap.wrap(genes, min(width, _WIDEST) - _RANK - 4, break_long_words=False):
            line.append(f"\n{' ' * _RANK}{part}", "not bold dim")
        table.add_row(line)
    if benchmarks:
        table.add_section()
        for held in benchmarks:
            table.add_row(Text(_benchmark(held, full=full), "dim"))
    for part in textwrap.wrap(_note(bool(benchmarks)), min(width, _WIDEST) - _RANK - 4):
        table.add_row(Text(f"{' ' * _RANK}{part}", "dim italic"))
    return table


def _note(benchmarks: bool) -> str:
    note = f"Ordered by score: {CHOSEN_BY}. The first is the champion."
    if benchmarks:
        note += (
            " Walk-forward figures are those inside the folds; the whole span reaches from the first fold's "
            "first candle to the last one's last, the candles between folds included."
        )
    return note


def _best_of_each(board: Sequence[Individual]) -> Iterator[tuple[int, Individual]]:
    shown: Counter[str] = Counter()
    for rank, individual in enumerate(board, start=1):
        shown[individual.genome.strategy] += 1
        if shown[individual.genome.strategy] <= PER_STRATEGY:
            yield rank, individual


def _heading(*, full: bool) -> Text:
    first = " " * (_RANK + _NAME * full) + _right_aligned([group for group, _, _ in _FIGURES], overflow=True)
    return Text(f"{first}\n{_line('#', 'strategy', [name for _, name, _ in _FIGURES], full=full)}", "dim")


def _row(rank: int, individual: Individual, scored: Scored, *, full: bool) -> str:
    figures = [ratio(individual.evaluation.selection_score), *_span(scored.in_sample)]
    return _line(str(rank), individual.genome.strategy, [*figures, *_span(scored.walk_forward)], full=full)


def _benchmark(held: Held, *, full: bool) -> str:
    name = held.title
    inside = ["", *_span(held.in_sample), *_span(held.walk_forward)]
    whole = [""] * (1 + len(_SPAN)) + _span(held.whole)
    return f"{_line('', name, inside, full=full)}\n{_line('', '  over the whole span', whole, full=full)}"


def _line(rank: str, name: str, figures: Sequence[str], *, full: bool) -> str:
    first = f"{rank:>{_RANK - 1}} {name[: _NAME - 1]}"
    if full:
        return f"{first:<{_RANK + _NAME}}{_right_aligned(figures)}"
    return f"{first}\n{' ' * _RANK}{_right_aligned(figures)}"


def _right_aligned(cells: Sequence[str], *, overflow: bool = False) -> str:
    """Put cells into their columns; an overflowing one runs into the empty one at its left."""
    line = ""
    for cell, (_, _, width) in zip(cells, _FIGURES, strict=True):
        end = len(line) + width
        line = line[: end - len(cell)] if overflow and cell else line
        line = line + cell.rjust(end - len(line))
    return line


def _span(measures: Measures) -> list[str]:
    return [
        ratio(measures.sharpe),
        percent(measures.total_return, sign=True),
        percent(measures.max_drawdown),
        f"{measures.trades:,.0f}",
    ]
