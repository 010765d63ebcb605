"""The fitness cache in Redis; every fault of Redis costs time only."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from redis import Redis

from genepool.adapters.redis.values import key_of, pack, unpack
from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome
from genepool.ports import (
    CacheAnswer,
    CacheAnswered,
    CacheReachable,
    CacheStage,
    CacheTook,
    Clock,
    Watcher,
)
from genepool.resilience.circuit_breaker import CircuitBreaker
from genepool.resilience.time_limited_call import TimeLimitedCall

# Keys of one round trip.
CHUNK = 500
EXPIRY_SECONDS = 30 * 24 * 3_600
# What a round trip may take as a whole, names that resolve slowly and answers that trickle in included.
TRIP_SECONDS = 0.25

T = TypeVar("T")


class RedisCache:
    """``FitnessCache`` in Redis, for one problem and one caller.

    It keeps scores, never failures: whether a genome failed by itself or because its machine did
    is unknown here, and a machine's fault must not follow a genome into other runs. The history
    remembers what failed.

    Parameters
    ----------
    client
        Made by ``connect``.
    problem_digest
        What genomes are scored against.
    rules
        Returns the version of all rules that a genome's score depends on.
    watcher
        Told of answers, times and outages.
    clock
        What time it is.
    patience
        Seconds that a round trip may take as a whole; the client's own limits are shorter.
    """

    def __init__(
        self,
        client: Redis,
        problem_digest: str,
        rules: Callable[[Genome], str],
        watcher: Watcher,
        clock: Clock,
        patience: float = TRIP_SECONDS,
    ) -> None:
        self._client = client
        self._problem_digest = problem_digest
        self._rules = rules
        self._watcher = watcher
        self._clock = clock
        self._patience = patience
        self._breaker = CircuitBreaker(clock, self._reachable)
        self._calls = TimeLimitedCall()
        self._reason = ""

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        """Return what is known, by fingerprint; entries that are not ours are deleted."""
        asked = {self._key(genome): genome for genome in genomes}
        known: dict[str, Evaluation] = {}
        damaged: list[str] = []
        for keys in _chunks(list(asked)):
            for key, value in zip(keys, self._read(keys), strict=False):
                scored = unpack(key, value) if isinstance(value, bytes) else None
                if scored is not None:
                    known[asked[key].fingerprint] = Evaluation(asked[key], scored)
                elif value is not None:
                    damaged.append(key)
        self._report(len(asked), len(known), len(damaged))
        for keys in _chunks(damaged):
            self._delete(keys)
        return known

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        """Remember scores; failures are left out."""
        values = {}
        for evaluation in evaluations:
            key = self._key(evaluation.genome)
            value = None if evaluation.scored is None else pack(key, evaluation.scored)
            if value is not None:
                values[key] = value
        for keys in _chunks(list(values)):
            self._write({key: values[key] for key in keys})

    def _key(self, genome: Genome) -> str:
        return key_of(self._problem_digest, self._rules(genome), genome.fingerprint)

    def _read(self, keys: Sequence[str]) -> Sequence[object]:
        return self._ask("read", lambda: list(self._client.mget(keys))) or []

    def _write(self, values: dict[str, bytes]) -> None:
        pipeline = self._client.pipeline(transaction=False)
        for key, value in values.items():
            pipeline.set(key, value, ex=EXPIRY_SECONDS)
        self._ask("write", pipeline.execute)

    def _delete(self, keys: Sequence[str]) -> None:
        self._ask("write", lambda: self._client.unlink(*keys))

    def _ask(self, stage: CacheStage, trip: Callable[[], T]) -> T | None:
        """Make a round trip; None when it failed, or when the breaker is open."""
        if not self._breaker.allows():
            return None
        began = self._clock.seconds()
        try:
            answer = self._calls.call(trip, self._patience)
        # Not RedisError alone: what says nonsense makes the client stumble in its own ways.
        except Exception as error:  # noqa: BLE001 - a cache must never end a run
            self._reason = str(error)
            self._breaker.failed()
            return None
        finally:
            # A trip that fails keeps the run waiting as well.
            self._watcher(CacheTook(stage, self._clock.seconds() - began))
        self._breaker.succeeded()
        return answer

    def _report(self, asked: int, known: int, damaged: int) -> None:
        answers: dict[CacheAnswer, int] = {"hit": known, "corrupt": damaged, "miss": asked - known - damaged}
        for answer, count in answers.items():
            if count:
                self._watcher(CacheAnswered(answer, count))

    def _reachable(self, reachable: bool) -> None:
        self._watcher(CacheReachable(reachable))
        if reachable:
            structlog.get_logger().info("cache_reachable")
        else:
            structlog.get_logger().warning("cache_away", reason=self._reason)


def _chunks(keys: list[str]) -> list[list[str]]:
    return [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]
