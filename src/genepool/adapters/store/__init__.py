"""The history of runs in SQL: one code for SQLite and Postgres."""

from genepool.adapters.store.opening import (
    embedded_url,
    export_history,
    layout_of,
    open_sql_store,
    upgrade_layout,
)
from genepool.adapters.store.schema import HEAD
from genepool.adapters.store.sql_store import SqlStore

__all__ = [
    "HEAD",
    "SqlStore",
    "embedded_url",
    "export_history",
    "layout_of",
    "open_sql_store",
    "upgrade_layout",
]
