"""Results of ``freqtrade hyperopt``: a file of JSON lines, an epoch each."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from genepool.errors import DataError
from genepool.robustness.outside_trials import OutsideTrials, outside_fingerprint

_PROGRAM = "freqtrade"
# An epoch tells of every pair, and takes some thousand bytes; what has no end of line is no such file.
_LONGEST_LINE = 50_000_000


def read_hyperopt_results(file: Path) -> OutsideTrials:
    """Return the trials of a results file; the same parameters of the same strategy are one trial.

    Raises
    ------
    DataError
        When a line is no epoch, or there is none.
    """
    fingerprints = list(_fingerprints(file))
    if not fingerprints:
        raise DataError(f"{file} holds no epoch: give the .fthypt file of a hyperopt that has run")
    return OutsideTrials(_PROGRAM, len(fingerprints), tuple(dict.fromkeys(fingerprints)))


def _fingerprints(file: Path) -> Iterator[str]:
    with file.open("rb") as lines:
        number = 0
        while line := lines.readline(_LONGEST_LINE):
            number += 1
            if line.strip():
                yield _fingerprint(line, f"line {number} of {file}")


def _fingerprint(line: bytes, where: str) -> str:
    try:
        epoch = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{where} is not JSON: give a .fthypt file of freqtrade, or remove a line that was cut off"
        ) from error
    parameters = epoch.get("params_dict") if isinstance(epoch, Mapping) else None
    if not isinstance(parameters, Mapping) or "loss" not in epoch:
        raise DataError(f"{where} is no hyperopt epoch, with params_dict and loss: give a .fthypt file")
    tried = {"searched": parameters, "kept": epoch.get("params_not_optimized")}
    return outside_fingerprint(_PROGRAM, _strategy(epoch), tried)


def _strategy(epoch: Mapping[str, Any]) -> str:
    metrics = epoch.get("results_metrics")
    return str(metrics.get("strategy_name", "")) if isinstance(metrics, Mapping) else ""
