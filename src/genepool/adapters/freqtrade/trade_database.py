"""The database of a freqtrade bot, live or dry: its table ``trades``, read by the standard library."""

import sqlite3
from contextlib import closing
from pathlib import Path

from genepool.adapters.freqtrade.trade_records import OPTIONAL, REQUIRED, trade_of
from genepool.backtest.live_trades import LiveTrade
from genepool.errors import DataError


def read_trade_database(file: Path) -> list[LiveTrade]:
    """Return the trades of a bot's database, by time of entry; nothing is written to it.

    Raises
    ------
    DataError
        When it is no such database, or a row cannot be.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            there = {str(row["name"]) for row in database.execute("PRAGMA table_info(trades)")}
            if lacking := [name for name in REQUIRED if name not in there]:
                raise DataError(
                    f"{file} has no table trades with a column {lacking[0]}: give the database of a "
                    "freqtrade bot, such as tradesv3.sqlite"
                )
            names = ", ".join(name for name in ("id", *REQUIRED, *OPTIONAL) if name in there)
            # Names of our own list alone.
            rows = database.execute(f"SELECT {names} FROM trades ORDER BY open_date, rowid").fetchall()  # noqa: S608
    except sqlite3.Error as error:
        raise DataError(f"{file} cannot be read as a database of freqtrade: {error}") from error
    return [
        trade_of(dict(row), f"{file}, trade {dict(row).get('id', number)}")
        for number, row in enumerate(rows, 1)
    ]
