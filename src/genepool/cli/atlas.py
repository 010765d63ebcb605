"""``genepool atlas``: the map of the ways to trade that a run reached."""

from typing import Annotated

import typer

from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._atlas_map import atlas_lines, cells_table
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.pool.commands import fleet_command
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.strategy_atlas import StrategyAtlas, strategy_atlas


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(atlas)


def atlas(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")
    ] = "latest",
    *,
    count: Annotated[int, typer.Option("--count", min=1, help="Cells to list, the best first.")] = 15,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show the strategy atlas of a past run: ways to trade that it reached, and the best of each."""
    with open_past_run(run, load_settings(), tell_doubt, program()) as past:
        found = strategy_atlas(past)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found, count)


def _print(found: StrategyAtlas, count: int) -> None:
    console = screen()
    console.print(
        f"run {found.run}: {len(found.cells)} of {found.cells_in_all} cells reached by {found.looked_at:,} "
        f"genomes that traded, of {found.ranked:,} ranked",
        soft_wrap=True,
        markup=False,
    )
    if not found.cells:
        return
    for line in atlas_lines(found):
        console.print(line, soft_wrap=True)
    console.print(cells_table(found, count))
    if len(found.cells) > count:
        console.print(f"{len(found.cells) - count} more cells are not listed: raise --count", style="dim")
    if found.varied:
        console.print("the best of each pair of long share and correlation that scores above zero:")
        console.print(fleet_command(found.varied, program()), soft_wrap=True, markup=False)
