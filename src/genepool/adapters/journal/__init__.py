"""A journal on local disk in front of a history that may be away for a while."""

from genepool.adapters.journal.history import History
from genepool.adapters.journal.journaled import JournaledHistory

__all__ = ["History", "JournaledHistory"]
