"""The report of small real runs: whole, honest, and in need of nothing else."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from genepool.adapters.report.blocks import TableBlock
from genepool.adapters.report.curves import drawdown, monthly_returns, yearly_returns
from genepool.adapters.report.leaderboard_section import leaderboard_section
from genepool.adapters.report.lineage import changes
from genepool.adapters.report.notation import percent, ratio
from genepool.adapters.report.page import genome_sections
from genepool.adapters.report.write import render_report, write_report
from genepool.backtest.stretches import joined
from genepool.errors import ConfigError
from genepool.market.costs import CostModel
from genepool.pool.ancestry import ancestry
from genepool.pool.checking import neighbourhood_of
from genepool.pool.report_data import ReportData
from genepool.pool.reporting import performance_of, report_data
from genepool.strategies import seed_strategies
from tests.fakes.bred_runs import BredRun, bred_run, failed_run, with_another_future
from tests.fakes.svg import drawing, points_outside

SECTIONS = (
    "Equity by phase", "Monthly returns", "Risk and return", "Luck", "Leaderboard", "The search",
    "Neighbourhood", "Family tree", "The champion's genes", "Trades", "The rules of the run", "Provenance",
)  # fmt: skip
CHARTS = ("equity", "drawdown", "costs-paid", "luck", "fitness", "species", "neighbourhood", "family")
VOID = {"meta"}


def data_of(run: BredRun) -> ReportData:
    around = neighbourhood_of(run.plan.problem, run.found, run.fetch, lambda *_: None)
    return report_data(run.summary, run.found, run.fetch, run.judged, run.plan.problem, around=around)


def as_if_long(data: ReportData) -> ReportData:
    """Return the same report, as if its spans were long enough for what is annualised."""
    assert data.performance is not None
    spans = tuple(
        replace(span, appraisal=replace(span.appraisal, too_short=None)) for span in data.performance.spans
    )
    return replace(data, performance=replace(data.performance, spans=spans))


@cache
def document_of(run: BredRun) -> str:
    return render_report(data_of(run))


def charts_in(document: str) -> dict[str, str]:
    found = re.findall(r"<svg viewBox.*?</svg>", document, re.DOTALL)
    return {re.search(r' id="([a-z-]+)"', svg.split(">")[0])[1]: svg for svg in found}  # type: ignore[index]


def closed_out_of_turn(document: str) -> list[str]:
    """Return names of elements that are closed out of turn, or never."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", document, flags=re.DOTALL)
    open_: list[str] = []
    wrong: list[str] = []
    for closing, tag, alone in re.findall(r"<(/?)([a-z0-9]+)[^>]*?(/?)>", body):
        if closing and (not open_ or open_.pop() != tag):
            wrong.append(tag)
        elif not closing and not alone and tag not in VOID:
            open_.append(tag)
    return wrong + open_


def test_the_report_needs_no_network() -> None:
    document = document_of(bred_run())
    assert "://" not in document
    assert not re.search(r'\s(src|href)="(?!#)', document)
    assert "@import" not in document
    assert "default-src 'none'" in document


def test_the_report_is_small_and_well_nested() -> None:
    document = document_of(bred_run())
    assert len(document.encode()) < 1_500_000
    assert closed_out_of_turn(document) == []
    assert closed_out_of_turn(document.replace("</dl>", "", 1)) != []


def test_the_report_contains_each_section_once() -> None:
    document = document_of(bred_run())
    titles = [title.replace("&#39;", "'") for title in re.findall(r"<h2>(.*?)</h2>", document)]
    assert tuple(titles) == SECTIONS
    anchors = re.findall(r'<a href="#([a-z-]+)"', document)
    names = re.findall(r' id="([a-z-]+)"', document)
    assert len(names) == len(set(names))
    assert set(anchors) <= set(names)


def test_every_chart_is_valid_titled_and_within_its_viewport() -> None:
    charts = charts_in(render_report(as_if_long(data_of(bred_run()))))
    assert set(charts) == set(CHARTS)
    for svg in charts.values():
        drawn = drawing(svg)
        assert drawn.find("title") is not None
        assert drawn.find("desc") is not None
        assert drawn.get("role") == "img"
        assert "nan" not in svg.lower().replace("finance", "")
        assert points_outside(drawn) == []


def test_no_luck_curve_is_drawn_of_a_span_too_short_for_a_sharpe_and_the_report_says_why() -> None:
    document = document_of(bred_run())
    assert "luck" not in charts_in(document)
    assert "No Sharpe ratio is drawn: a year is not read from" in document


def test_the_same_run_makes_the_same_report() -> None:
    assert render_report(data_of(bred_run())) == document_of(bred_run())


def test_synthetic_candles_are_called_so_and_recorded_ones_are_not() -> None:
    assert "<strong>Synthetic data.</strong>" in document_of(bred_run())
    recorded = document_of(bred_run(synthetic=False))
    assert "Synthetic data" not in recorded
    assert "recorded on a market" in recorded


def test_the_verdict_stands_at_the_top() -> None:
    run = bred_run()
    heading = re.search(r"<h1>(.*?)</h1>", document_of(run))
    assert heading is not None
    assert heading[1].replace("&#39;", "'") == run.judged.deflation


def test_the_sealed_span_is_drawn_but_never_read() -> None:
    run = bred_run()
    document = document_of(run)
    assert 'class="region sealed"' in document
    other = with_another_future(run)
    assert other.plan.candles.digest != run.plan.candles.digest
    assert render_report(data_of(other)) == document
    assert "The last 520 candles are sealed" in document


def test_the_command_and_the_digests_are_there() -> None:
    run = bred_run()
    document = document_of(run)
    spec = run.plan.spec
    for text in (spec.data_digest, spec.problem_digest, run.summary.digest, f"--seed {spec.seed}"):
        assert text is not None
        assert text in document


def test_equity_of_each_phase_continues_from_the_one_before_and_ends_as_scored() -> None:
    run = bred_run()
    performance = data_of(run).performance
    assert performance is not None
    scored = run.judged.board[0].evaluation.scored
    assert scored is not None
    inside = performance.champion[0].equity[-1]
    assert inside - 1 == pytest.approx(scored.in_sample.total_return, abs=1e-12)
    outside = performance.champion[-1].equity[-1] / inside
    assert outside - 1 == pytest.approx(scored.walk_forward.total_return, abs=1e-12)
    assert len(performance.trades) == scored.in_sample.trades + scored.walk_forward.trades


def test_monthly_returns_compound_to_the_whole() -> None:
    performance = data_of(bred_run()).performance
    assert performance is not None
    months = monthly_returns(performance.champion)
    whole = 1.0
    for value in yearly_returns(months).values():
        whole *= 1 + value
    _, equity = joined(performance.champion)
    assert whole == pytest.approx(equity[-1], abs=1e-12)
    assert (2020, 1) in months


def test_a_drawdown_is_never_above_zero_and_counts_the_opening_equity() -> None:
    performance = data_of(bred_run()).performance
    assert performance is not None
    _, equity = joined(performance.champion)
    assert drawdown(equity).max() <= 0
    assert drawdown(equity[:1] * 0.5)[0] == pytest.approx(-0.5, abs=0.01)


def test_the_neighbourhood_shows_the_champion_in_its_middle_with_its_own_score() -> None:
    run = bred_run()
    found = data_of(run).neighbourhood
    assert found is not None
    champion = run.judged.board[0]
    column, row = found.centre
    assert found.columns[1][column] == champion.genome.values[found.columns[0]]
    assert found.rows[1][row] == champion.genome.values[found.rows[0]]
    centre = next(cell for cell in found.cells if (cell.column, cell.row) == found.centre)
    assert centre.score == champion.evaluation.selection_score
    assert centre.evaluated_in_run


def test_neighbours_are_no_candidates() -> None:
    run = bred_run()
    before = [one.genome.fingerprint for _, one in run.newborn]
    document = document_of(run)
    assert [one.genome.fingerprint for _, one in run.newborn] == before
    assert "they are no candidates and were never selected" in document


def test_what_the_map_evaluated_is_listed_with_what_it_scored() -> None:
    run = bred_run()
    found, document = data_of(run).neighbourhood, document_of(run)
    assert found is not None
    known = {one.genome.fingerprint for _, one in run.newborn}
    assert found.extra
    assert not known & {one.genome.fingerprint for one in found.extra}
    fresh = sum(not cell.evaluated_in_run for cell in found.cells)
    assert len(found.extra) >= fresh, "its genes are found by tries as well"
    assert f"All {len(found.extra)} genomes evaluated for this picture" in document
    assert all(f">{one.genome.fingerprint}<" in document for one in found.extra)


def test_case_18_the_leaderboard_shows_the_score_and_both_spans() -> None:
    run = bred_run()
    board = leaderboard_section(data_of(run)).blocks[0]
    assert isinstance(board, TableBlock)
    champion = run.judged.board[0].evaluation
    assert champion.scored is not None
    cells = [cell.value for cell in board.rows[0].cells]
    assert cells[2] == ratio(champion.selection_score or 0)
    assert cells[5] == percent(champion.scored.in_sample.max_drawdown)
    assert cells[9] == percent(champion.scored.walk_forward.max_drawdown)
    names = [row.cells[1].value for row in board.rows[-4:]]
    assert names == [
        "buy and hold", "buy and hold, whole span", "short and hold", "short and hold, whole span",
    ]  # fmt: skip


def test_the_family_tree_leads_back_to_genomes_without_parents() -> None:
    run = bred_run()
    champion = run.judged.board[0]
    found = ancestry(champion, run.found.births, run.fetch)
    assert found.left_out == 0
    assert found.members[0][1].genome == champion.genome
    names = {one.genome.fingerprint for _, one in found.members}
    roots = [one for _, one in found.members if not one.candidate.parents]
    assert roots
    for _, one in found.members:
        assert set(one.candidate.parents) <= names


def test_a_long_family_keeps_its_line_of_first_parents() -> None:
    run = bred_run(generations=8, size=30)
    oldest = max((one for _, one in run.newborn if one.candidate.parents), key=lambda one: one.born)
    births = run.found.births
    whole, short = ancestry(oldest, births, run.fetch), ancestry(oldest, births, run.fetch, rows=2)
    line = [oldest]
    known = {one.genome.fingerprint: one for _, one in run.newborn}
    while line[-1].candidate.parents:
        line.append(known[line[-1].candidate.parents[0]])
    kept = {one.genome.fingerprint for _, one in short.members}
    assert {one.genome.fingerprint for one in line} <= kept
    assert short.left_out == len(whole.members) - len(short.members)


def test_changes_are_told_with_both_values() -> None:
    run = bred_run()
    known = {one.genome.fingerprint: one for _, one in run.newborn}
    child = next(one for _, one in run.newborn if one.candidate.changed)
    parent = known[child.candidate.parents[0]]
    name = child.candidate.changed[0]
    told = changes(child, parent)
    assert f"{name} {parent.genome.values[name]:.6g} → {child.genome.values[name]:.6g}" in told


def test_a_champion_that_never_trades_still_has_a_report() -> None:
    run = bred_run()
    data = data_of(run)
    assert data.performance is not None
    idle = replace(data, performance=replace(data.performance, trades=()))
    document = render_report(idle)
    assert "never traded" in document
    assert set(charts_in(document)) == set(CHARTS) - {"costs-paid", "luck"}


def test_a_market_whose_only_cost_is_the_spread_has_no_chart_of_fees() -> None:
    run = bred_run("spread", market="noise", costs=CostModel(taker_fee=0.0, maker_fee=0.0, spread=0.0001))
    page = document_of(run)
    assert "costs-paid" not in page
    assert "Equity by phase" in page


def test_a_run_of_one_generation_still_has_a_report() -> None:
    run = bred_run("single", generations=1)
    for svg in charts_in(document_of(run)).values():
        assert points_outside(drawing(svg)) == []


def test_a_run_in_which_everything_failed_says_why_and_escapes_it() -> None:
    document = render_report(data_of(failed_run()))
    assert "there is nothing to judge" in document
    assert "donchian_breakout broke off with &lt;ArithmeticError&gt;" in document
    assert set(charts_in(document)) == {"fitness", "species"}


def test_what_was_left_out_is_said_with_its_reason() -> None:
    run = bred_run()
    data = data_of(run)
    reason = "the data has no funding"
    document = render_report(
        replace(data, spec=replace(data.spec, left_out=(("funding_rate_carry", reason),)))
    )
    assert "Left out" in document
    assert reason in document


def test_an_interrupted_run_is_called_interrupted() -> None:
    assert "This run is interrupted: 4 of 4 generations" in render_report(
        replace(data_of(bred_run()), state="interrupted", digest=None)
    )


def test_every_gene_of_the_champion_is_explained() -> None:
    run = bred_run()
    strategy = seed_strategies()[run.judged.board[0].genome.strategy]
    document = document_of(run).replace("&#39;", "'")
    for gene in strategy.all_genes:
        assert gene.meaning in document


def test_the_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    data = data_of(bred_run())
    path = write_report(tmp_path / "new" / "run.html", data)
    assert path.read_text(encoding="utf-8") == document_of(bred_run())
    assert [each.name for each in path.parent.iterdir()] == ["run.html"]
    with pytest.raises(ConfigError, match="choose another folder or file"):
        write_report(path / "below.html", data)


def test_the_body_has_no_style_of_its_own_so_that_a_strict_page_can_hold_it() -> None:
    document = document_of(bred_run())
    style, body = document.partition("</style>")[::2]
    assert " style=" not in body
    shades = set(re.findall(r"shade-\d+", body))
    assert shades
    assert all(f".{shade} {{" in style for shade in shades)


def test_a_genome_that_is_no_champion_is_not_called_one() -> None:
    run = bred_run()
    data = data_of(run)
    individual = run.judged.board[1]
    assert individual.evaluation.scored is not None
    performance = replace(
        performance_of(run.plan.problem, individual.genome, individual.evaluation.scored), subject="genome"
    )
    family = ancestry(individual, run.found.births, run.fetch)
    told = repr(genome_sections(data, individual.genome, performance, family))
    assert individual.genome.fingerprint in told
    assert "champion" not in told.replace("champions are chosen by", "")
    assert "genome against" in told
