"""A browser's session: signed with its key's own secret, so that it ends with the key."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from genepool.api_keys import ApiKey
from genepool.ports import KeyRing

COOKIE = "genepool_session"
LASTS_SECONDS = 7 * 86_400.0
_PASS_SECONDS = 120.0
# Of a page that nobody opens, nothing stays.
_PASSES_AT_MOST = 100


def signed_session(key: ApiKey, now: float) -> str:
    """Return the cookie of a browser that proved that it has the key."""
    body = f"{key.id}.{now + LASTS_SECONDS:.0f}.{secrets.token_hex(8)}"
    return f"{body}.{_signature(key, body)}"


def key_of_session(cookie: str, ring: KeyRing, now: float) -> ApiKey | None:
    """Return the key whose session a cookie is; None for a forged, ended or revoked one."""
    body, _, signature = cookie.rpartition(".")
    number, _, rest = body.partition(".")
    until = rest.partition(".")[0]
    if not (number.isascii() and number.isdigit() and until.isascii() and until.isdigit()):
        return None
    if len(number) > 9 or len(until) > 12 or int(until) < now:  # noqa: PLR2004 - no longer ones are made
        return None
    key = ring.numbered(int(number))
    if key is None or not hmac.compare_digest(signature.encode(), _signature(key, body).encode()):
        return None
    return key if key.revoked_at is None else None


def csrf_token(cookie: str) -> str:
    """Return what a page of this session repeats in a header of all that it changes.

    Another site's page cannot read the cookie, which it is made of.
    """
    return hashlib.sha256(f"csrf {cookie}".encode()).hexdigest()


class Passes:
    """Words that open one session each, for the browser that the service itself opens.

    Parameters
    ----------
    seconds
        Monotonic time.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._passes: dict[str, tuple[int, float]] = {}

    def issue(self, key: ApiKey) -> str:
        """Return a word that stands for a key once, soon."""
        while len(self._passes) >= _PASSES_AT_MOST:
            self._passes.pop(next(iter(self._passes)))
        word = secrets.token_urlsafe(32)
        self._passes[word] = key.id, self._seconds() + _PASS_SECONDS
        return word

    def redeem(self, word: str) -> int | None:
        """Return the number of the key that a word stands for, and forget the word."""
        number, until = self._passes.pop(word, (None, 0.0))
        return number if self._seconds() < until else None


def _signature(key: ApiKey, body: str) -> str:
    return hmac.new(key.session_secret.encode(), body.encode(), hashlib.sha256).hexdigest()
