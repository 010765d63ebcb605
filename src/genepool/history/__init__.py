"""What is remembered of a run: its specification, its generations, and the digest of both."""

from genepool.history.generations import (
    GenerationRecord,
    NodeWork,
    evaluation_digest,
    generation_digest,
    run_digest,
    scored_text,
)
from genepool.history.lines import BirthLine, GenerationLine, LedgerLine
from genepool.history.ranking import BOARD_PLACES, champion_of, leaderboard
from genepool.history.run_pages import RunCursor, RunFilter, RunLines, RunSort
from genepool.history.run_records import RunSpec, RunStanding, RunState, RunSummary

__all__ = [
    "BOARD_PLACES",
    "BirthLine",
    "GenerationLine",
    "GenerationRecord",
    "LedgerLine",
    "NodeWork",
    "RunCursor",
    "RunFilter",
    "RunLines",
    "RunSort",
    "RunSpec",
    "RunStanding",
    "RunState",
    "RunSummary",
    "champion_of",
    "evaluation_digest",
    "generation_digest",
    "leaderboard",
    "run_digest",
    "scored_text",
]
