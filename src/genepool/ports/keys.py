"""The keys that open the service."""

from collections.abc import Sequence
from typing import Protocol

from genepool.api_keys import ApiKey, Scope


class KeyRing(Protocol):
    """Keys by their hashes; a key itself is known to its user alone."""

    def add(self, key: str, name: str, scope: Scope) -> ApiKey:
        """Let a key in."""
        ...

    def find(self, key: str) -> ApiKey | None:
        """Return what is known of a key, revoked ones too; None for a stranger's."""
        ...

    def numbered(self, number: int) -> ApiKey | None:
        """Return the key of a number, a revoked one too; None where there is none."""
        ...

    def listed(self) -> Sequence[ApiKey]:
        """Return all of them, the oldest first."""
        ...

    def revoke(self, number: int) -> ApiKey:
        """Let a key in no more.

        Raises
        ------
        KeyNotFound
            When there is none of that number.
        """
        ...
