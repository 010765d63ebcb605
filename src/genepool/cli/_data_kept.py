"""``genepool data preview`` and ``genepool data delete``: what is kept under a name."""

from contextlib import closing
from typing import Annotated

import typer

from genepool.adapters.console.sparkline import sparkline
from genepool.bootstrap.stores import open_store
from genepool.cli import _data_flags as flag
from genepool.cli._output import print_json, screen
from genepool.reading.file_shelf import FileShelf
from genepool.settings import load_settings
from genepool.usecases.datasets import delete_dataset
from genepool.usecases.preview_candles import MOST_POINTS, CandlePreview, preview_candles

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name from `genepool data list`.")]
_GAPS_SHOWN = 10


def preview_command(
    name: Name,
    points: Annotated[int, typer.Option(min=1, max=MOST_POINTS, help="Candles to draw, at most.")] = 80,
    json: flag.AsJson = False,
) -> None:
    """Draw a data set in a line, and list its gaps; --json gives candles to draw."""
    found = preview_candles(name, points, FileShelf(load_settings().home))
    if json:
        print_json(found.as_json())
        return
    screen().print(f"{found.name}: {found.candles:,} candles of {found.timeframe}", soft_wrap=True)
    screen().print(sparkline(found.close, screen().width), soft_wrap=True)
    _print_gaps(found)


def delete_command(name: Name, json: flag.AsJson = False) -> None:
    """Delete an import that no run and no job needs; samples stay."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        gone = delete_dataset(name, FileShelf(settings.home), store, store.jobs)
    if json:
        print_json(gone.as_json())
    else:
        screen().print(f"{gone.deleted} is deleted", soft_wrap=True)


def _print_gaps(found: CandlePreview) -> None:
    for gap in found.gaps[:_GAPS_SHOWN]:
        why = ", which its calendar explains" if gap.expected else ""
        span = f"{gap.first} to {gap.until}"
        screen().print(f"{gap.missing:,} candles are missing from {span}{why}", soft_wrap=True)
    if len(found.gaps) > _GAPS_SHOWN:
        screen().print(f"and {len(found.gaps) - _GAPS_SHOWN:,} more gaps: --json lists them", soft_wrap=True)
