"""From what is said of a backtest, by flags or by a job, to the candles that it reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from genepool.adapters.files.catalogue import is_kept
from genepool.errors import ConfigError, DataError
from genepool.market.provenance import DataSet
from genepool.reading.bundles import UsageError, read_words
from genepool.reading.file_candles import read_data, refuse_unused
from genepool.reading.flags import FileFlags
from genepool.usecases.genome_file import GenomeFile


def chosen_data(data: str | None, file: GenomeFile | None) -> str:
    """Return where the candles are: what the user says, or else what the genome file says.

    Raises
    ------
    ConfigError
        When neither does.
    """
    if data is not None:
        return data
    if file is None:
        raise ConfigError("say on which candles: give --data, or --genome with a file that names them")
    if file.data is None:
        raise ConfigError(f"{file.path} does not say on which candles its genome was scored: give --data")
    return file.data.source


def chosen_reading(source: str, flags: FileFlags, file: GenomeFile | None) -> FileFlags:
    """Return how a file is read: as the user says, and for the rest as the run of the genome file read it.

    That is known of the run's own file, also where it was moved: then it has its name still.

    Raises
    ------
    ConfigError
        When the genome file names flags that there are not.
    """
    data = file.data if file else None
    if file is None or data is None or Path(source).name != Path(data.source).name:
        return flags
    try:
        as_then = read_words(FileFlags, data.reading)
    except UsageError as error:
        raise ConfigError(
            f"{file.path}: data.reading is not understood ({error}): give the flags yourself"
        ) from error
    plain = vars(FileFlags())
    return replace(as_then, **{name: said for name, said in vars(flags).items() if said != plain[name]})


def read_chosen(
    data: str | None, file: GenomeFile | None, home: Path, flags: FileFlags, tell: Callable[[str], object]
) -> DataSet:
    """Return the candles that ``chosen_data`` names, read as ``chosen_reading`` says.

    Parameters
    ----------
    data
        What the user says; None for what the genome file says.
    file
        The genome file, if there is one.
    home
        Folder of the imports.
    flags
        How a file is read.
    tell
        Told what is doubtful of the candles, a sentence each.

    Raises
    ------
    ConfigError
        As both, and when flags say how a file is read where none is.
    DataError
        When there is nothing of that name, or what is there breaks a rule.
    """
    source = chosen_data(data, file)
    refuse_unused(source, home, flags)
    try:
        return read_data(source, home, chosen_reading(source, flags, file), tell)
    except DataError as error:
        if data is not None or file is None or is_kept(source, home) or Path(source).exists():
            raise
        raise DataError(
            f"{error}; {file.path} was made on {source}: say with --data where its candles are now"
        ) from error
