"""The five rungs of the verdict, a line each."""

from collections.abc import Mapping
from types import MappingProxyType

from rich.table import Table
from rich.text import Text

from genepool.robustness.ladder import Ladder, RungState

_MARKS: Mapping[RungState, tuple[str, str]] = MappingProxyType(
    {RungState.PASSED: ("✓", "green"), RungState.FAILED: ("✗", "red"), RungState.NOT_ASKED: ("?", "yellow")}
)


def ladder_table(ladder: Ladder) -> Table:
    """Return the rungs, the lowest first; dimmed above the one where it stopped: they do not count."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for place, found in enumerate(ladder.rungs):
        mark, colour = _MARKS[found.state]
        style = "dim" if place > ladder.height else ""
        name = f"{found.rung.height} {found.rung.name.lower()}"
        table.add_row(
            Text(mark, style=f"{colour} {style}"), Text(name, style=style), Text(found.sentence, style=style)
        )
    return table
