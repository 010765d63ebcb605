"""What a quant looks for: measures beside both ways of holding, years, drawdowns, trades by side."""

from collections.abc import Callable, Sequence

from genepool.adapters.report.blocks import Block, Column, Section, TableBlock, TableCell, TableRow, TextBlock
from genepool.adapters.report.charts.time_ticks import minute
from genepool.adapters.report.data import Performance, SpanFigures
from genepool.adapters.report.notation import NONE, count, held_for, measure, percent, ratio, signed_percent
from genepool.backtest.caveats import caveats
from genepool.backtest.comparison import Comparison
from genepool.backtest.drawdowns import Drawdown
from genepool.backtest.trade_statistics import TradeStatistics
from genepool.backtest.years import Year
from genepool.market.measures import Measures
from genepool.robustness.appraisal import BUY_AND_HOLD, SHORT_AND_HOLD, SharpeEvidence, sharpe_evidence

_BENCHMARKS = {BUY_AND_HOLD: "buy and hold", SHORT_AND_HOLD: "short and hold"}
_MEASURES = {
    "total_return": "total return",
    "annual_return": "annual return",
    "volatility": "volatility",
    "sharpe": "Sharpe",
    "sortino": "Sortino",
    "calmar": "Calmar",
    "max_drawdown": "max drawdown",
    "max_drawdown_candles": "longest under a peak, candles",
    "profit_factor": "profit factor",
    "win_rate": "won",
    "trades": "trades",
    "exposure": "exposure",
    "turnover": "turnover a year",
    "fees_paid": "fees paid",
    "funding_paid": "funding paid",
    "skew": "skew",
    "kurtosis": "kurtosis",
    "liquidations": "liquidations",
}


def figures_section(performance: Performance) -> Section:
    """Return measures, comparison, years and drawdowns of both spans."""
    spans = performance.spans
    note = (
        "Both ways of holding take their side with the whole equity at the first open of each span or fold, "
        "and change nothing after. A Sharpe ratio's interval and probability know of one trial; the champion "
        "is the best of many, for which the deflated Sharpe ratio stands at the top. "
        f"The first candle that could trade is {minute(performance.first_candle)} UTC."
    )
    blocks: list[Block] = [_measures(spans), *_reasons(spans), _against(spans), _years(spans)]
    if any(span.appraisal.drawdowns for span in spans):
        blocks.append(_drawdowns(spans))
    return Section("figures", "Risk and return", note, blocks)


def trade_statistics_table(performance: Performance) -> TableBlock:
    """Return what the trades amount to, by span and side."""
    sides = [
        side
        for span in performance.spans
        for side in (span.appraisal.trades, span.appraisal.longs, span.appraisal.shorts)
    ]
    rows = [
        TableRow((TableCell(name), *(TableCell(write(side)) for side in sides)))
        for name, write in _TRADE_ROWS.items()
    ]
    columns = (
        Column("", text=True),
        *(Column(side) for _ in performance.spans for side in ("all", "long", "short")),
    )
    return TableBlock(columns, rows, groups=_groups(performance.spans))


def _groups(spans: Sequence[SpanFigures]) -> list[tuple[str, int, bool]]:
    return [("", 1, True), *((span.name, 3, False) for span in spans)]


def _measures(spans: Sequence[SpanFigures]) -> TableBlock:
    rows = []
    for field, name in _MEASURES.items():
        rows.append(TableRow((TableCell(name), *(TableCell(text) for text in _across(spans, field)))))
        if field == "sharpe":
            proofs = [sharpe_evidence(one, span.candles_per_year) for span in spans for one in span.measures]
            rows += [
                _row("95% interval", proofs, _interval),
                _row("probability above 0", proofs, _probability),
            ]
    columns = (
        Column("", text=True),
        *(Column(name) for _ in spans for name in ("champion", "hold", "short")),
    )
    return TableBlock(columns, rows, groups=_groups(spans))


def _across(spans: Sequence[SpanFigures], field: str) -> list[str]:
    return [
        measure(field, getattr(one, field), too_short=span.appraisal.too_short is not None)
        for span in spans
        for one in span.measures
    ]


def _row(
    name: str, proofs: Sequence[SharpeEvidence | None], write: Callable[[SharpeEvidence], str]
) -> TableRow:
    return TableRow((TableCell(name), *(TableCell(write(proof) if proof else NONE) for proof in proofs)))


def _interval(proof: SharpeEvidence) -> str:
    return f"{ratio(proof.low)} to {ratio(proof.high)}"


def _probability(proof: SharpeEvidence) -> str:
    return ratio(proof.probability_above_zero)


def _reasons(spans: Sequence[SpanFigures]) -> list[TextBlock]:
    """Say why a dash or a bound stands in the table."""
    said = [
        f"What is a year's is left out of {span.name}: {span.appraisal.too_short}."
        for span in spans
        if span.appraisal.too_short
    ]
    said += [f"{' and '.join(names).capitalize()}, {reason}." for reason, names in _bounds(spans).items()]
    if any(span.measures[2].liquidations for span in spans):
        said.append("Short: the venue closed it, as it does when prices double, and it is flat from then on.")
    return [TextBlock(" ".join(said), small=True)] if said else []


def _bounds(spans: Sequence[SpanFigures]) -> dict[str, list[str]]:
    """Return names of measures that are only known to be beyond a bound, by the reason."""
    found: dict[str, list[str]] = {}
    for span in spans:
        for name, reason in (caveat for one in span.measures for caveat in _caveats(one, span)):
            if name not in found.setdefault(reason, []):
                found[reason].append(name)
    return found


def _caveats(measures: Measures, span: SpanFigures) -> list[tuple[str, str]]:
    every = caveats(measures, span.candles_per_year).items()
    return [(_MEASURES[field], reason) for field, reason in every if reason != span.appraisal.too_short]


def _against(spans: Sequence[SpanFigures]) -> TableBlock:
    columns = (
        Column("champion against", text=True),
        *map(Column, ("alpha a year", "beta", "correlation", "tracking error", "information ratio")),
    )
    rows = [
        _comparison(f"{_BENCHMARKS[name]}, {span.name}", found, short=span.appraisal.too_short is not None)
        for span in spans
        for name, found in span.appraisal.against.items()
    ]
    return TableBlock(columns, rows, "Against holding")


def _comparison(name: str, found: Comparison, *, short: bool) -> TableRow:
    return TableRow(
        (
            TableCell(name),
            TableCell(NONE if short else _signed(found.alpha)),
            TableCell(_ratio(found.beta)),
            TableCell(_ratio(found.correlation)),
            TableCell(_percent(found.tracking_error)),
            TableCell(_ratio(found.information_ratio)),
        )
    )


def _years(spans: Sequence[SpanFigures]) -> TableBlock:
    columns = (
        Column("year (UTC)", text=True),
        Column("span", text=True),
        *map(Column, ("return", "drawdown", "buy and hold", "short and hold", "trades", "won")),
    )
    rows = [_year(span.name, year) for span in spans for year in span.appraisal.years]
    return TableBlock(columns, rows, "By year")


def _year(span: str, year: Year) -> TableRow:
    return TableRow(
        (
            TableCell(str(year.year)),
            TableCell(span),
            TableCell(signed_percent(year.total_return), style="up" if year.total_return > 0 else "down"),
            TableCell(percent(year.max_drawdown)),
            *(TableCell(signed_percent(year.benchmarks[name])) for name in _BENCHMARKS),
            TableCell(count(year.trades)),
            TableCell(percent(year.won / year.trades) if year.trades else NONE),
        )
    )


def _drawdowns(spans: Sequence[SpanFigures]) -> TableBlock:
    columns = (
        Column("peak (UTC)", text=True),
        Column("trough", text=True),
        Column("recovered", text=True),
        Column("span", text=True),
        Column("candles under the peak"),
        Column("depth"),
    )
    rows = [_drawdown(span.name, one) for span in spans for one in span.appraisal.drawdowns]
    return TableBlock(columns, rows, "Worst drawdowns")


def _drawdown(span: str, one: Drawdown) -> TableRow:
    return TableRow(
        (
            TableCell(minute(one.peak)),
            TableCell(minute(one.trough)),
            TableCell("not yet" if one.recovered is None else minute(one.recovered)),
            TableCell(span),
            TableCell(count(one.candles)),
            TableCell(percent(one.depth)),
        )
    )


def _ratio(value: float | None) -> str:
    return NONE if value is None else ratio(value)


def _percent(value: float | None) -> str:
    return NONE if value is None else percent(value)


def _signed(value: float | None, digits: int = 1) -> str:
    return NONE if value is None else signed_percent(value, digits)


_TRADE_ROWS: dict[str, Callable[[TradeStatistics], str]] = {
    "trades": lambda side: count(side.trades),
    "won": lambda side: percent(side.won / side.trades) if side.trades else NONE,
    "compounded return": lambda side: signed_percent(side.total_return),
    "expectancy": lambda side: _signed(side.expectancy, 2),
    "average win": lambda side: _signed(side.average_win, 2),
    "average loss": lambda side: _signed(side.average_loss, 2),
    "payoff (win / loss)": lambda side: _ratio(side.payoff),
    "best": lambda side: _signed(side.best),
    "worst": lambda side: _signed(side.worst),
    "wins in a row": lambda side: count(side.longest_winning_streak),
    "losses in a row": lambda side: count(side.longest_losing_streak),
    "time held, mean": lambda side: held_for(side.mean_hours),
    "time held, median": lambda side: held_for(side.median_hours),
    "time held, longest": lambda side: held_for(side.longest_hours),
    "system quality number": lambda side: _ratio(side.system_quality),
}
