"""Token buckets: how often each client may ask, in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass

# A client that waits as long as told is not refused for the last bit of a sum.
_ROUNDING = 1e-6


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """One bucket of tokens for each client: a request takes a token, and time brings new ones.

    Parameters
    ----------
    rate
        Tokens that a bucket gets a second.
    burst
        Tokens that fit into a bucket; it begins full.
    most
        Buckets at most. One more takes the place of that which was asked longest ago.
    """

    def __init__(self, rate: float = 50.0, burst: int = 200, most: int = 4096) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """Return how many clients are remembered."""
        return len(self._buckets)

    def take(self, client: str, now: float) -> float:
        """Take a token of the client's; return the seconds until there is one, 0 when it was taken.

        Parameters
        ----------
        client
            Names the client.
        now
            Seconds, which never decrease.
        """
        bucket = self._bucket_of(client, now)
        bucket.tokens = min(float(self._burst), bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens < 1 - _ROUNDING:
            return (1 - bucket.tokens) / self._rate
        bucket.tokens -= 1
        return 0.0

    def _bucket_of(self, client: str, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(client, _Bucket(float(self._burst), now))
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket
