"""The strategy atlas as a picture: small maps of turnover by holding time, for each side and correlation."""

from collections.abc import Collection, Iterator, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from genepool.adapters.report.charts.svg import element, label
from genepool.adapters.report.notation import count, percent, ratio, typeset
from genepool.usecases.atlas_words import bin_words
from genepool.usecases.strategy_atlas import AtlasAxis, AtlasCell, StrategyAtlas

_WIDE, _HIGH = 32.0, 24.0
_GAP = 13.0
_LEFT, _TOP, _BOTTOM = 116.0, 46.0, 62.0
# What the faintest cell is shaded by.
_FAINTEST = 0.25


def atlas_picture(found: StrategyAtlas, framed: Collection[str] = ()) -> str:
    """Draw the map; each cell that was reached leads to the page of its champion.

    The table beneath it says the same in words, so that a screen reader is spared the picture and its links
    take no focus.

    Parameters
    ----------
    found
        The map.
    framed
        Genomes whose cells get a frame, as commands name them.
    """
    turnover, holding, sides, alike = found.axes
    across, down = _bins(alike), _bins(sides)
    width = _LEFT + across * (_bins(holding) * _WIDE + _GAP)
    height = _TOP + down * (_bins(turnover) * _HIGH + _GAP) + _BOTTOM
    largest = max((abs(_score(cell)) for cell in found.cells), default=0.0) or 1.0
    return element(
        "svg",
        *_panels(found.axes),
        *(_cell(cell, found, largest) for cell in found.cells),
        *(_frame(cell, found) for cell in found.cells if cell.genome in framed),
        *_words(found.axes),
        viewBox=f"0 0 {width:g} {height:g}",
        aria_hidden="true",
        class_="chart atlas",
    )


def _panels(axes: Sequence[AtlasAxis]) -> Iterator[str]:
    turnover, holding, sides, alike = axes
    for side in range(_bins(sides)):
        for panel in range(_bins(alike)):
            for row in range(_bins(turnover)):
                for column in range(_bins(holding)):
                    x, y = _corner(axes, (row, column, side, panel))
                    yield element("rect", **_box(x, y), class_="empty")


def _cell(cell: AtlasCell, found: StrategyAtlas, largest: float) -> str:
    x, y = _corner(found.axes, cell.bins)
    score, champion = _score(cell), cell.champion
    share = _FAINTEST + (1 - _FAINTEST) * abs(score) / largest
    style = "gain" if score > 0 else "loss"
    told = (
        f"{champion.strategy}, rank {count(champion.rank)}, score {ratio(score)}: "
        f"turnover {count(cell.turnover)} a year, {cell.holding:.1f} candles held, "
        f"{percent(cell.long_share, 0)} long, correlation to holding {ratio(cell.correlation)}"
    )
    return element(
        "a",
        element("title", escape(told)),
        element("rect", **_box(x, y), class_=f"cell {style}", fill_opacity=share),
        label(typeset(f"{_plain(score):.1f}"), x + _WIDE / 2, y + _HIGH / 2 + 4, "cell-text", "middle"),
        href=f"/runs/{quote(found.run)}/genomes/{champion.rank}",
        tabindex="-1",
    )


def _frame(cell: AtlasCell, found: StrategyAtlas) -> str:
    return element("rect", **_box(*_corner(found.axes, cell.bins)), class_="mark")


def _words(axes: Sequence[AtlasAxis]) -> Iterator[str]:
    turnover, holding, sides, alike = axes
    yield label(f"{alike.title}, across", _LEFT, 13, "axis-title")
    for panel, words in enumerate(bin_words(alike)):
        x, _ = _corner(axes, (0, 0, 0, panel))
        yield label(typeset(words), x + _bins(holding) * _WIDE / 2, _TOP - 9, "phase", "middle")
        for column, edge in enumerate(holding.edges, 1):
            _, y = _corner(axes, (0, 0, 0, panel))
            yield label(f"{edge:g}", x + column * _WIDE, y + _HIGH + 15, "tick", "middle")
    for side, words in enumerate(bin_words(sides)):
        _, top = _corner(axes, (len(turnover.edges), 0, side, 0))
        yield label(sides.title, 0, top + 12, "axis-title")
        yield label(words, 0, top + 30, "phase")
        for row, edge in enumerate(turnover.edges, 1):
            _, y = _corner(axes, (row, 0, side, 0))
            yield label(f"{edge:g}", _LEFT - 6, y + _HIGH + 4, "tick", "end")
    _, lowest = _corner(axes, (0, 0, 0, 0))
    told = f"in each small map: {holding.title} to the right, {turnover.title} upwards"
    yield label(told, _LEFT, lowest + _HIGH + 42, "axis-title")


def _corner(axes: Sequence[AtlasAxis], bins: Sequence[int]) -> tuple[float, float]:
    """Return the upper left corner of a cell; turnover and long share rise."""
    turnover, holding, sides, _ = axes
    row, column, side, panel = bins
    x = _LEFT + panel * (_bins(holding) * _WIDE + _GAP) + column * _WIDE
    above = len(sides.edges) - side
    y = _TOP + above * (_bins(turnover) * _HIGH + _GAP) + (len(turnover.edges) - row) * _HIGH
    return x, y


def _box(x: float, y: float) -> dict[str, float]:
    return {"x": x + 1, "y": y + 1, "width": _WIDE - 2, "height": _HIGH - 2}


def _bins(axis: AtlasAxis) -> int:
    return len(axis.edges) + 1


def _plain(score: float) -> float:
    """Round to the decimal that is shown: a small loss is no -0.0."""
    return round(score, 1) + 0.0


def _score(cell: AtlasCell) -> float:
    return cell.champion.selection_score or 0.0
