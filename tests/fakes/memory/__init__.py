"""Every port in memory: what tests use, and the plainest reading of what each port promises."""

from tests.fakes.memory.cache import MemoryCache
from tests.fakes.memory.clock import ManualClock
from tests.fakes.memory.evaluator import MemoryEvaluator
from tests.fakes.memory.store import MemoryStore
from tests.fakes.memory.telemetry import EventLog

__all__ = ["EventLog", "ManualClock", "MemoryCache", "MemoryEvaluator", "MemoryStore"]
