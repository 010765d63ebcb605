"""What a champion is asked before it is believed, one file each; a new file is found by itself."""

import sys
from functools import cache

from genepool.plugins import discover
from genepool.robustness.checks._base import Check, CheckFinding, CheckOutcome
from genepool.robustness.checks._subject import Answers, Subject, Variant, VariantResult

__all__ = [
    "Answers",
    "Check",
    "CheckFinding",
    "CheckOutcome",
    "Subject",
    "Variant",
    "VariantResult",
    "robustness_checks",
]


@cache
def robustness_checks() -> dict[str, Check]:
    """Return every check by name, sorted."""
    return discover(sys.modules[__name__], "CHECK", Check)
