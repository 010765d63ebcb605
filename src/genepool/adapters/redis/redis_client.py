"""A client that gives up at once: the library's own defaults wait for a minute."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from genepool.errors import ConfigError

# What connecting and each read may take; what comes later is worth less than the evaluation that it saves.
PATIENCE_SECONDS = 0.05


def client_of(url: str, password: str | None = None) -> Redis:
    """Return a client of the Redis that a URL names; it connects when it is first used.

    Parameters
    ----------
    url
        Such as ``redis://redis:6379/0``.
    password
        Its password, None when the URL holds it or there is none.

    Raises
    ------
    ConfigError
        When the URL names no Redis.
    """
    options = {"password": password} if password else {}
    try:
        return Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
            driver_info=None,
            **options,
        )
    except (ValueError, RedisError):
        # What it says may hold a part of the password, so it is not repeated.
        raise ConfigError(
            "GENEPOOL_REDIS_URL names no Redis: give a URL such as redis://redis:6379/0, and the password in "
            "the file of GENEPOOL_REDIS_PASSWORD_FILE"
        ) from None
