"""Figures of money over time: equity by phase, drawdown, and what trading cost."""

from collections.abc import Sequence

import numpy as np

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.line import LineChart, line_chart
from genepool.adapters.report.charts.lines import Line
from genepool.adapters.report.charts.regions import Region
from genepool.adapters.report.charts.thinning import thinned
from genepool.adapters.report.charts.time_ticks import day, minute
from genepool.adapters.report.curves import drawdown
from genepool.adapters.report.notation import percent, plain_percent, ratio
from genepool.backtest.stretches import IN_SAMPLE, Stretch, joined
from genepool.market.candles import FloatArray, IntArray
from genepool.pool.report_data import ReportData
from genepool.robustness.performance import Performance

# A curve that more than doubles or halves is easier to read where equal ratios are equally high.
_LOG_FROM = 2.0
_READOUTS = 240


def equity_figure(data: ReportData, performance: Performance) -> str:
    """Draw equity against buy-and-hold, coloured by phase, with the sealed span hatched."""
    who = performance.subject
    stamps, equity = joined(performance.champion)
    hold_stamps, hold = joined(performance.hold)
    log = _uses_log(equity, hold)
    lines = [_curve(performance.hold, "hold", "buy and hold")]
    lines += _phase_lines(performance.champion, who)
    picks = _picks(len(stamps))
    readout = [
        (
            float(stamps[k]),
            (
                f"{minute(int(stamps[k]))} · {who} {_times(equity[k])} · "
                f"buy and hold {_times(float(np.interp(stamps[k], hold_stamps, hold)))}"
            ),
        )
        for k in picks
    ]
    return line_chart(
        LineChart(
            Caption(
                "equity",
                f"Equity of the {who} and of buy-and-hold",
                f"The {who} ends at {ratio(equity[-1])} times its opening equity, buy-and-hold at "
                f"{ratio(hold[-1])} times.",
            ),
            [line for line in lines if len(line.xs)],
            x_title="time (UTC)",
            y_title=f"equity, multiples of the start{' (log scale)' if log else ''}",
            y_text=_times,
            regions=phase_regions(data),
            log=log,
            include=(1.0,),
            height=380.0,
            readout=readout,
        )
    )


def drawdown_figure(data: ReportData, performance: Performance) -> str:
    """Draw how far champion and buy-and-hold are below their peaks."""
    who = performance.subject
    stamps, equity = joined(performance.champion)
    depths = drawdown(equity)
    hold_stamps, hold = joined(performance.hold)
    hold_depths = drawdown(hold)
    kept, hold_kept = thinned(depths), thinned(hold_depths)
    champion = Line(who, _floats(stamps[kept]), depths[kept], "forward", filled_to=0.0)
    resting = Line("buy and hold", _floats(hold_stamps[hold_kept]), hold_depths[hold_kept], "hold")
    readout = [
        (float(stamps[k]), f"{day(int(stamps[k]))} · {who} {percent(depths[k])} below its peak")
        for k in _picks(len(stamps))
    ]
    return line_chart(
        LineChart(
            Caption(
                "drawdown",
                f"Drawdown of the {who} and of buy-and-hold",
                f"At worst the {who} stands {percent(-depths.min())} below its peak, buy-and-hold "
                f"{percent(-hold_depths.min())}.",
            ),
            [resting, champion],
            x_title="time (UTC)",
            y_title="below the peak",
            y_text=plain_percent,
            regions=phase_regions(data),
            include=(0.0,),
            height=220.0,
            readout=readout,
        )
    )


def costs_figure(data: ReportData, performance: Performance) -> str:
    """Draw what the champion's trades have paid in fees and funding so far."""
    trades = performance.trades
    xs = np.array([data.stamps[0], *(trade.exit for trade in trades)], dtype=np.float64)
    fees = np.cumsum([0.0, *(trade.fees for trade in trades)])
    funding = np.cumsum([0.0, *(trade.funding for trade in trades)])
    kept = thinned(fees)
    lines = [Line("fees", xs[kept], fees[kept], "fees")]
    if np.any(funding):
        lines.append(Line("funding", xs[kept], funding[kept], "funding"))
    readout = [
        (float(xs[k]), f"{day(int(xs[k]))} · fees {percent(fees[k], 2)} · funding {percent(funding[k], 2)}")
        for k in _picks(len(xs))
    ]
    return line_chart(
        LineChart(
            Caption(
                "costs-paid",
                f"Fees and funding paid by the {performance.subject}",
                f"Fees add up to {percent(fees[-1], 2)} and funding to {percent(funding[-1], 2)} of the "
                "equity that each phase opened with.",
            ),
            lines,
            x_title="time (UTC)",
            y_title="paid so far, share of opening equity",
            y_text=plain_percent,
            regions=phase_regions(data),
            include=(0.0,),
            height=220.0,
            readout=readout,
        )
    )


def phase_regions(data: ReportData) -> list[Region]:
    """Return the phases as shaded spans; the sealed one's times are extrapolated, never read."""
    stamps, split = data.stamps, data.split
    spacing = float(stamps[-1] - stamps[0]) / max(len(stamps) - 1, 1)

    def at(candle: int) -> float:
        beyond = max(candle - (len(stamps) - 1), 0)
        return float(stamps[min(candle, len(stamps) - 1)]) + beyond * spacing

    regions = [Region(at(0), at(split.in_sample[1]), IN_SAMPLE, "in-sample")]
    for k, (start, stop) in enumerate(split.folds):
        regions.append(Region(at(start), at(stop), f"fold {k + 1}", "fold"))
    if split.length > split.visible:
        regions.append(Region(at(split.visible), at(split.length), "sealed", "sealed"))
    return regions


def _phase_lines(stretches: Sequence[Stretch], who: str) -> list[Line]:
    lines = []
    for k, stretch in enumerate(stretches):
        kept = thinned(stretch.equity, 500)
        name = who if k == len(stretches) - 1 else ""
        style = "forward" if stretch.out_of_sample else "past"
        lines.append(Line(name, _floats(stretch.stamps[kept]), stretch.equity[kept], style))
    return lines


def _curve(stretches: Sequence[Stretch], style: str, name: str) -> Line:
    stamps, equity = joined(stretches)
    kept = thinned(equity)
    return Line(name, _floats(stamps[kept]), equity[kept], style)


def _times(equity: float) -> str:
    return f"{equity:.3g}\N{MULTIPLICATION SIGN}"


def _uses_log(*curves: FloatArray) -> bool:
    lowest = min(float(curve.min()) for curve in curves)
    highest = max(float(curve.max()) for curve in curves)
    return lowest > 0 and highest / lowest > _LOG_FROM


def _picks(length: int) -> list[int]:
    return sorted(set(np.linspace(0, length - 1, min(length, _READOUTS)).astype(int).tolist()))


def _floats(stamps: IntArray) -> FloatArray:
    return np.asarray(stamps, dtype=np.float64)
