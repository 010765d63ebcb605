"""What one check of this machine found, and how it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SYMBOLS = {"good": "ok  ", "warning": "warn", "bad": "FAIL", "away": "FAIL"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Parameters
    ----------
    level
        ``warning`` lets the stack start; ``bad`` does not; ``away`` means that Docker did not answer.
    said
        The finding in a few words.
    remedy
        What to do about it; empty when nothing is.
    """

    level: Literal["good", "warning", "bad", "away"]
    said: str
    remedy: str = ""


def status(findings: Iterable[Finding]) -> int:
    """Return the exit status."""
    levels = {finding.level for finding in findings}
    return 4 if "away" in levels else 2 if "bad" in levels else 0


def line(finding: Finding) -> str:
    """Return the line that is printed."""
    return f"  {SYMBOLS[finding.level]}  {finding.said}" + (f": {finding.remedy}" if finding.remedy else "")
