"""The table of weighings."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from genepool.adapters.store.tables import metadata

# At most one of a run: what is found anew stands in its place.
weighings = Table(
    "weighings",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("run_digest", String(64), nullable=False),
    Column("rules", String(80), nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("evaluated", Integer, nullable=False),
    # JSON.
    Column("found", Text, nullable=False),
)
