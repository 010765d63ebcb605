"""What the use cases need from outside, by who needs it."""

from genepool.ports.clock import Clock
from genepool.ports.evaluation import BatchFinished, Evaluator, FitnessCache
from genepool.ports.history import EvolutionStore, RunQueue
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
    "Evaluator",
    "EvolutionStore",
    "FitnessCache",
    "Hindrance",
    "RetryReason",
    "RunQueue",
    "Seat",
    "ServiceWatcher",
    "StoreStage",
    "Telemetry",
    "WorkWatcher",
]
