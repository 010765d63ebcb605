"""Trials that another program made: each counts as a genome does, once, by what was tried."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# As many signs as the fingerprint of a genome has.
_SIGNS = 16


@dataclass(frozen=True, slots=True)
class OutsideTrials:
    """What a file of another program tells.

    Parameters
    ----------
    program
        Its name.
    read
        How many trials stand in the file.
    fingerprints
        Of the different ones, in their order.
    """

    program: str
    read: int
    fingerprints: tuple[str, ...]


def outside_fingerprint(program: str, tried: str, parameters: Mapping[str, Any]) -> str:
    """Return what tells a trial from every other.

    Parameters
    ----------
    program
        Which program tried it.
    tried
        What the parameters are of, such as the name of a strategy or study.
    parameters
        Values that JSON has, by name, in any order.
    """
    text = json.dumps([program, tried, parameters], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_SIGNS]
