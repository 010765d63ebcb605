"""The tables of the ledger's chains: one for each data set."""

from sqlalchemy import Column, Integer, String, Table, Text

from genepool.adapters.store.tables import metadata

# Every change of what counts on a data set; ``history.ledger_entries`` says what the columns mean.
ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("market_digest", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("what", String(16), nullable=False),
    Column("trials", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# The newest entry of each chain: the next one is found at once, and the last one cannot just be deleted.
ledger_heads = Table(
    "ledger_heads",
    metadata,
    Column("market_digest", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
