import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.adapters.report.charts.area import Layer, stacked_area
from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.heat_map import Cell, heat_map
from genepool.adapters.report.charts.lanes import lanes_of
from genepool.adapters.report.charts.line import LineChart, line_chart
from genepool.adapters.report.charts.lines import Band, Line
from genepool.adapters.report.charts.regions import Region
from genepool.adapters.report.charts.scale import Scale, linear_ticks, log_ticks, padded
from genepool.adapters.report.charts.spread import spread
from genepool.adapters.report.charts.svg import element, label, number, polyline
from genepool.adapters.report.charts.thinning import thinned
from genepool.adapters.report.charts.time_ticks import moment, time_ticks
from genepool.adapters.report.charts.tree import TreeRow, family_tree
from tests.fakes.svg import drawing, points_of, points_outside

CAPTION = Caption("figure", "A <title>", "What it & that says")
DAY = 86_400 * 10**9
finite = st.floats(-1e6, 1e6)


def a_line_chart(ys: list[float], *, log: bool = False, over_time: bool = False) -> str:
    xs = np.arange(len(ys), dtype=np.float64) * (DAY if over_time else 1)
    values = np.array(ys)
    line = Line("one <line>", xs, values, "forward", filled_to=None if log else 0.0)
    band = [Band(xs, values, values, "middle")] if ys else []
    regions = [Region(0.0, float(len(ys)), "phase", "fold")]
    return line_chart(
        LineChart(CAPTION, [line], "x", "y", str, band, regions, over_time, log, readout=[(0.0, "at <0>")])
    )


def test_a_number_that_is_not_finite_is_refused() -> None:
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="no coordinate"):
            number(value)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (0.125, "0.12"), (-0.001, "0"), (10.5, "10.5"), (100, "100")]
)
def test_a_coordinate_has_two_decimals_at_most_and_no_negative_zero(value: float, text: str) -> None:
    assert number(value) == text


def test_attributes_and_texts_are_escaped() -> None:
    drawn = drawing(element("g", label("a < b & c", 1, 2), data_told='say "so" & <so>'))
    assert drawn.get("data-told") == 'say "so" & <so>'
    assert drawn[0].text == "a < b & c"


def test_a_path_without_points_is_empty() -> None:
    assert polyline([]) == ""
    assert polyline([(1, 2), (3, 4)]) == "M1,2L3,4"


def test_a_scale_maps_its_ends_and_holds_what_is_beyond() -> None:
    scale = Scale(10, 20, 100, 300)
    assert [scale(value) for value in (10, 15, 20, 5, 99)] == [100, 200, 300, 100, 300]


def test_a_logarithmic_scale_gives_equal_ratios_equal_room() -> None:
    scale = Scale(0.25, 4, 0, 100, log=True)
    assert [round(scale(value), 9) for value in (0.25, 0.5, 1, 2, 4)] == [0, 25, 50, 75, 100]


@given(low=finite, width=st.floats(1e-6, 1e6))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_linear_ticks_are_evenly_spaced_inside_the_range(low: float, width: float) -> None:
    high = low + width
    ticks = linear_ticks(low, high)
    slack = 1e-6 * max(abs(low), width)
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert len(ticks) <= 8
    gaps = [b - a for a, b in pairwise(ticks)]
    assert not gaps or max(gaps) - min(gaps) <= slack


@pytest.mark.parametrize(("low", "high"), [(0.9, 1.1), (0.3, 1.6), (0.01, 900), (1e-6, 1e6)])
def test_log_ticks_are_few_and_inside(low: float, high: float) -> None:
    ticks = log_ticks(low, high)
    assert 3 <= len(ticks) <= 15
    assert all(low <= tick <= high for tick in ticks)


def test_a_lone_value_gets_a_range() -> None:
    for value in (0.0, 5.0, -3.0):
        low, high = padded([value])
        assert low < value < high
    low, high = padded([2.0], log=True)
    assert 0 < low < 2 < high


@pytest.mark.parametrize("days", [0.2, 1, 5, 40, 99, 150, 900, 4_000, 15_000])
def test_time_ticks_fit_any_span(days: float) -> None:
    low = 1_500_000_000 * 10**9
    ticks = time_ticks(low, low + days * DAY)
    assert 1 <= len(ticks) <= 11
    assert all(low <= stamp <= low + days * DAY for stamp, _ in ticks)
    assert len({text for _, text in ticks}) > len(ticks) // 3


def test_years_are_named_where_they_begin() -> None:
    start = 1_577_836_800 * 10**9
    texts = [text for _, text in time_ticks(start, start + 400 * DAY)]
    assert texts[0].startswith("Jan 2020") or "2020" in texts[0]
    assert any("2021" in text for text in texts)
    assert moment(start).year == 2020


@given(st.lists(finite, min_size=1, max_size=3_000), st.integers(10, 200))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_thinning_keeps_both_ends_and_both_extremes(values: list[float], points: int) -> None:
    series = np.array(values)
    kept = thinned(series, points)
    assert len(kept) <= max(points, 4)
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    assert series[kept].max() == series.max()
    assert series[kept].min() == series.min()
    assert np.all(np.diff(kept) > 0)


@given(st.lists(st.floats(-50, 250), max_size=20))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_spread_labels_never_overlap_and_stay_inside(wanted: list[float]) -> None:
    placed = spread(wanted, 16, 0, 200)
    assert all(-1e-9 <= y <= 200 + 1e-9 for y in placed)
    gap = min(16.0, 200 / max(len(wanted) - 1, 1))
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(sorted(placed)))


@pytest.mark.parametrize("ys", [[1.0], [1.0, 1.0], [0.0, -0.4, -0.1], [1e-9, 5e8], list(range(1, 400))])
@pytest.mark.parametrize("over_time", [False, True])
def test_a_line_chart_is_valid_and_stays_in_its_viewport(ys: list[float], over_time: bool) -> None:
    drawn = drawing(a_line_chart(ys, over_time=over_time))
    assert drawn.find("title").text == "A <title>"  # type: ignore[union-attr]
    assert drawn.find("desc").text == "What it & that says"  # type: ignore[union-attr]
    assert points_of(drawn)
    assert not points_outside(drawn)


def test_a_logarithmic_line_chart_says_nothing_about_zero() -> None:
    drawn = drawing(a_line_chart([0.5, 1.0, 8.0], log=True))
    assert not points_outside(drawn)


def test_a_line_chart_without_points_is_still_a_chart() -> None:
    assert not points_outside(drawing(a_line_chart([])))


def test_a_line_with_a_hole_in_its_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no coordinate|NaN"):
        a_line_chart([1.0, math.nan, 2.0])


@pytest.mark.parametrize("generations", [1, 2, 30])
def test_stacked_shares_fill_the_whole_height(generations: int) -> None:
    layers = [Layer(f"seed-{k}", np.full(generations, 1 / 14), f"species-{k}") for k in range(14)]
    drawn = drawing(stacked_area(CAPTION, layers, "generation", [(0.0, "told")], range(generations)))
    bands = [path for path in drawn.iter("path") if "layer" in (path.get("class") or "")]
    assert len(bands) == 14
    ys = [y for _, y in points_of(drawn)]
    assert (min(ys), max(ys)) == (26.0, 296.0)
    assert not points_outside(drawn)


def test_all_fourteen_species_are_named_apart() -> None:
    layers = [Layer(f"seed-{k}", np.full(3, 1 / 14), f"species-{k}") for k in range(14)]
    drawn = drawing(stacked_area(CAPTION, layers, "generation", [], range(3)))
    rows = sorted(float(t.get("y", "0")) for t in drawn.iter("text") if (t.text or "").startswith("seed-"))
    assert len(rows) == 14
    assert all(b - a > 12 for a, b in pairwise(rows))


def test_a_heat_map_marks_the_champion_last_and_shows_failures_as_such() -> None:
    cells = [
        Cell(0, 0, 1.5, "1.50", "a & b", dotted=True, marked=True),
        Cell(1, 0, -3.0, "−3.00", "loss"),  # noqa: RUF001 - a true minus sign
        Cell(0, 1, None, "–", "failed"),  # noqa: RUF001 - a dash
    ]
    drawn = drawing(heat_map(CAPTION, cells, ("fast", ["5", "10"]), ("slow", ["20", "30"])))
    boxes = [(rect.get("class"), float(rect.get("fill-opacity", "0"))) for rect in drawn.iter("rect")]
    assert boxes[-1][0] == "mark"
    shades = dict(boxes)
    assert shades["cell loss"] == 1.0
    assert 0.3 < shades["cell gain"] < 0.7
    assert shades["cell none"] == 0.0
    assert not points_outside(drawn)


def a_birth(name: str, *parents: str) -> TreeRow:
    return TreeRow(name, parents, ("1", "0.5", "crossover", "fast 1 → 2"), "told", "bred")


def test_a_family_tree_draws_each_birth_and_each_known_parent() -> None:
    births = [a_birth("d", "c", "b"), a_birth("c", "a", "b"), a_birth("b", "gone"), a_birth("a")]
    drawn = drawing(family_tree(CAPTION, births, ("born", "fitness", "how", "changed")))
    assert len(list(drawn.iter("circle"))) == 4
    assert len([p for p in drawn.iter("path") if p.get("class") == "branch"]) == 4
    assert not points_outside(drawn)


@given(st.lists(st.sets(st.integers(0, 30), max_size=2), min_size=1, max_size=30))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_two_births_that_wait_for_different_parents_never_share_a_lane(parents: list[set[int]]) -> None:
    births = [
        (str(k), tuple(str(k + 1 + step) for step in sorted(found) if k + 1 + step < len(parents)))
        for k, found in enumerate(parents)
    ]
    placed = lanes_of(births)
    assert len(placed.edges) == sum(len(found) for _, found in births)
    rows = {name: k for k, (name, _) in enumerate(births)}
    for (child, parent, lane), (other, target, along) in combinations(placed.edges, 2):
        together = max(rows[child], rows[other]) < min(rows[parent], rows[target]) - 1
        assert not (together and lane == along and parent != target)
