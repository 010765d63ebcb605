"""Keys that open the service: made once, shown once, and kept as their hash."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

# Each may do what those before it may.
Scope: TypeAlias = Literal["read", "run", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "run", "admin")

# So that people, and programs that look for leaked secrets, see what it is.
_PREFIX = "gp_"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the service knows it.

    Parameters
    ----------
    id
        Its number.
    name
        What its user calls it.
    scope
        What it may do.
    made_at, revoked_at
        ISO 8601 in UTC; ``revoked_at`` is None while it opens the service.
    session_secret
        Signs the sessions of browsers that were opened with it; it ends with the key.
    """

    id: int
    name: str
    scope: Scope
    made_at: str
    revoked_at: str | None = None
    session_secret: str = field(default="", repr=False)

    def allows(self, scope: Scope) -> bool:
        """Tell whether it may do what asks for a scope."""
        return self.revoked_at is None and SCOPES.index(self.scope) >= SCOPES.index(scope)


def fresh_key() -> str:
    """Return a key that nobody can guess."""
    return _PREFIX + secrets.token_urlsafe(_BYTES)


def fresh_secret() -> str:
    """Return a secret that signs sessions."""
    return secrets.token_hex(_BYTES)


def hash_of(key: str) -> str:
    """Return what is kept of a key.

    A key holds 256 random bits: a plain hash cannot be turned back, and costs a request nothing.
    """
    return hashlib.sha256(key.encode()).hexdigest()
