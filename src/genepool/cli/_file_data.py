"""The candles that a command was told to take, with the flags that say how a file is read."""

from dataclasses import replace
from pathlib import Path

from genepool.adapters.files.catalogue import find_data, is_kept
from genepool.adapters.files.provenance import DataSet
from genepool.cli._advice import read_with_advice
from genepool.cli._bundles import words_of
from genepool.cli._data_flags import FileFlags
from genepool.cli._data_options import file_options
from genepool.cli._doubts import tell_doubts
from genepool.errors import ConfigError
from genepool.market.default_costs import default_costs_named


def read_data(data: str, home: Path, flags: FileFlags) -> DataSet:
    """Return a sample, an import, a synthetic market or a file.

    Parameters
    ----------
    data
        Name or path.
    home
        Folder of the imports.
    flags
        What the user says of a file.
    """
    found = read_with_advice(flags, lambda said: find_data(data, home, file_options(said)))
    tell_doubts(found, read_now=not is_kept(data, home))
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
