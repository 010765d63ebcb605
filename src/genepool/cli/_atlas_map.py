"""The strategy atlas as a terminal shows it: small maps of turnover by holding time, side by side."""

from collections.abc import Iterator, Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.backtest.notation import count, ratio, share
from genepool.usecases.atlas_words import bin_words
from genepool.usecases.strategy_atlas import AtlasCell, StrategyAtlas

_LABEL = 13
_LEGEND = (
    "each small map: turnover a year upwards, candles held a trade to the right; . empty, - score of zero or "
    "less, else the whole part of the champion's score"
)


def atlas_lines(found: StrategyAtlas) -> Iterator[Text]:
    """Yield the map: long share downwards, correlation to holding across, a small map for each pair."""
    turnover, holding, sides, alike = found.axes
    champions = {tuple(cell.bins): cell for cell in found.cells}
    width = 2 * (len(holding.edges) + 1) + 3
    yield Text("correlation to holding, across; long share, downwards", "dim")
    yield Text(" " * _LABEL + "".join(f"{words:<{width}}" for words in bin_words(alike)), "dim")
    for side, words in reversed(list(enumerate(bin_words(sides)))):
        for row in reversed(range(len(turnover.edges) + 1)):
            line = Text(f"{words if row == len(turnover.edges) else '':<{_LABEL}}", "dim")
            for panel in range(len(alike.edges) + 1):
                for column in range(len(holding.edges) + 1):
                    line.append_text(_mark(champions, (row, column, side, panel)))
                line.append("   ")
            yield line
        yield Text()
    yield Text(_LEGEND, "dim")


def cells_table(found: StrategyAtlas, places: int) -> Table:
    """Return the champions of the best cells."""
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("champion", no_wrap=True)
    for name in ("rank", "score", "long\nshare", "corr. to\nholding", "turnover\na year", "candles\nheld"):
        table.add_column(name, justify="right", no_wrap=True)
    for cell in found.cells[:places]:
        champion = cell.champion
        table.add_row(
            Text.assemble(champion.strategy, "\n", (champion.fingerprint, "dim")),
            count(champion.rank),
            ratio(champion.selection_score),
            share(cell.long_share, 0),
            ratio(cell.correlation),
            count(cell.turnover),
            f"{cell.holding:.1f}",
        )
    return table


def _mark(champions: Mapping[tuple[int, ...], AtlasCell], bins: tuple[int, ...]) -> Text:
    cell = champions.get(bins)
    if cell is None:
        return Text(". ", "dim")
    score = cell.champion.selection_score or 0.0
    return Text(f"{min(int(score), 9)} ", "green") if score > 0 else Text("- ", "red")
