"""Figures of a fleet: joint equity with what may follow, correlations, shares."""

import numpy as np

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.heat_map import Cell, heat_map
from genepool.adapters.report.charts.line import LineChart, line_chart
from genepool.adapters.report.charts.lines import Band, Line
from genepool.adapters.report.charts.time_ticks import day
from genepool.adapters.report.notation import NONE, percent, ratio
from genepool.market.candles import FloatArray
from genepool.market.moments import nanoseconds
from genepool.market.timeframes import YEAR
from genepool.portfolio.clocks import PERIODS_A_YEAR
from genepool.portfolio.forecast import Forecast
from genepool.usecases.fleet_document import FleetPortfolio

_WIDE, _NARROW, _MIDDLE = ("0.05", "0.95"), ("0.25", "0.75"), "0.5"
_LONGEST_NAME = 11


def joint_equity_figure(found: FleetPortfolio) -> str:
    """Draw the account out of sample, and behind it what may follow once luck is taken off."""
    account = found.account
    stamps = np.array([nanoseconds(one) for one in account.times], dtype=np.float64)
    equity = np.array(account.equity)
    ahead = _ahead(found, stamps[-1], found.deflated)
    honest, shown = (_band(one, _MIDDLE) * equity[-1] for one in (found.deflated, found.recorded))
    readout = [
        (float(stamp), f"{day(int(stamp))} · {ratio(value)} times the start, out of sample")
        for stamp, value in zip(stamps.tolist(), equity.tolist(), strict=True)
    ]
    low, high = (_band(found.deflated, name) * equity[-1] for name in _WIDE)
    readout += [
        (float(stamp), f"{day(int(stamp))} · nine of ten paths between {ratio(low[k])} and {ratio(high[k])}")
        for k, stamp in enumerate(ahead.tolist())
    ]
    return line_chart(
        LineChart(
            Caption(
                "joint-equity",
                "Equity of the joint account, and what may follow",
                f"The account ends at {ratio(equity[-1])} times its start. A year on, nine of ten paths lie "
                f"between {ratio(low[-1])} and {ratio(high[-1])} times, once luck is taken off.",
            ),
            [
                Line("as recorded", ahead, shown, "hold"),
                Line("less luck", ahead, honest, "past"),
                Line("", stamps, equity, "forward"),
            ],
            x_title="time (UTC); the bands are a year that nobody has seen",
            y_title="equity, multiples of the start",
            y_text=lambda value: f"{value:g}\N{MULTIPLICATION SIGN}",
            bands=[_between(ahead, found.deflated, pair, equity[-1]) for pair in (_WIDE, _NARROW)],
            include=(1.0,),
            height=380.0,
            readout=readout,
        )
    )


def correlation_figure(found: FleetPortfolio) -> str:
    """Draw the correlations of all pairs at the account's clock."""
    told = found.together.by_clock.get(found.terms.clock)
    names = [one.name for one in found.bots]
    matrix = told.matrix if told else []
    last = len(names) - 1
    cells = [
        Cell(
            column,
            last - row,
            value if row != column else None,
            ratio(value),
            f"{names[row]}, {names[column]}",
        )
        for row, line in enumerate(matrix)
        for column, value in enumerate(line)
    ]
    return heat_map(
        Caption(
            "correlation",
            f"Correlation by {found.terms.clock}",
            f"Mean of all pairs {ratio(told.mean if told else None)}.",
        ),
        cells,
        ("", [_short(name) for name in names]),
        ("", [_short(name) for name in reversed(names)]),
    )


def shares_figure(found: FleetPortfolio) -> str:
    """Draw the share of each bot by each weighting; the rows that were chosen are framed."""
    ways = list(reversed(found.compared))
    names = list(ways[0].shares)
    cells = [
        Cell(
            column,
            row,
            way.shares[name],
            percent(way.shares[name], 0) if way.shares[name] else NONE,
            f"{name}, {_words(way.weights)}: {percent(way.shares[name])}",
            marked=way.weights == found.terms.weights,
        )
        for row, way in enumerate(ways)
        for column, name in enumerate(names)
    ]
    return heat_map(
        Caption(
            "shares", "Shares of the account by each weighting", "The weighting that was chosen is framed."
        ),
        cells,
        ("", [_short(name) for name in names]),
        ("", [_words(way.weights) for way in ways]),
    )


def _between(ahead: FloatArray, told: Forecast, pair: tuple[str, str], start: float) -> Band:
    low, high = (_band(told, name) * start for name in pair)
    return Band(ahead, low, high, "middle")


def _band(told: Forecast, name: str) -> FloatArray:
    return np.array(told.bands[name])


def _ahead(found: FleetPortfolio, last: float, told: Forecast) -> FloatArray:
    return last + np.array(told.steps) * (YEAR / PERIODS_A_YEAR[found.terms.clock])


def _words(name: str) -> str:
    return {"inverse_volatility": "inv. vol.", "hrp": "HRP", "kelly": "Kelly"}.get(
        name, name.replace("_", " ")
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
