"""What a quant looks for: measures beside both ways of holding, years, drawdowns, trades by side."""

from collections.abc import Sequence

from genepool.adapters.report.blocks import Block, Column, Section, TableBlock, TableCell, TableRow, TextBlock
from genepool.adapters.report.charts.time_ticks import minute
from genepool.adapters.report.notation import typeset
from genepool.backtest.caveats import caveats, reading_of
from genepool.backtest.drawdowns import Drawdown
from genepool.backtest.figure_rows import comparison_figures, drawdown_figures, trade_figures, year_figures
from genepool.backtest.years import Year
from genepool.market.measures import Measures
from genepool.robustness.appraisal import (
    BUY_AND_HOLD,
    SHORT_AND_HOLD,
    interval,
    sharpe_evidence,
    sharpe_probability,
)
from genepool.robustness.performance import CHAMPION, Performance, SpanFigures

_BENCHMARKS = {BUY_AND_HOLD: "buy and hold", SHORT_AND_HOLD: "short and hold"}
MEASURES = {
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

# What sets a Sharpe ratio apart from the one trial that its interval knows of.
_OF_MANY = {CHAMPION: "is the best of many, for which the deflated Sharpe ratio stands at the top"}


def figures_section(performance: Performance) -> Section:
    """Return measures, comparison, years and drawdowns of both spans."""
    spans, who = performance.spans, performance.subject
    note = (
        "Both ways of holding take their side with the whole equity at the first open of each span or fold, "
        f"and change nothing after. A Sharpe ratio's interval and probability know of one trial; the {who} "
        f"{_OF_MANY.get(who, 'is one of many')}. "
        f"The first candle that could trade is {minute(performance.first_candle)} UTC."
    )
    blocks: list[Block] = [_measures(spans, who), *_reasons(spans), _against(spans, who), _years(spans)]
    if any(span.appraisal.drawdowns for span in spans):
        blocks.append(_drawdowns(spans))
    return Section("figures", "Risk and return", note, blocks)


def trade_statistics_table(performance: Performance) -> TableBlock:
    """Return what the trades amount to, by span and side."""
    sides = [
        trade_figures(side)
        for span in performance.spans
        for side in (span.appraisal.trades, span.appraisal.longs, span.appraisal.shorts)
    ]
    rows = [_written([name, *(side[name] for side in sides)]) for name in sides[0]]
    columns = (
        Column("", text=True),
        *(Column(side) for _ in performance.spans for side in ("all", "long", "short")),
    )
    return TableBlock(columns, rows, groups=_groups(performance.spans))


def _written(cells: Sequence[str]) -> TableRow:
    """Return a row of a name and figures that are written already."""
    name, *figures = cells
    return TableRow((TableCell(name), *(TableCell(typeset(figure)) for figure in figures)))


def _groups(spans: Sequence[SpanFigures]) -> list[tuple[str, int, bool]]:
    return [("", 1, True), *((span.name, 3, False) for span in spans)]


def _measures(spans: Sequence[SpanFigures], who: str) -> TableBlock:
    rows = []
    for field, name in MEASURES.items():
        rows.append(_written([name, *_across(spans, field)]))
        if field == "sharpe":
            proofs = [sharpe_evidence(one, span.candles_per_year) for span in spans for one in span.measures]
            rows += [
                _written(["95% interval", *map(interval, proofs)]),
                _written(["probability above 0", *map(sharpe_probability, proofs)]),
            ]
    columns = (
        Column("", text=True),
        *(Column(name) for _ in spans for name in (who, "hold", "short")),
    )
    return TableBlock(columns, rows, groups=_groups(spans))


def _across(spans: Sequence[SpanFigures], field: str) -> list[str]:
    return [reading_of(field, one, span.candles_per_year).text for span in spans for one in span.measures]


def _reasons(spans: Sequence[SpanFigures]) -> list[TextBlock]:
    """Say why a dash or a bound stands in the table."""
    said = [
        f"What is annualised is left out of {span.name}: {span.appraisal.too_short}."
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
    return [(MEASURES[field], reason) for field, reason in every if reason != span.appraisal.too_short]


def _against(spans: Sequence[SpanFigures], who: str) -> TableBlock:
    rows = {
        f"{_BENCHMARKS[name]}, {span.name}": comparison_figures(
            found, too_short=span.appraisal.too_short is not None
        )
        for span in spans
        for name, found in span.appraisal.against.items()
    }
    names = next(iter(rows.values()), {})
    columns = (Column(f"{who} against", text=True), *map(Column, names))
    return TableBlock(
        columns, [_written([name, *row.values()]) for name, row in rows.items()], "Against holding"
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
    total, *others = map(typeset, year_figures(year, _BENCHMARKS).values())
    style = "up" if year.total_return > 0 else "down"
    cells = (TableCell(str(year.year)), TableCell(span), TableCell(total, style=style))
    return TableRow((*cells, *map(TableCell, others)))


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
    depth, candles = drawdown_figures(one)
    recovered = "not yet" if one.recovered is None else minute(one.recovered)
    texts = (minute(one.peak), minute(one.trough), recovered, span, candles, depth)
    return TableRow([TableCell(text) for text in texts])
