"""Redis as a cache of fitness: fast when it is there, never needed."""

from genepool.adapters.redis.cache import RedisCache
from genepool.adapters.redis.redis_client import client_of

__all__ = ["RedisCache", "client_of"]
