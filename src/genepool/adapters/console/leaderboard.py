"""The leaderboard as a table that people read.

Every row is two lines: the figures, and beneath them the genes across the whole width. Figures stand
in columns of fixed width, so that no terminal makes a number wrap.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.adapters.console.notation import percent, ratio
from genepool.evolution.population import Individual
from genepool.market.measures import Measures
from genepool.pool.judging import Judged
from genepool.strategies import seed_strategies
from genepool.strategies._notation import compact_genes

PLACES = 10
# A converged run fills its first places with near twins: people see the best of each seed instead.
PER_STRATEGY = 1
_WIDEST = 104
_RANK = 4
_NAME = 22
# Group, name, columns.
_FIGURES = (
    ("", "Sharpe", 6),
    ("in-sample", "return", 8),
    ("", "Sharpe", 8),
    ("walk-forward", "return", 8),
    ("", "Sharpe", 8),
    ("buy and hold", "return", 8),
    ("draw-", "down", 7),
    ("", "trades", 7),
)
_HOLD_SHARPE = 4
_FULL_FROM = _RANK + _NAME + sum(width for _, _, width in _FIGURES) + 2


def leaderboard_table(judged: Judged, *, width: int = 100, places: int = PLACES) -> Table:
    """Return the best individuals of each seed beside buy-and-hold; as ``board_table``."""
    return board_table(
        judged.board, judged.hold_in_sample, judged.hold_walk_forward, width=width, places=places
    )


def board_table(
    board: Sequence[Individual],
    hold_in_sample: Measures | None = None,
    hold_walk_forward: Measures | None = None,
    *,
    width: int = 100,
    places: int = PLACES,
) -> Table:
    """Return the best of each seed with what they did in sample, walk-forward, and against holding.

    Ranks are those of the whole leaderboard; where near twins are passed over, ranks are missing.

    Parameters
    ----------
    board
        Individuals by selection score, champion first.
    hold_in_sample, hold_walk_forward
        Measures of buying and holding on the same spans; None where the candles are not at hand.
    width
        Columns of the terminal, from 80 on; in narrow ones the Sharpe of holding is left out.
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
        figures = _figures(scored.in_sample, scored.walk_forward, hold_walk_forward)
        line = Text(
            _line(str(rank), individual.genome.strategy, figures, full=full), "bold" if rank == 1 else ""
        )
        genes = compact_genes(individual.genome, seed_strategies())
        for part in textwrap.wrap(genes, min(width, _WIDEST) - _RANK - 4, break_long_words=False):
            line.append(f"\n{' ' * _RANK}{part}", "not bold dim")
        table.add_row(line)
    if hold_in_sample and hold_walk_forward:
        table.add_section()
        holding = _figures(hold_in_sample, hold_walk_forward, None)
        table.add_row(Text(_line("", "buy and hold", holding, full=full), "dim"))
    return table


def _best_of_each(board: Sequence[Individual]) -> Iterator[tuple[int, Individual]]:
    shown: Counter[str] = Counter()
    for rank, individual in enumerate(board, start=1):
        shown[individual.genome.strategy] += 1
        if shown[individual.genome.strategy] <= PER_STRATEGY:
            yield rank, individual


def _heading(*, full: bool) -> Text:
    groups = [group for group, _, _ in _FIGURES]
    names = [name for _, name, _ in _FIGURES]
    if not full:
        # Without its Sharpe column the group's name loses half of its room.
        groups[_HOLD_SHARPE + 1] = "holding"
    first = " " * (_RANK + _NAME) + _right_aligned(groups, full=full, overflow=True)
    return Text(f"{first}\n{_line('#', 'strategy', names, full=full)}", "dim")


def _line(rank: str, name: str, figures: Sequence[str], *, full: bool) -> str:
    return f"{rank:>{_RANK - 1}} {name[: _NAME - 1]:<{_NAME}}{_right_aligned(figures, full=full)}"


def _right_aligned(cells: Sequence[str], *, full: bool, overflow: bool = False) -> str:
    """Put cells into their columns; an overflowing one runs into the empty one at its left."""
    line = ""
    for k, (cell, (_, _, width)) in enumerate(zip(cells, _FIGURES, strict=True)):
        if k == _HOLD_SHARPE and not full:
            continue
        end = len(line) + width
        line = line[: end - len(cell)] if overflow and cell else line
        line = line + cell.rjust(end - len(line))
    return line


def _figures(inside: Measures, outside: Measures, hold: Measures | None) -> list[str]:
    return [
        ratio(inside.sharpe),
        percent(inside.total_return, sign=True),
        ratio(outside.sharpe),
        percent(outside.total_return, sign=True),
        "" if hold is None else ratio(hold.sharpe),
        "" if hold is None else percent(hold.total_return, sign=True),
        percent(outside.max_drawdown),
        f"{outside.trades:,.0f}",
    ]
