"""The tables of machines: what users wish of them, and what they did of late."""

from sqlalchemy import CheckConstraint, Column, Double, Integer, String, Table

from genepool.adapters.store.tables import metadata

# The empty name stands for every machine that has no row of its own.
node_budgets = Table(
    "node_budgets",
    metadata,
    Column("node", String(80), primary_key=True),
    Column("share", Double, nullable=False),
    Column("changed_at", String(32), nullable=False),
    CheckConstraint("share > 0 AND share <= 1", name="share"),
)

node_uses = Table(
    "node_uses",
    metadata,
    Column("node", String(80), primary_key=True),
    Column("worker_kind", String(16), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("cores", Double, nullable=False),
    Column("share", Double, nullable=False),
    Column("used", Double, nullable=False),
    # Unix seconds of the database's clock.
    Column("seen_at", Double, nullable=False),
)
