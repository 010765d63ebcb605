"""What the use cases need from outside, by who needs it.

``candles`` brings numpy, which a list of runs does without: a caller that needs that port imports its module.
"""

from genepool.ports.clock import Clock
from genepool.ports.evaluation import BatchFinished, Evaluator, FitnessCache
from genepool.ports.exams import ExamBook
from genepool.ports.history import (
    EvaluationHistory,
    RecordedGenerations,
    RecordedParts,
    RunCatalogue,
    TrialLedger,
)
from genepool.ports.jobs import JobQueue, JobSchedule
from genepool.ports.keys import KeyRing
from genepool.ports.ledger_book import LedgerAccounts, LedgerChains, LedgerPages, OutsideTrialsLog
from genepool.ports.null_searches import NullSearches
from genepool.ports.run_book import RunBook, RunChanges, RunPages
from genepool.ports.run_events import (
    ChampionWeighed,
    ConcludingStep,
    GenerationAdvanced,
    GenerationFinished,
    LiveCompared,
    NullsCompared,
    OverfittingMeasured,
    RunClimbed,
    RunClosing,
    RunConcluding,
    RunEnded,
    RunStarted,
    StopRequested,
)
from genepool.ports.runs import RunLog, RunQueue
from genepool.ports.service_events import (
    AnnotationLost,
    CacheAnswer,
    CacheAnswered,
    CacheReachable,
    CacheStage,
    CacheTook,
    Hindered,
    Hindrance,
    JobEnd,
    JobEnded,
    JobsCounted,
    JournalHolds,
    ListenersCounted,
    RequestAnswered,
    StatusClass,
    StoreReachable,
    StoreStage,
    StoreTook,
    WriteRefused,
)
from genepool.ports.watching import Event, Watcher
from genepool.ports.weighings import Weighings
from genepool.ports.work_events import (
    BatchEvaluated,
    BatchRetried,
    CrewChanged,
    GenomeQuarantined,
    NodesMeasured,
    QueueChanged,
    RetryReason,
    Seat,
)

__all__ = [
    "AnnotationLost",
    "BatchEvaluated",
    "BatchFinished",
    "BatchRetried",
    "CacheAnswer",
    "CacheAnswered",
    "CacheReachable",
    "CacheStage",
    "CacheTook",
    "ChampionWeighed",
    "Clock",
    "ConcludingStep",
    "CrewChanged",
    "EvaluationHistory",
    "Evaluator",
    "Event",
    "ExamBook",
    "FitnessCache",
    "GenerationAdvanced",
    "GenerationFinished",
    "GenomeQuarantined",
    "Hindered",
    "Hindrance",
    "JobEnd",
    "JobEnded",
    "JobQueue",
    "JobSchedule",
    "JobsCounted",
    "JournalHolds",
    "KeyRing",
    "LedgerAccounts",
    "LedgerChains",
    "LedgerPages",
    "ListenersCounted",
    "LiveCompared",
    "NodesMeasured",
    "NullSearches",
    "NullsCompared",
    "OutsideTrialsLog",
    "OverfittingMeasured",
    "QueueChanged",
    "RecordedGenerations",
    "RecordedParts",
    "RequestAnswered",
    "RetryReason",
    "RunBook",
    "RunCatalogue",
    "RunChanges",
    "RunClimbed",
    "RunClosing",
    "RunConcluding",
    "RunEnded",
    "RunLog",
    "RunPages",
    "RunQueue",
    "RunStarted",
    "Seat",
    "StatusClass",
    "StopRequested",
    "StoreReachable",
    "StoreStage",
    "StoreTook",
    "TrialLedger",
    "Watcher",
    "Weighings",
    "WriteRefused",
]
