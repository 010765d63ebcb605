"""A journal on local disk in front of a history that may be away for a while."""

from genepool.adapters.journal.bulk_history import BulkHistory
from genepool.adapters.journal.journaled import JournaledHistory

__all__ = ["BulkHistory", "JournaledHistory"]
