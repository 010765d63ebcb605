"""The report's figures are those of the spans that were scored, and read as what they are."""

from dataclasses import replace
from functools import cache

import pytest

from genepool.adapters.report.blocks import Section, TableBlock, TextBlock
from genepool.adapters.report.figures_section import figures_section, trade_statistics_table
from genepool.adapters.report.money_sections import trades_section
from genepool.adapters.report.notation import MINUS, NONE, measure
from genepool.adapters.report.write import render_report
from genepool.backtest.caveats import reading_of
from genepool.backtest.evaluation import Scored
from genepool.market.measures import RATIO_CAP
from genepool.pool.reporting import performance_of, report_data
from genepool.robustness.performance import Performance
from tests.fakes.bred_runs import bred_run


@cache
def scored() -> Scored:
    found = bred_run().judged.board[0].evaluation.scored
    assert found is not None
    return found


@cache
def performance() -> Performance:
    run = bred_run()
    return performance_of(run.plan.problem, run.judged.board[0].genome, scored())


def table(section: Section, title: str) -> TableBlock:
    return next(block for block in section.blocks if isinstance(block, TableBlock) and block.title == title)


def row(block: TableBlock, name: str) -> list[str]:
    return next([cell.value for cell in row.cells][1:] for row in block.rows if row.cells[0].value == name)


def test_both_spans_are_measured_as_they_were_scored() -> None:
    inside, outside = performance().spans
    judged = bred_run().judged
    assert (inside.measures[0], outside.measures[0]) == (scored().in_sample, scored().walk_forward)
    assert (inside.measures[1], outside.measures[1]) == (judged.hold.in_sample, judged.hold.walk_forward)
    for span in performance().spans:
        champion, found = span.measures[0], span.appraisal
        assert found.trades.trades == champion.trades
        assert found.trades.total_return == pytest.approx(champion.total_return, rel=1e-9)
        assert found.drawdowns[0].depth == pytest.approx(champion.max_drawdown, rel=1e-9)
        assert sum(year.trades for year in found.years) == champion.trades
        assert sum(year.candles for year in found.years) == champion.candles


def test_the_table_of_measures_has_three_columns_a_span() -> None:
    shown = table(figures_section(performance()), "")
    assert [name for name, _, _ in shown.groups] == ["", "in-sample", "walk-forward"]
    assert len(row(shown, "Sharpe")) == 6
    assert row(shown, "trades")[0] == f"{scored().in_sample.trades:,.0f}"
    long = [replace(span, candles_per_year=100.0) for span in performance().spans]
    shown = table(figures_section(replace(performance(), spans=tuple(long))), "")
    assert " to " in row(shown, "95% interval")[0]


def test_what_is_a_years_is_left_out_of_a_short_span_with_a_reason() -> None:
    section = figures_section(performance())
    assert row(table(section, ""), "annual return") == [NONE] * 6
    assert [cell.value for cell in table(section, "Against holding").rows[0].cells[3:]] == [NONE] * 3
    (said,) = (block.text for block in section.blocks if isinstance(block, TextBlock))
    assert "What is annualised is left out of in-sample: a year is not read from" in said
    assert row(table(section, ""), "Sharpe") == row(table(section, ""), "95% interval") == [NONE] * 6


def test_a_measure_reads_as_on_the_screen_but_for_a_true_minus() -> None:
    fallen = replace(scored().in_sample, sortino=-RATIO_CAP, total_return=-0.5)
    for name, written in {"sortino": f"under {MINUS}1,000", "total_return": f"{MINUS}50.0%"}.items():
        reading = reading_of(name, fallen, 1.0)
        assert measure(reading) == written == reading.text.replace("-", MINUS)


def test_each_drawdown_has_its_dates() -> None:
    rows = table(figures_section(performance()), "Worst drawdowns").rows
    spans = performance().spans
    assert len(rows) == sum(len(span.appraisal.drawdowns) for span in spans)
    assert all(cell.value for row in rows for cell in row.cells)


def test_trades_are_told_by_span_and_side() -> None:
    shown = trade_statistics_table(performance())
    counts = [int(text.replace(",", "")) for text in row(shown, "trades")]
    assert counts[0] == counts[1] + counts[2] == scored().in_sample.trades
    assert counts[3] == counts[4] + counts[5] == scored().walk_forward.trades


def test_the_best_trade_is_the_best_for_the_equity_it_began_with() -> None:
    grown = replace(performance().trades[0], result=0.5, opening_equity=10.0)
    small = replace(performance().trades[0], result=0.1, opening_equity=1.0)
    section = trades_section(replace(performance(), trades=(grown, small)))
    assert table(section, "Best trades").rows[0].cells[-1].value == "+10.00%"


def test_what_is_not_charged_stands_beside_the_costs() -> None:
    run = bred_run()
    data = report_data(run.summary, run.found, run.fetch, run.judged, run.plan.problem)
    assert "borrow of shares sold short" in render_report(data)
