"""Draws candles: the close within high and low, and the gaps that no calendar explains."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from markupsafe import Markup

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.line import LineChart, line_chart
from genepool.adapters.report.charts.lines import Band, Line
from genepool.adapters.report.charts.regions import Region
from genepool.adapters.report.notation import round_number
from genepool.market.candles import FloatArray
from genepool.market.moments import nanoseconds
from genepool.usecases.preview_candles import CandlePreview, PreviewGap

# As many as a picture has room for.
POINTS = 700
_GAPS_AT_MOST = 400
# A gap is seen however short it is.
_NARROWEST = 1 / 350
# From such a range on equal ratios say more than equal differences.
_WIDE = 8.0


def candle_picture(drawn: CandlePreview) -> Markup:
    """Return an SVG element.

    Parameters
    ----------
    drawn
        Candles in at most ``POINTS`` buckets.
    """
    stamps = np.array([float(nanoseconds(moment)) for moment in drawn.opened])
    high, low, close = np.array(drawn.high), np.array(drawn.low), np.array(drawn.close)
    least = (stamps[-1] - stamps[0]) * _NARROWEST
    holes = [gap for gap in drawn.gaps if not gap.expected]
    regions = [
        _hole(float(nanoseconds(gap.first)), float(nanoseconds(gap.until)), least)
        for gap in sorted(holes, key=lambda gap: -gap.missing)[:_GAPS_AT_MOST]
    ]
    pieces = _pieces(stamps, holes)
    number = f"{len(holes):,} gaps" if len(holes) > 1 else "one gap" if holes else "no gap"
    # Only what was drawn here is markup: every text in it is escaped by the charts.
    return Markup(  # noqa: S704 - as the comment says
        line_chart(
            LineChart(
                Caption(
                    "candles",
                    f"{drawn.symbol}, {drawn.timeframe} candles",
                    f"{drawn.candles:,} candles from {drawn.opened[0]}, {number} that no calendar explains.",
                ),
                [
                    Line("close" if piece.stop == len(stamps) else "", stamps[piece], close[piece], "forward")
                    for piece in pieces
                ],
                "UTC",
                "price",
                round_number,
                bands=[Band(stamps[piece], low[piece], high[piece], "past") for piece in pieces],
                regions=regions,
                log=bool(low.min() > 0 and high.max() / low.min() > _WIDE),
            )
        )
    )


def _pieces(stamps: FloatArray, holes: Sequence[PreviewGap]) -> list[slice]:
    """Return the runs of buckets between gaps: what is drawn ends where one begins."""
    starts = np.searchsorted(stamps, [float(nanoseconds(gap.until)) for gap in holes])
    edges = [0, *sorted({int(start) for start in starts if 0 < start < len(stamps)}), len(stamps)]
    return [slice(start, stop) for start, stop in pairwise(edges)]


def _hole(start: float, stop: float, least: float) -> Region:
    widened = max(0.0, least - (stop - start)) / 2
    return Region(start - widened, stop + widened, "", "gap")
