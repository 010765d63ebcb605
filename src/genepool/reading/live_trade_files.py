"""A file of live trades: which program's it is, its first bytes say."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.files.trade_table import read_trade_table
from genepool.adapters.freqtrade.exported_trades import read_exported_trades
from genepool.adapters.freqtrade.trade_database import read_trade_database
from genepool.backtest.live_trades import LiveTrade
from genepool.errors import DataError

_SQLITE = b"SQLite format 3\0"
_EXPORTS = (b"{", b"[", b"PK")


@dataclass(frozen=True, slots=True)
class LiveTradeFiles:
    """``LiveTrades`` of files: freqtrade's database, its exports, or a CSV."""

    def read(self, file: Path) -> Sequence[LiveTrade]:
        """Return all trades of a record, by time of entry.

        Raises
        ------
        DataError
            When it cannot be read, or is none of them.
        """
        try:
            if not file.is_file():
                raise DataError(
                    f"there is no file {file}: give freqtrade's database, its exported trades, or a CSV of "
                    "trades"
                )
            with file.open("rb") as opened:
                beginning = opened.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
            if beginning.startswith(_SQLITE):
                return read_trade_database(file)
            if beginning.startswith(_EXPORTS):
                return read_exported_trades(file)
            return read_trade_table(file)
        except OSError as error:
            raise DataError(f"{file} cannot be read: {error.strerror}") from error
