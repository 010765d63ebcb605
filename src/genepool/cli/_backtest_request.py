"""From the flags of ``genepool backtest`` to the candles that it reads."""

from genepool.adapters.export.genome_file import GenomeFile
from genepool.cli._bundles import UsageError, read_words
from genepool.cli._data_flags import FileFlags
from genepool.errors import ConfigError


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
    """Return how a file is read: as the user says, or else as the run of the genome file read it.

    Raises
    ------
    ConfigError
        When the genome file names flags that there are not.
    """
    data = file.data if file else None
    if file is None or data is None or source != data.source or flags != FileFlags():
        return flags
    try:
        return read_words(FileFlags, data.reading)
    except UsageError as error:
        raise ConfigError(
            f"{file.path}: data.reading is not understood ({error}): give the flags yourself"
        ) from error
