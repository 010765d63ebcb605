"""Candles by name, or those of a file, read as the words of a run or the flags of a command say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from genepool.adapters.files.catalogue import find_data, is_kept
from genepool.errors import ConfigError
from genepool.market.default_costs import default_costs_named
from genepool.market.provenance import DataSet
from genepool.reading.advice import read_with_advice
from genepool.reading.bundles import read_words, words_of
from genepool.reading.flags import FileFlags
from genepool.reading.options import file_options
from genepool.usecases.market_doubts import doubts_of


@dataclass(frozen=True, slots=True)
class FileCandles:
    """``CandleSource`` of this machine's files: what is doubtful of them is told.

    Parameters
    ----------
    home
        Folder of the imports.
    tell
        Told what is doubtful, a sentence each.
    """

    home: Path
    tell: Callable[[str], object]

    def read(
        self, data: str, reading: tuple[str, ...] = (), *, symbol: str = "", timeframe: str = ""
    ) -> DataSet:
        """Return candles by name, or those of a file, read as the words say."""
        said = read_words(FileFlags, reading)
        known = replace(said, symbol=symbol or said.symbol, timeframe=timeframe or said.timeframe)
        return read_data(data, self.home, known, self.tell)


def read_data(data: str, home: Path, flags: FileFlags, tell: Callable[[str], object]) -> DataSet:
    """Return a sample, an import, a synthetic market or a file.

    Parameters
    ----------
    data
        Name or path.
    home
        Folder of the imports.
    flags
        What the user says of a file.
    tell
        Told what is doubtful of the candles, a sentence each.
    """
    found = read_with_advice(flags, lambda said: find_data(data, home, file_options(said)))
    for sentence in doubts_of(found, read_now=not is_kept(data, home)):
        tell(sentence)
    return with_market(found, flags)


def with_market(data: DataSet, flags: FileFlags) -> DataSet:
    """Return the data set, of the kind of market that the user says, if any."""
    if not flags.market:
        return data
    return replace(data, provenance=replace(data.provenance, market=default_costs_named(flags.market).name))


def refuse_unused(data: str, home: Path, flags: FileFlags) -> None:
    """Refuse flags that say how a file is read where nothing is read from one.

    Raises
    ------
    ConfigError
        Naming the first of them.
    """
    # What is said of any candles, not only of a file's.
    unused = words_of(replace(flags, timeframe="", market=""))
    if unused and is_kept(data, home):
        raise ConfigError(
            f"{unused[0]} says how a file is read, and {data} was checked when it was made or imported: "
            f"leave {unused[0]} out, or give the file that it came from"
        )
