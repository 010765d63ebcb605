"""The leaderboard as a table that people read.

Every row is the figures of both spans, and beneath them the genes across the whole width. Figures stand
in columns of fixed width, so that no terminal makes a number wrap; in a narrow one the name of the
strategy has a line of its own.
"""

import textwrap
from collections.abc import Sequence
from itertools import islice

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.backtest.caveats import BOARD_MEASURES, reading_of, unread
from genepool.backtest.evaluation import Scored
from genepool.backtest.notation import ratio
from genepool.evolution.population import Individual
from genepool.genome_notation import compact_genes
from genepool.market.measures import Measures
from genepool.pool.judging import Judged
from genepool.robustness.luck import HeldBenchmark
from genepool.robustness.verdict_words import CHOSEN_BY
from genepool.strategies import seed_strategies

PLACES = 10
_WIDEST = 104
_RANK = 4
_NAME = 22
_SPAN = (("Sharpe", 7), ("return", 9), ("drawdown", 9), ("trades", 7))
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
    held = judged.hold, judged.short
    return board_table(judged.ranking.best_of_each, judged.candles_per_year, held, width=width, places=places)


def board_table(
    best_of_each: Sequence[tuple[int, Individual]],
    candles_per_year: float,
    benchmarks: Sequence[HeldBenchmark] = (),
    *,
    width: int = 100,
    places: int = PLACES,
) -> Table:
    """Return the best of each seed with the score that orders them and what they did on both spans.

    Ranks are those of the whole leaderboard: a converged run fills its first places with near twins, which
    are passed over.

    Parameters
    ----------
    best_of_each
        Place on the leaderboard and individual, by place.
    candles_per_year
        What their measures are annualised by.
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
    for rank, individual in islice(best_of_each, places):
        scored = individual.evaluation.scored
        if scored is None:
            continue
        line = Text(_row(rank, individual, scored, candles_per_year, full=full), "bold" if rank == 1 else "")
        genes = compact_genes(individual.genome, seed_strategies())
        for part in textwrap.wrap(genes, min(width, _WIDEST) - _RANK - 4, break_long_words=False):
            line.append(f"\n{' ' * _RANK}{part}", "not bold dim")
        table.add_row(line)
    if benchmarks:
        table.add_section()
        for held in benchmarks:
            table.add_row(Text(_benchmark(held, candles_per_year, full=full), "dim"))
    note = _note([one for _, one in best_of_each], bool(benchmarks), candles_per_year)
    for part in textwrap.wrap(note, min(width, _WIDEST) - _RANK - 4, break_on_hyphens=False):
        table.add_row(Text(f"{' ' * _RANK}{part}", "dim italic"))
    return table


def _note(board: Sequence[Individual], benchmarks: bool, per_year: float) -> str:
    note = f"Ordered by score: {CHOSEN_BY}. The first is the champion."
    if benchmarks:
        note += (
            " Walk-forward figures are those inside the folds; the whole span reaches from the first fold's "
            "first candle to the last one's last, the candles between folds included."
        )
    spans = next((one.spans for best in board if (one := best.evaluation.scored)), {})
    return note + "".join(f" No Sharpe {span}: {reason}." for span, reason in unread(spans, per_year).items())


def _heading(*, full: bool) -> Text:
    first = " " * (_RANK + _NAME * full) + _right_aligned([group for group, _, _ in _FIGURES], overflow=True)
    return Text(f"{first}\n{_line('#', 'strategy', [name for _, name, _ in _FIGURES], full=full)}", "dim")


def _row(rank: int, individual: Individual, scored: Scored, per_year: float, *, full: bool) -> str:
    figures = [text for measures in scored.spans.values() for text in _span(measures, per_year)]
    score = ratio(individual.evaluation.selection_score)
    return _line(str(rank), individual.genome.strategy, [score, *figures], full=full)


def _benchmark(held: HeldBenchmark, per_year: float, *, full: bool) -> str:
    inside = ["", *_span(held.in_sample, per_year), *_span(held.walk_forward, per_year)]
    whole = [""] * (1 + len(_SPAN)) + _span(held.whole, per_year)
    rows = {held.title: inside, "  over the whole span": whole}
    return "\n".join(_line("", name, figures, full=full) for name, figures in rows.items())


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


def _span(measures: Measures, per_year: float) -> list[str]:
    return [reading_of(name, measures, per_year).text for name in BOARD_MEASURES]
