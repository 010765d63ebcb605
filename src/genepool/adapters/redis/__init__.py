"""Redis as a cache of fitness: fast when it is there, never needed."""

from genepool.adapters.redis.cache import RedisCache
from genepool.adapters.redis.redis_client import connect

__all__ = ["RedisCache", "connect"]
