"""The verdict: how far a champion climbs, from enough trades to the sealed exam, and why it stopped."""

from genepool.robustness.ladder._climbing import climb
from genepool.robustness.ladder._rungs import STABILITY_CHECKS
from genepool.robustness.ladder._seeing import Needed, needed_by_deflation, needed_by_nulls
from genepool.robustness.ladder._sentences import short_verdict
from genepool.robustness.ladder._terms import (
    Commands,
    ExamOutcome,
    Ladder,
    NullStanding,
    Rung,
    RungFound,
    RungState,
    StabilityFindings,
)

__all__ = [
    "STABILITY_CHECKS",
    "Commands",
    "ExamOutcome",
    "Ladder",
    "Needed",
    "NullStanding",
    "Rung",
    "RungFound",
    "RungState",
    "StabilityFindings",
    "climb",
    "needed_by_deflation",
    "needed_by_nulls",
    "short_verdict",
]
