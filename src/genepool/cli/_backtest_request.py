"""From the flags of ``genepool backtest`` to the candles that it reads."""

from genepool.adapters.export.genome_file import GenomeFile
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
