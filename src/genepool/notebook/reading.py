"""Candles of a notebook: by name or file, as the command line reads them, or from a DataFrame."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Unpack

from genepool.adapters.files.catalogue import find_data
from genepool.errors import ConfigError
from genepool.market.provenance import DataSet
from genepool.notebook.market import MarketCandles
from genepool.notebook.reading_flags import FrameFlags, ReadingFlags, flags_of_reading
from genepool.reading.advice import read_with_advice
from genepool.reading.bundles import words_of
from genepool.reading.file_candles import read_data, refuse_unused, with_market
from genepool.reading.options import file_options
from genepool.settings import load_settings
from genepool.usecases.market_doubts import doubts_of

# How the history notes candles that came from no file.
FROM_A_FRAME = "dataframe"


def read(data: str | Path, **reading: Unpack[ReadingFlags]) -> MarketCandles:
    """Read candles: a sample, an import, a synthetic market, or a file of any of the known formats.

    The rules are those of the command line: the same file with the same flags gives the same bits.

    Parameters
    ----------
    data
        Its name, such as ``"btcusd_1h"`` or ``"synthetic:noise:seed=1"``, or the path of the file.
    **reading
        How a file is read, see ``ReadingFlags``.

    Returns
    -------
    MarketCandles
        The candles; what is doubtful of them stands in ``doubts``.

    Raises
    ------
    DataError
        When there is nothing of that name, or a row breaks a rule; the flags that its sentence names
        are keywords here, ``--max-gap 3`` is ``max_gap=3``.
    ConfigError
        When the keywords contradict each other, or one of them is unknown.

    Examples
    --------
    >>> import genepool as gp
    >>> gp.read("synthetic:noise:seed=1,candles=500")
    SYNTHETIC-NOISE 1h (synthetic), 500 candles, 2020-01-01 to 2020-01-21
    """
    name, home = str(data), load_settings().home
    flags = flags_of_reading(reading)
    refuse_unused(name, home, flags)
    doubts: list[str] = []
    return MarketCandles(read_data(name, home, flags, doubts.append), name, words_of(flags), tuple(doubts))


def candles(
    frame: Any,  # noqa: ANN401 - pandas has no types of its own
    *,
    symbol: str,
    timeframe: str = "",
    **reading: Unpack[FrameFlags],
) -> MarketCandles:
    """Take candles from a ``pandas.DataFrame``, checked as those of a file are.

    Parameters
    ----------
    frame
        One row a candle. The time is the index, or a column such as ``time`` or ``timestamp``; stamps
        without a zone are in UTC. Other columns are found by their names, as in a file. It is not changed.
    symbol
        Name of the market.
    timeframe
        Such as ``"1h"``; read from the commonest spacing where it is not given.
    **reading
        As in ``read``.

    Raises
    ------
    DataError
        When a row breaks a rule.
    ConfigError
        As ``read``.

    Examples
    --------
    >>> import genepool as gp
    >>> frame = gp.read("btcusd_1h").frame
    >>> gp.candles(frame.tail(1000), symbol="BTCUSD", timeframe="1h", allow_zero_volume=True)
    BTCUSD 1h, 1,000 candles, 2019-09-05 to 2019-10-17
    """
    flags = replace(flags_of_reading(reading), symbol=symbol, timeframe=timeframe)
    with TemporaryDirectory(prefix="genepool-") as folder:
        file = str(_written(frame, Path(folder) / f"{FROM_A_FRAME}.feather"))
        found = read_with_advice(
            flags, lambda said: find_data(file, Path(folder), file_options(said, "a DataFrame"))
        )
    doubts = doubts_of(found, read_now=True)
    return MarketCandles(with_market(found, flags), FROM_A_FRAME, words_of(flags), doubts)


def _written(frame: Any, file: Path) -> Path:  # noqa: ANN401 - as above
    """Write a frame as a file of its own: what a file may look like, a frame may look like."""
    import pandas as pd  # noqa: PLC0415 - half a second, and files are read without it

    if not isinstance(frame, pd.DataFrame):
        raise ConfigError(f"candles are taken from a pandas DataFrame, and this is a {type(frame).__name__}")
    whole = (
        frame
        if isinstance(frame.index, pd.RangeIndex)
        else frame.reset_index(names=frame.index.name or "time")
    )
    whole.reset_index(drop=True).rename(columns=str).to_feather(file)
    return file


class CandlesInMemory:
    """``CandleSource`` of one market that is in memory.

    Parameters
    ----------
    held
        Its candles, which it gives under any name.
    """

    def __init__(self, held: DataSet) -> None:
        self._held = held

    def read(
        self, _data: str, _reading: tuple[str, ...] = (), *, symbol: str = "", timeframe: str = ""
    ) -> DataSet:
        """Return the candles; what a history says of symbol and timeframe, their digest proves or refutes."""
        del symbol, timeframe
        return self._held
