"""The table of searches on null markets."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from genepool.adapters.store.tables import metadata

# Beside the runs, apart from their trials: what was tried on a null market was not tried on a real one.
null_searches = Table(
    "null_searches",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    # A run that was continued has another digest, and other nulls.
    Column("run_digest", String(64), primary_key=True),
    # Empty, with the number 0, for the run's own search.
    Column("generator", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    # JSON: every statistic by name.
    Column("figures", Text, nullable=False),
    Column("trials", Integer, nullable=False),
    CheckConstraint("number >= 0 AND (number = 0) = (generator = '')", name="number"),
)
