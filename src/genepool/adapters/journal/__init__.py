"""A journal on local disk in front of a history that may be away for a while."""

from genepool.adapters.journal.entries import History
from genepool.adapters.journal.store import JournaledStore

__all__ = ["History", "JournaledStore"]
