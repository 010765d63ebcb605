"""The panels of the house: each kind has its look here, once, and says only what differs where it is used."""

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    stat,
    statetimeline,
    table,
    timeseries,
    trend,
    xychart,
)
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models import common as shapes
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models import xychart as scatter

from monitoring.grafana.queries import Query, source, targets

Steps: TypeAlias = Sequence[tuple[float, str]]

# The grid is 24 columns wide.
_Panel = TypeVar(
    "_Panel",
    stat.Panel,
    timeseries.Panel,
    bargauge.Panel,
    table.Panel,
    trend.Panel,
    xychart.Panel,
    statetimeline.Panel,
)


def number(
    title: str,
    about: str,
    unit: str,
    *queries: Query,
    steps: Steps = (),
    width: int = 4,
    decimals: int | None = None,
    text: bool = False,
) -> stat.Panel:
    """Return a large number with its recent course.

    Parameters
    ----------
    title, about, unit
        Heading, what it means, and Grafana's name of the unit.
    queries
        What it asks.
    steps
        From which value on it turns into which colour; green below the first.
    width
        Columns, of 24.
    decimals
        Places after the point; None for as many as fit.
    text
        Whether the series' name is shown instead of its value.
    """
    panel = _dressed(stat.Panel(), title, about, unit, queries, steps, width, 4, _base(steps, "text"))
    panel.color_mode(shapes.BigValueColorMode.VALUE if steps else shapes.BigValueColorMode.NONE)
    panel.graph_mode(shapes.BigValueGraphMode.NONE if text else shapes.BigValueGraphMode.AREA)
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).fields("").values(False))
    panel.text_mode(shapes.BigValueTextMode.NAME if text else shapes.BigValueTextMode.AUTO)
    return panel if decimals is None else panel.decimals(decimals)


def up_or_down(title: str, about: str, query: Query, width: int = 3) -> stat.Panel:
    """Return a word instead of 1 or 0."""
    return worded(title, about, query, words=(("down", "red"), ("up", "green")), width=width)


def worded(
    title: str, about: str, query: Query, words: Sequence[tuple[str, str]], width: int = 4
) -> stat.Panel:
    """Return a word instead of 0, 1 and so on: the one at that place in ``words``, in its colour."""
    options = {
        str(value): dashboard.ValueMappingResult(text=word, color=colour, index=value)
        for value, (word, colour) in enumerate(words)
    }
    steps = [(value, colour) for value, (_, colour) in enumerate(words)]
    panel = number(title, about, "none", query, steps=steps, width=width)
    return panel.mappings([dashboard.ValueMap(options=options)]).graph_mode(shapes.BigValueGraphMode.NONE)


def lines(
    title: str,
    about: str,
    unit: str,
    *queries: Query,
    steps: Steps = (),
    width: int = 12,
    stacked: bool = False,
    least: float | None = 0,
    most: float | None = None,
) -> timeseries.Panel:
    """Return courses over time; the parameters are those of ``number``.

    Parameters
    ----------
    stacked
        Whether the series add up.
    least, most
        Ends of the axis; None to fit the data.
    """
    panel = _dressed(timeseries.Panel(), title, about, unit, queries, steps, width, 8)
    panel.legend(_legend()).tooltip(_tooltip()).line_width(1).show_points(shapes.VisibilityMode.NEVER)
    panel.fill_opacity(60 if stacked else 8)
    if stacked:
        panel.stacking(common.StackingConfig().mode(shapes.StackingMode.NORMAL).group("A"))
    if steps:
        panel.thresholds_style(
            common.GraphThresholdsStyleConfig().mode(shapes.GraphThresholdsStyleMode.DASHED)
        )
    if least is not None:
        panel.min(least)
    return panel if most is None else panel.max(most)


def bars(
    title: str,
    about: str,
    unit: str,
    *queries: Query,
    steps: Steps = (),
    width: int = 8,
    rows: bool = False,
) -> bargauge.Panel:
    """Return a bar for each series, or for each row of a statement when ``rows`` says so."""
    panel = _dressed(bargauge.Panel(), title, about, unit, queries, steps, width, 8, _base(steps, "blue"))
    panel.orientation(shapes.VizOrientation.HORIZONTAL).display_mode(shapes.BarGaugeDisplayMode.BASIC)
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).fields("").values(rows))
    return panel.min(0)


def rows(
    title: str,
    about: str,
    unit: str,
    *queries: Query,
    units: Sequence[tuple[str, str]] = (),
    width: int = 12,
    height: int = 8,
) -> table.Panel:
    """Return a table.

    Parameters
    ----------
    units
        Column names with their own unit.
    """
    panel = _dressed(table.Panel(), title, about, unit, queries, (), width, height)
    for column, own in units:
        panel.override_by_name(column, [dashboard.DynamicConfigValue(id_val="unit", value=own)])
    return panel.show_header(True)


def by_number(
    title: str, about: str, unit: str, across: str, *queries: Query, width: int = 12
) -> trend.Panel:
    """Return courses over a counted column, such as the generation, named by ``across``."""
    panel = _dressed(trend.Panel(), title, about, unit, queries, (), width, 8)
    panel.legend(_legend()).tooltip(_tooltip()).line_width(2).fill_opacity(0)
    return panel.x_field(across).show_points(shapes.VisibilityMode.NEVER)


def points(
    title: str, about: str, unit: str, across: str, up: str, *queries: Query, width: int = 12
) -> xychart.Panel:
    """Return a scatter plot of the column ``up`` over the column ``across``."""
    panel = _dressed(xychart.Panel(), title, about, unit, queries, (), width, 8)
    panel.show(scatter.XYShowMode.POINTS).mapping(scatter.SeriesMapping.MANUAL)
    panel.point_size(xychart.XychartFieldConfigPointSize().fixed(5))
    panel.legend(_legend().show_legend(False)).tooltip(_tooltip(single=True))
    matched = {name: xychart.MatcherConfig().id("byName").options(name) for name in (across, up)}
    series = (
        xychart.XYSeriesConfig()
        .name(xychart.XychartXYSeriesConfigName().fixed(up))
        .frame(xychart.XychartXYSeriesConfigFrame().matcher(xychart.MatcherConfig().id("byIndex").options(0)))
        .x(xychart.XychartXYSeriesConfigX().matcher(matched[across]))
        .y(xychart.XychartXYSeriesConfigY().matcher(matched[up]))
    )
    return panel.series([series])


def states(title: str, about: str, *queries: Query, width: int = 12) -> statetimeline.Panel:
    """Return a strip for each series, coloured while its value is 1."""
    panel = _dressed(
        statetimeline.Panel(), title, about, "none", queries, ((1, "blue"),), width, 8, "transparent"
    )
    panel.legend(_legend().show_legend(False)).tooltip(_tooltip(single=True))
    return panel.show_value(shapes.VisibilityMode.NEVER).merge_values(True).row_height(0.8)


def _dressed(
    panel: _Panel,
    title: str,
    about: str,
    unit: str,
    queries: tuple[Query, ...],
    steps: Steps,
    width: int,
    height: int,
    base: str = "text",
) -> _Panel:
    panel.title(title).description(about).unit(unit).span(width).height(height)
    panel.datasource(source(queries)).targets(targets(queries)).no_value("no data")
    colours = [
        dashboard.Threshold(None, base),
        *(dashboard.Threshold(value, colour) for value, colour in steps),
    ]
    panel.thresholds(ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(colours))
    return panel


def _base(steps: Steps, plain: str) -> str:
    """Return the colour below the first step: green where the steps warn, a plain one without them."""
    return "green" if steps else plain


def _legend() -> common.VizLegendOptions:
    legend = common.VizLegendOptions().show_legend(True).display_mode(shapes.LegendDisplayMode.LIST)
    return legend.placement(shapes.LegendPlacement.BOTTOM)


def _tooltip(*, single: bool = False) -> common.VizTooltipOptions:
    mode = shapes.TooltipDisplayMode.SINGLE if single else shapes.TooltipDisplayMode.MULTI
    return common.VizTooltipOptions().mode(mode).sort(shapes.SortOrder.DESCENDING)
