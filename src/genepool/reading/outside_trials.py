"""A file of trials that another program made: which program's it is, its first bytes say."""

from pathlib import Path

from genepool.adapters.freqtrade.hyperopt_results import read_hyperopt_results
from genepool.adapters.optuna.studies import read_study
from genepool.errors import ConfigError, DataError
from genepool.robustness.outside_trials import OutsideTrials

_SQLITE = b"SQLite format 3\0"
# A pickle of protocol 2 and above, and the compressions that joblib puts around one.
_PICKLES = (b"\x80", b"\x1f\x8b", b"\x78", b"BZh", b"\xfd7zXZ")


def read_outside_trials(file: Path, study: str | None = None) -> OutsideTrials:
    """Return the trials of ``freqtrade hyperopt`` or of a study of Optuna.

    Parameters
    ----------
    file
        Of JSON lines, as freqtrade writes them, or a SQLite storage of Optuna.
    study
        Name of the study.

    Raises
    ------
    ConfigError
        When a study is named that is not there, or none where there are several.
    DataError
        When the file cannot be read, or is none of both.
    """
    try:
        if not file.is_file():
            raise DataError(f"there is no file {file}: give a .fthypt file, or a storage of Optuna")
        with file.open("rb") as opened:
            beginning = opened.read(len(_SQLITE))
        if beginning == _SQLITE:
            return read_study(file, study)
        if file.suffix == ".pickle" or beginning.startswith(_PICKLES):
            raise DataError(
                f"{file.name} is a pickle, as freqtrade once wrote them, and a pickle may run any "
                "program: let freqtrade write a .fthypt file, or declare how many trials it holds with "
                "`genepool ledger declare`"
            )
        if study is not None:
            raise ConfigError(f"--study names a study of Optuna, and {file} is no storage: leave it out")
        return read_hyperopt_results(file)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}") from error
