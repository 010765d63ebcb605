"""What the use cases need from outside, by who needs it."""

from genepool.ports.clock import Clock
from genepool.ports.evaluation import BatchFinished, Evaluator, FitnessCache
from genepool.ports.history import EvaluationHistory, RecordedGenerations, RunCatalogue, TrialLedger
from genepool.ports.runs import RunLog, RunQueue
from genepool.ports.watching import (
    BatchWork,
    CacheAnswer,
    CacheStage,
    Hindrance,
    RetryReason,
    Seat,
    ServiceWatcher,
    StoreStage,
    Telemetry,
    WorkWatcher,
)

__all__ = [
    "BatchFinished",
    "BatchWork",
    "CacheAnswer",
    "CacheStage",
    "Clock",
    "EvaluationHistory",
    "Evaluator",
    "FitnessCache",
    "Hindrance",
    "RecordedGenerations",
    "RetryReason",
    "RunCatalogue",
    "RunLog",
    "RunQueue",
    "Seat",
    "ServiceWatcher",
    "StoreStage",
    "Telemetry",
    "TrialLedger",
    "WorkWatcher",
]
