"""The table of looks at sealed candles."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from genepool.adapters.store.tables import metadata

# It names runs, and does not refer to them: a look stays a look when its run is deleted.
sealed_looks = Table(
    "sealed_looks",
    metadata,
    Column("question", String(64), primary_key=True),
    Column("market_digest", String(64), nullable=False, index=True),
    # How many attempts had been made on the market, this one included.
    Column("number", Integer, nullable=False),
    Column("what", String(16), nullable=False),
    Column("run", String(80), nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    # JSON: what the champion of an exam showed; nothing where the process ended before it was known.
    Column("sitting", Text),
    CheckConstraint("what IN ('exam', 'backtest', 'unsealed')", name="what"),
    CheckConstraint("sitting IS NULL OR what = 'exam'", name="sitting_of_exam"),
)
