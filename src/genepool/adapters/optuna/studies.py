"""Studies in Optuna's SQLite storage, read by the standard library; nothing is written to it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from genepool.errors import ConfigError, DataError
from genepool.robustness.outside_trials import OutsideTrials, outside_fingerprint

_PROGRAM = "optuna"
_STUDIES = "SELECT study_id, study_name FROM studies ORDER BY study_name"
# Trials that wait or run have shown nothing yet.
_TRIALS = """
    SELECT trials.trial_id, param_name, param_value, distribution_json
    FROM trials LEFT JOIN trial_params ON trial_params.trial_id = trials.trial_id
    WHERE study_id = ? AND state IN ('COMPLETE', 'PRUNED', 'FAIL')
    ORDER BY trials.trial_id, param_name
"""


def read_study(file: Path, study: str | None) -> OutsideTrials:
    """Return the trials of a study that have ended; the same parameters are one trial.

    Parameters
    ----------
    file
        The storage.
    study
        Name of the study; None where there is only one.

    Raises
    ------
    ConfigError
        When there is no such study, or several and none is named.
    DataError
        When the file is no such storage, or no trial has ended.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as storage:
            number, name = _chosen(storage.execute(_STUDIES).fetchall(), study, file)
            fingerprints = list(_fingerprints(storage, number, name))
    except (sqlite3.Error, ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{file} cannot be read as a storage of Optuna ({error}): give the SQLite file of a study"
        ) from error
    if not fingerprints:
        raise DataError(f"no trial of study {name!r} in {file} has ended: give one that has run")
    return OutsideTrials(_PROGRAM, len(fingerprints), tuple(dict.fromkeys(fingerprints)))


def _chosen(studies: list[tuple[int, str]], study: str | None, file: Path) -> tuple[int, str]:
    found = [one for one in studies if study in (None, one[1])]
    if len(found) == 1:
        return found[0]
    names = ", ".join(name for _, name in studies)
    if study is None and studies:
        raise ConfigError(f"{file} holds {len(studies)} studies: choose one with --study, of {names}")
    raise ConfigError(f"{file} has no study {study or ''!r}: choose from {names or 'none'}")


def _fingerprints(storage: sqlite3.Connection, number: int, name: str) -> Iterator[str]:
    for _, rows in groupby(storage.execute(_TRIALS, (number,)), itemgetter(0)):
        values = {parameter: _value(value, kind) for _, parameter, value, kind in rows if parameter}
        yield outside_fingerprint(_PROGRAM, name, values)


def _value(stored: float, distribution: str) -> Any:  # noqa: ANN401 - a choice may be of any type
    """Return a parameter's value: of a choice, the column holds its place."""
    choices = json.loads(distribution)["attributes"].get("choices")
    return stored if choices is None else choices[int(stored)]
