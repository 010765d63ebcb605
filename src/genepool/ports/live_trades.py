"""Where the trades of a live or dry-run bot come from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from genepool.backtest.live_trades import LiveTrade


class LiveTrades(Protocol):
    """Reads what a bot recorded, of any program."""

    def read(self, file: Path) -> Sequence[LiveTrade]:
        """Return all trades of a record, by time of entry.

        Parameters
        ----------
        file
            The record.

        Raises
        ------
        DataError
            When it cannot be read; the message names file, row and column.
        """
        ...
