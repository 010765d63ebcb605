"""What is remembered of a run: its specification, its generations, and the digest of both."""

from genepool.history.exams import (
    ATTEMPTS,
    LookKind,
    NewLook,
    SealedLook,
    backtest_question,
    question_of,
    unsealing,
)
from genepool.history.generations import (
    GenerationRecord,
    NodeWork,
    evaluation_digest,
    generation_digest,
    run_digest,
    scored_text,
)
from genepool.history.holdings import HeldGenome, Holdings
from genepool.history.ledger_accounts import LedgerAccount, TrialOrigins, TrialSharpe
from genepool.history.ledger_entries import (
    BY_RUNS,
    NO_HASH,
    OF_LOOKS,
    OF_TRIALS,
    EntryKind,
    LedgerEntry,
    NewEntry,
    entry_hash,
    known_digest,
    linked,
    trials_digest,
)
from genepool.history.ledger_faults import LedgerFault, StoredChain, faults_of
from genepool.history.lines import BirthLine, GenerationLine, LedgerLine
from genepool.history.null_searches import THE_RUN_ITSELF, NullSearch, SearchedRun
from genepool.history.ranking import BOARD_PLACES, champion_of, leaderboard
from genepool.history.run_pages import RunCursor, RunFilter, RunLines, RunSort
from genepool.history.run_records import RunSpec, RunStanding, RunState, RunSummary
from genepool.history.weighings import Weighing

__all__ = [
    "ATTEMPTS",
    "BOARD_PLACES",
    "BY_RUNS",
    "NO_HASH",
    "OF_LOOKS",
    "OF_TRIALS",
    "THE_RUN_ITSELF",
    "BirthLine",
    "EntryKind",
    "GenerationLine",
    "GenerationRecord",
    "HeldGenome",
    "Holdings",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerFault",
    "LedgerLine",
    "LookKind",
    "NewEntry",
    "NewLook",
    "NodeWork",
    "NullSearch",
    "RunCursor",
    "RunFilter",
    "RunLines",
    "RunSort",
    "RunSpec",
    "RunStanding",
    "RunState",
    "RunSummary",
    "SealedLook",
    "SearchedRun",
    "StoredChain",
    "TrialOrigins",
    "TrialSharpe",
    "Weighing",
    "backtest_question",
    "champion_of",
    "entry_hash",
    "evaluation_digest",
    "faults_of",
    "generation_digest",
    "known_digest",
    "leaderboard",
    "linked",
    "question_of",
    "run_digest",
    "scored_text",
    "trials_digest",
    "unsealing",
]
