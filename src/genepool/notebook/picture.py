"""Pictures in a notebook, drawn as the report draws them: no library, and text that can be searched."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.line import LineChart, line_chart
from genepool.adapters.report.charts.lines import Line
from genepool.adapters.report.charts.thinning import thinned
from genepool.market.candles import FloatArray, IntArray

# Colours that are read on light and on dark paper; the report's own style sheet is a page's.
_STYLE = (
    "svg.chart{max-width:960px;height:auto;font:13px system-ui,sans-serif;overflow:visible}"
    "svg.chart text{fill:#7a818b;stroke:none}"
    "svg.chart .rule{stroke:#7a818b;stroke-opacity:.25}svg.chart .base{stroke:#7a818b;stroke-opacity:.6}"
    "svg.chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round}"
    "svg.chart .forward{stroke:#1b9e94}svg.chart .hold{stroke:#c07a3e}"
    "svg.chart .end{stroke:none}svg.chart .end.forward{fill:#1b9e94}svg.chart .end.hold{fill:#c07a3e}"
)
_NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg"'
_LOG_FROM = 2.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; a notebook shows it.

    Parameters
    ----------
    svg
        The whole file.
    """

    svg: str

    def save(self, path: str | Path) -> Path:
        """Write it as an SVG file and return where it is."""
        file = Path(path)
        file.write_text(self.svg, encoding="utf-8")
        return file

    def _repr_html_(self) -> str:
        return self.svg


def equity_picture(stamps: IntArray, curves: Mapping[str, FloatArray], title: str) -> Picture:
    """Draw equity over time.

    Parameters
    ----------
    stamps
        Opening times of the candles, UTC nanoseconds, shape (n,).
    curves
        By name, the first that of the strategy: multiples of the opening equity, shape (n,).
    title
        What is shown.
    """
    values = np.concatenate(list(curves.values()))
    log = float(values.min()) > 0 and float(values.max() / values.min()) > _LOG_FROM
    lines = []
    for place, (name, curve) in enumerate(curves.items()):
        kept = thinned(curve)
        style = "hold" if place else "forward"
        lines.append(Line(name, np.asarray(stamps[kept], dtype=np.float64), curve[kept], style))
    drawn = line_chart(
        LineChart(
            Caption("equity", title, title),
            lines[::-1],
            x_title="time (UTC)",
            y_title=f"equity, multiples of the start{' (log scale)' if log else ''}",
            y_text=lambda value: f"{value:.3g}\N{MULTIPLICATION SIGN}",
            log=log,
            include=(1.0,),
        )
    )
    return Picture(drawn.replace("<svg", _NAMESPACE, 1).replace(">", f"><style>{_STYLE}</style>", 1))
