"""A key of the service as a document, without what could open anything."""

from dataclasses import dataclass

from genepool.api_keys import ApiKey, Scope
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class KeyDocument(Document):
    """A key, as ``ApiKey`` says."""

    id: int
    name: str
    scope: Scope
    made_at: str
    revoked_at: str | None


def key_document(key: ApiKey) -> KeyDocument:
    """Return a key as a document."""
    return KeyDocument(key.id, key.name, key.scope, key.made_at, key.revoked_at)
