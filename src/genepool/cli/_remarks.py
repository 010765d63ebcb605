"""What a command says of the file that it was given, before it trades on it."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from genepool.adapters.files.provenance import Provenance


def tell_remarks(data: str, origin: Provenance) -> None:
    """Print what was decided or left out in reading a file, on standard error.

    Parameters
    ----------
    data
        Path of the file.
    origin
        What was seen in it.
    """
    console = Console(stderr=True, highlight=False)
    for remark in remarks(origin):
        console.print(escape(f"{Path(data).name}: {remark}"), soft_wrap=True)


def remarks(origin: Provenance) -> list[str]:
    """Return one phrase for each thing that was decided, changed or left out."""
    unused = f"columns that were not used: {', '.join(origin.unused)}" if origin.unused else ""
    return [*origin.repairs, *filter(None, [unused])]
