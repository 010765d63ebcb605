"""The figures beside the measures, as tables that people read."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields

from rich import box
from rich.table import Table

from genepool.adapters.export.csv_table import timestamp
from genepool.adapters.report.notation import held_for
from genepool.backtest.caveats import caveats
from genepool.backtest.trade_statistics import TradeStatistics
from genepool.cli._measure_text import NONE, measure, measure_name, ratio, share
from genepool.market.measures import Measures
from genepool.robustness.appraisal import (
    BUY_AND_HOLD,
    SHORT_AND_HOLD,
    Appraisal,
    SharpeEvidence,
    sharpe_evidence,
)

# An interval as wide as this says nothing to the hundredth.
_WIDE = 100.0
BENCHMARKS = {BUY_AND_HOLD: "buy and hold", SHORT_AND_HOLD: "short and hold"}


def measures_table(columns: Sequence[Measures], appraisal: Appraisal, candles_per_year: float) -> Table:
    """Return each measure of the strategy beside those of holding and of holding short."""
    grid = _table("Measures", "measure", "strategy", *BENCHMARKS.values())
    proofs = [sharpe_evidence(column, candles_per_year) for column in columns]
    short = appraisal.too_short is not None
    for field in fields(Measures):
        values = (measure(field.name, getattr(column, field.name), too_short=short) for column in columns)
        grid.add_row(measure_name(field.name), *values)
        if field.name == "sharpe":
            grid.add_row("  95% interval", *map(_interval, proofs))
            grid.add_row("  probability above 0", *map(_probability, proofs))
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
    sides = appraisal.trades, appraisal.longs, appraisal.shorts
    for name, row in _trade_rows(sides):
        grid.add_row(name, *row)
    return grid


def against_table(appraisal: Appraisal) -> Table:
    """Return alpha, beta and so on against each benchmark."""
    grid = _table("Against", "", *(BENCHMARKS[name] for name in appraisal.against))
    found = list(appraisal.against.values())
    alphas = (NONE if appraisal.too_short else share(one.alpha) for one in found)
    grid.add_row("alpha a year", *alphas)
    grid.add_row("beta", *(ratio(one.beta) for one in found))
    grid.add_row("correlation", *(ratio(one.correlation) for one in found))
    grid.add_row("tracking error a year", *(share(one.tracking_error) for one in found))
    grid.add_row("information ratio", *(ratio(one.information_ratio) for one in found))
    return grid


def years_table(appraisal: Appraisal) -> Table:
    """Return one row a calendar year."""
    grid = _table(
        "By year (UTC), trades by when they ended",
        "year",
        "return",
        "drawdown",
        *BENCHMARKS.values(),
        "trades",
        "won",
    )
    for year in appraisal.years:
        rest = (share(year.benchmarks.get(name)) for name in BENCHMARKS)
        won = share(year.won / year.trades) if year.trades else NONE
        grid.add_row(
            str(year.year), share(year.total_return), share(year.max_drawdown), *rest, f"{year.trades:,}", won
        )
    return grid


def drawdowns_table(appraisal: Appraisal) -> Table:
    """Return the worst drawdowns with their dates."""
    grid = _table(
        "Worst drawdowns (UTC), candles under the peak", "depth", "peak", "trough", "recovered", "candles"
    )
    for one in appraisal.drawdowns:
        recovered = "not yet" if one.recovered is None else _minute(one.recovered)
        grid.add_row(share(one.depth), _minute(one.peak), _minute(one.trough), recovered, f"{one.candles:,}")
    return grid


def _trade_rows(sides: Sequence[TradeStatistics]) -> Iterable[tuple[str, list[str]]]:
    yield "trades", [f"{side.trades:,}" for side in sides]
    yield "won", [share(side.won / side.trades if side.trades else None) for side in sides]
    yield "compounded return", [share(side.total_return) for side in sides]
    for name in ("expectancy", "average_win", "average_loss"):
        yield measure_name(name), [share(asdict(side)[name]) for side in sides]
    yield "payoff (win / loss)", [ratio(side.payoff) for side in sides]
    yield "best", [share(side.best) for side in sides]
    yield "worst", [share(side.worst) for side in sides]
    yield "wins in a row", [f"{side.longest_winning_streak:,}" for side in sides]
    yield "losses in a row", [f"{side.longest_losing_streak:,}" for side in sides]
    yield "time held, mean", [held_for(side.mean_hours) for side in sides]
    yield "time held, median", [held_for(side.median_hours) for side in sides]
    yield "time held, longest", [held_for(side.longest_hours) for side in sides]
    yield "system quality number", [ratio(side.system_quality) for side in sides]


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


def _interval(evidence: SharpeEvidence | None) -> str:
    if evidence is None:
        return NONE
    digits = 0 if max(-evidence.low, evidence.high) >= _WIDE else 2
    return f"{evidence.low:,.{digits}f} to {evidence.high:,.{digits}f}"


def _probability(evidence: SharpeEvidence | None) -> str:
    return ratio(evidence.probability_above_zero if evidence else None)


def _minute(stamp: int) -> str:
    return timestamp(stamp)[:16].replace("T", " ")
