"""Sections about money: equity, drawdown, costs, months, trades."""

import math

from genepool.adapters.report.blocks import (
    Block,
    ChartBlock,
    Column,
    MonthCell,
    MonthsBlock,
    Section,
    TableBlock,
    TableCell,
    TableRow,
    TextBlock,
    YearRow,
)
from genepool.adapters.report.charts.time_ticks import minute
from genepool.adapters.report.curves import first_out_of_sample_month, monthly_returns, yearly_returns
from genepool.adapters.report.equity_figures import costs_figure, drawdown_figure, equity_figure
from genepool.adapters.report.figures_section import trade_statistics_table
from genepool.adapters.report.notation import count, hundredfold, percent, price, signed_percent
from genepool.backtest.stretches import ClosedTrade
from genepool.pool.report_data import ReportData
from genepool.robustness.performance import Performance

_EXTREMES = 5
# A class of the style sheet for each step: a page may allow no style beside its sheets.
_SHADES = 5
_TRADE_COLUMNS = (
    Column("entered (UTC)", text=True),
    Column("left (UTC)", text=True),
    Column("phase", text=True),
    Column("side", text=True),
    Column("left by", text=True),
    Column("entry price"),
    Column("exit price"),
    Column("fees"),
    Column("funding"),
    Column("result"),
)


def equity_section(data: ReportData, performance: Performance) -> Section:
    """Equity by phase, drawdown beneath it, then what trading cost."""
    sealed = data.split.length - data.split.visible
    note = (
        "Each walk-forward fold starts flat, with the equity before it. Breeding saw only the "
        "in-sample span; champions are chosen by the worse of in-sample and walk-forward. "
        "Buy and hold trades inside the same spans, and holds nothing between them. "
    )
    if sealed:
        note += f"The last {count(sealed)} candles are sealed: no result on this page was computed from them."
    charts: list[Block] = [
        ChartBlock(equity_figure(data, performance)),
        ChartBlock(drawdown_figure(data, performance), "Drawdown"),
    ]
    # Where the spread is the only cost there is nothing to draw: it is in the prices of the fills.
    if any(trade.fees or trade.funding for trade in performance.trades):
        charts.append(ChartBlock(costs_figure(data, performance), "What trading cost"))
    return Section("equity-by-phase", "Equity by phase", note, charts)


def months_section(performance: Performance) -> Section:
    """Monthly returns, shaded by size."""
    who = performance.subject
    months, hold = monthly_returns(performance.champion), monthly_returns(performance.hold)
    largest = max((abs(value) for value in months.values()), default=0.0) or 1.0
    outside = first_out_of_sample_month(performance.champion)
    totals, hold_totals = yearly_returns(months), yearly_returns(hold)
    years = [
        YearRow(
            str(year),
            [_month(months.get((year, month)), (year, month), largest, outside) for month in range(1, 13)],
            signed_percent(totals[year]),
            signed_percent(hold_totals.get(year, 0.0)),
        )
        for year in sorted(totals)
    ]
    note = (
        f"The {who}'s return by calendar month in percent; months with a line beneath reach into the "
        f"walk-forward span. Holding is measured inside the same spans: like the {who} it is out of the "
        "market between two folds, so a year of it is not the market's year."
    )
    return Section("monthly-returns", "Monthly returns", note, [MonthsBlock(years)])


def trades_section(performance: Performance) -> Section:
    """Trades in sum, then the best and the worst."""
    trades = performance.trades
    note = (
        "Results are after fees and funding, as shares of the equity before each trade. "
        "Time held is by the clock."
    )
    if not trades:
        return Section(
            "trades",
            "Trades",
            "",
            [TextBlock(f"The {performance.subject} never traded on the visible candles.")],
        )
    ordered = sorted(trades, key=lambda trade: (-_share(trade, trade.result), trade.entry))
    half = min(_EXTREMES, max(len(ordered) // 2, 1))
    blocks: list[Block] = [trade_statistics_table(performance), _trades("Best trades", ordered[:half])]
    if len(ordered) > half:
        blocks.append(_trades("Worst trades", ordered[::-1][:half]))
    return Section("trades", "Trades", note, blocks)


def _month(
    value: float | None, month: tuple[int, int], largest: float, outside: tuple[int, int] | None
) -> MonthCell | None:
    if value is None:
        return None
    # The square root lifts small months out of the paper's white.
    share = 0.9 * math.sqrt(abs(value) / largest)
    style = "gain" if value >= 0 else "loss"
    step = _SHADES * math.ceil(100 * share / _SHADES)
    return MonthCell(hundredfold(value), style, step, outside is not None and month >= outside)


def _share(trade: ClosedTrade, money: float) -> float:
    return money / trade.opening_equity


def _trades(title: str, trades: list[ClosedTrade]) -> TableBlock:
    return TableBlock(_TRADE_COLUMNS, [_trade(trade) for trade in trades], title)


def _trade(trade: ClosedTrade) -> TableRow:
    return TableRow(
        (
            TableCell(minute(trade.entry)),
            TableCell(minute(trade.exit)),
            TableCell(trade.phase),
            TableCell("long" if trade.side > 0 else "short"),
            TableCell(trade.reason),
            TableCell(price(trade.entry_price)),
            TableCell(price(trade.exit_price)),
            TableCell(percent(_share(trade, trade.fees), 2)),
            TableCell(percent(_share(trade, trade.funding), 2)),
            TableCell(
                signed_percent(_share(trade, trade.result), 2), style="up" if trade.result > 0 else "down"
            ),
        )
    )
