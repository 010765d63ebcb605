"""What is remembered of how a finished run's champion was weighed on its candles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the verdict of a run needs and only its candles tell; all else is asked of the history anew.

    Parameters
    ----------
    run_digest
        Digest of the run: one that was continued since is another one.
    rules
        Version of all that weighed it.
    fingerprint
        Of the champion.
    evaluated
        Evaluations of the run's problem that were known then: more may hold the champion's neighbours.
    found
        What was found, as values that JSON has.
    """

    run_digest: str
    rules: str
    fingerprint: str
    evaluated: int
    found: Mapping[str, Any]
