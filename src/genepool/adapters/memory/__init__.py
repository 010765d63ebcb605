"""Every port in memory: what tests use, and the plainest reading of what each port promises."""

from genepool.adapters.memory.cache import MemoryCache
from genepool.adapters.memory.clock import ManualClock
from genepool.adapters.memory.evaluator import MemoryEvaluator
from genepool.adapters.memory.store import MemoryStore
from genepool.adapters.memory.telemetry import EventLog

__all__ = ["EventLog", "ManualClock", "MemoryCache", "MemoryEvaluator", "MemoryStore"]
