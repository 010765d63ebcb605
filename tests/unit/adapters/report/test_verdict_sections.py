"""The verdict on a page: five rungs, and the champion among the champions of chance."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.adapters.report.blocks import LadderBlock, TextBlock
from genepool.adapters.report.charts.dots import DotChart, dot_chart
from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.page import page
from genepool.adapters.report.verdict_sections import verdict_sections
from genepool.adapters.report.write import render_report
from genepool.pool.reporting import report_data
from genepool.robustness.ladder import Commands, NullStanding, climb
from tests.fakes.bred_runs import bred_run
from tests.fakes.coordinators import an_evidence
from tests.fakes.svg import drawing, points_outside

NULLS = NullStanding(
    count=19,
    reached=1,
    p_value=0.1,
    p_corrected=0.1,
    smallest_p=0.05,
    compared="the sum of both scores",
    figure=2.4,
    figures=[3.0, *[0.1 * place for place in range(17)], None],
    sentence="Chance finds it.",
)
LADDER = climb(an_evidence(trials=12), commands=Commands("owl"))
RUN = bred_run()
DATA = report_data(RUN.summary, RUN.found, RUN.fetch, RUN.judged, RUN.plan.problem)


def test_a_report_begins_with_the_sentence_and_its_rungs() -> None:
    found = page(replace(DATA, ladder=LADDER, nulls=NULLS))
    assert found.verdict == LADDER.sentence
    assert [one.title for one in found.sections[:2]] == ["The verdict", "Among the champions of chance"]


def test_a_page_that_nobody_climbed_for_has_the_sentence_of_deflation() -> None:
    assert page(DATA).verdict == RUN.judged.deflation


def test_rungs_say_how_they_stand_and_which_count() -> None:
    (block, needed) = verdict_sections(LADDER, None)[0].blocks
    assert isinstance(block, LadderBlock)
    assert [(state, counts) for _, state, _, counts in block.rungs] == [
        ("passed", True),
        ("passed", True),
        ("not asked", True),
        ("not asked", False),
        ("not asked", False),
    ]
    assert needed == TextBlock(LADDER.needed_sentence)


def test_commands_are_set_as_commands() -> None:
    document = render_report(replace(DATA, ladder=LADDER))
    assert "<code>genepool nulls owl --count 19</code>" in document
    assert '<li class="not-asked beyond">' in document
    assert "`" not in re.sub(r"<(script|style)>.*?</\1>", "", document, flags=re.DOTALL)


def test_every_null_is_a_dot_and_the_run_is_marked() -> None:
    document = render_report(replace(DATA, nulls=NULLS))
    svg = re.search(r'<svg [^>]*id="chance".*?</svg>', document, re.DOTALL)
    assert svg is not None
    drawn = drawing(svg[0])
    classes = [shape.get("class") for shape in drawn.iter("circle")]
    assert (classes.count("null"), classes.count("found")) == (18, 1)
    assert "this run 2.40" in "".join(drawn.itertext())
    assert points_outside(drawn) == []


@pytest.mark.parametrize("nulls", [replace(NULLS, figure=None), replace(NULLS, figures=[None] * 19)])
def test_without_figures_it_is_said(nulls: NullStanding) -> None:
    assert verdict_sections(None, nulls)[0].blocks == [TextBlock("Nothing is drawn: no genome was scored.")]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=250), st.floats(-50, 50))
def test_dots_stay_in_their_viewport(values: list[float], marked: float) -> None:
    drawn = drawing(dot_chart(DotChart(Caption("dots", "Dots", "Some."), values, marked, "this", "x")))
    assert points_outside(drawn) == []
    assert len(list(drawn.iter("circle"))) == len(values) + 1
