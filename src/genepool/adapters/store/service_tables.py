"""The table of the keys that open the service."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from genepool.adapters.store.tables import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    # Of the key itself nothing but this is kept.
    Column("hash", String(64), nullable=False, unique=True),
    Column("session_secret", String(64), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
    CheckConstraint("scope IN ('read', 'run', 'admin')", name="scope"),
)
