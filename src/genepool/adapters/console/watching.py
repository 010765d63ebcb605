"""Who shows a run while it is bred and concluded: a screen on a terminal, elsewhere the log."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from genepool.adapters.console.concluding import ConcludingLine
from genepool.adapters.console.live_screen import LiveScreen
from genepool.adapters.console.plain_log import PlainLog
from genepool.pool.watchers import audience
from genepool.ports import Watcher


@contextmanager
def run_watcher(console: Console) -> Iterator[Watcher]:
    """Yield the watcher for a console, and clear what it draws afterwards."""
    if not console.is_terminal:
        yield PlainLog()
        return
    with LiveScreen(console) as live, ConcludingLine(console) as line:
        yield audience([live, line])
