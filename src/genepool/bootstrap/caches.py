"""The caches of fitness: Redis in front of the history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from genepool.adapters.store.codec import rules_of
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.stores import secret_of
from genepool.pool.planning import Plan
from genepool.pool.tiers import TieredCache
from genepool.ports import FitnessCache, Watcher
from genepool.settings import Settings

# Puts what is faster in front of a run's history.
Front: TypeAlias = Callable[[Plan, FitnessCache], FitnessCache]


@contextmanager
def fitness_front(settings: Settings, watcher: Watcher) -> Iterator[Front]:
    """Yield what puts Redis, when there is one, in front of a run's history; one connection for all runs.

    Parameters
    ----------
    settings
        They name the Redis.
    watcher
        Told how the cache fares.
    """
    if not settings.redis_url:
        yield lambda _plan, history: history
        return
    # The client comes with an extra.
    from genepool.adapters.redis import RedisCache, client_of  # noqa: PLC0415

    client = client_of(
        settings.redis_url, secret_of(settings.redis_password_file, "GENEPOOL_REDIS_PASSWORD_FILE")
    )

    def front(plan: Plan, history: FitnessCache) -> FitnessCache:
        redis = RedisCache(client, plan.problem.digest, rules_of, watcher, SystemClock())
        return TieredCache([redis, history])

    try:
        yield front
    finally:
        client.close()
