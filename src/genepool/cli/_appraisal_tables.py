"""The figures beside the measures, as tables that people read."""

from collections.abc import Sequence
from dataclasses import fields

from rich import box
from rich.table import Table

from genepool.backtest.caveats import caveats, reading_of
from genepool.backtest.figure_rows import comparison_figures, drawdown_figures, trade_figures, year_figures
from genepool.cli._measure_text import measure_name
from genepool.market.measures import Measures
from genepool.market.moments import timestamp
from genepool.robustness.appraisal import (
    BUY_AND_HOLD,
    SHORT_AND_HOLD,
    Appraisal,
    interval,
    sharpe_evidence,
    sharpe_probability,
)

BENCHMARKS = {BUY_AND_HOLD: "buy and hold", SHORT_AND_HOLD: "short and hold"}


def measures_table(columns: Sequence[Measures], candles_per_year: float) -> Table:
    """Return each measure of the strategy beside those of holding and of holding short."""
    grid = _table("Measures", "measure", "strategy", *BENCHMARKS.values())
    proofs = [sharpe_evidence(column, candles_per_year) for column in columns]
    for field in fields(Measures):
        values = (reading_of(field.name, column, candles_per_year).text for column in columns)
        grid.add_row(measure_name(field.name), *values)
        if field.name == "sharpe":
            grid.add_row("  95% interval", *(interval(proof) for proof in proofs))
            grid.add_row("  probability above 0", *(sharpe_probability(proof) for proof in proofs))
    return grid


def footnotes(columns: Sequence[Measures], appraisal: Appraisal, candles_per_year: float) -> list[str]:
    """Return why measures are dashes or bounds, one line a reason, and what the probability does not know."""
    reasons: dict[str, list[str]] = {}
    for column in columns:
        for name, reason in caveats(column, candles_per_year).items():
            named = reasons.setdefault(reason, [])
            named += [measure_name(name)] if measure_name(name) not in named else []
    lines = [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]
    if any(column.liquidations for column in columns[1:]):
        lines.append(
            "short and hold: the venue closed it, as it does when prices double, and it stays flat since"
        )
    if appraisal.sharpe:
        lines.append("Sharpe: interval and probability know of one trial; the best of many trials needs more")
    return lines


def trades_table(appraisal: Appraisal) -> Table:
    """Return what the trades amount to, in all and by side."""
    grid = _table("Trades, as shares of the equity before each", "", "all", "long", "short")
    sides = [trade_figures(side) for side in (appraisal.trades, appraisal.longs, appraisal.shorts)]
    for name in sides[0]:
        grid.add_row(name, *(side[name] for side in sides))
    return grid


def against_table(appraisal: Appraisal) -> Table:
    """Return alpha, beta and so on against each benchmark."""
    grid = _table("Against", "", *(BENCHMARKS[name] for name in appraisal.against))
    short = appraisal.too_short is not None
    columns = [comparison_figures(one, too_short=short) for one in appraisal.against.values()]
    for name in columns[0]:
        grid.add_row(name, *(column[name] for column in columns))
    return grid


def years_table(appraisal: Appraisal) -> Table:
    """Return one row a calendar year."""
    rows = [(str(year.year), year_figures(year, BENCHMARKS)) for year in appraisal.years]
    grid = _table("By year (UTC), trades by when they ended", "year", *(rows[0][1] if rows else ()))
    for year, figures in rows:
        grid.add_row(year, *figures.values())
    return grid


def drawdowns_table(appraisal: Appraisal) -> Table:
    """Return the worst drawdowns with their dates."""
    grid = _table(
        "Worst drawdowns (UTC), candles under the peak", "depth", "peak", "trough", "recovered", "candles"
    )
    for one in appraisal.drawdowns:
        recovered = "not yet" if one.recovered is None else _minute(one.recovered)
        depth, candles = drawdown_figures(one)
        grid.add_row(depth, _minute(one.peak), _minute(one.trough), recovered, candles)
    return grid


def _table(title: str, *columns: str) -> Table:
    grid = Table(
        title=title,
        show_edge=False,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        header_style="dim",
        pad_edge=False,
    )
    for number, name in enumerate(columns):
        grid.add_column(name, justify="right" if number else "left", no_wrap=True)
    return grid


def _minute(stamp: int) -> str:
    return timestamp(stamp)[:16].replace("T", " ")
