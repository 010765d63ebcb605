"""Chains of what counts on each data set; an older history opens each chain with what it holds.

Revision ID: 0011
Revises: 0010
"""

import hashlib
import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_NO_HASH = "0" * 64
_FIELDS = ("market_digest", "number", "what", "trials", "digest", "note", "at", "previous")

# As layout 0006, and declared trials beside those of genomes.
WITH_DECLARED = """
    SELECT market_digest,
           run,
           {time_of_trials} AS at,
           SUM(fresh) OVER (PARTITION BY market_digest ORDER BY first_at, run) AS trials
    FROM (
        SELECT market_digest, run, first_at, SUM(fresh) AS fresh
        FROM (
            SELECT market_digest, first_run AS run, first_at, 1 AS fresh
            FROM (
                SELECT counted.digest AS market_digest, ledger.first_run, ledger.first_at,
                       ROW_NUMBER() OVER (
                           PARTITION BY counted.digest, ledger.fingerprint
                           ORDER BY ledger.first_at, ledger.first_run
                       ) AS place
                FROM (
                    SELECT market_digest AS digest, market_digest AS other FROM ledger_heads
                    UNION
                    SELECT digest, other FROM common_candles
                ) AS counted
                JOIN ledger ON ledger.market_digest = counted.other
            ) AS tries
            WHERE place = 1
            UNION ALL
            SELECT counted.digest, 'declared', ledger_entries.at, ledger_entries.trials
            FROM (
                SELECT market_digest AS digest, market_digest AS other FROM ledger_heads
                UNION
                SELECT digest, other FROM common_candles
            ) AS counted
            JOIN ledger_entries ON ledger_entries.market_digest = counted.other
                                AND ledger_entries.what = 'declared'
        ) AS counts
        GROUP BY market_digest, run, first_at
    ) AS steps
"""
OF_GENOMES = """
    SELECT market_digest,
           run,
           {time_of_trials} AS at,
           SUM(fresh) OVER (PARTITION BY market_digest ORDER BY first_at, run) AS trials
    FROM (
        SELECT market_digest, first_run AS run, first_at, COUNT(*) AS fresh
        FROM (
            SELECT counted.digest AS market_digest, ledger.first_run, ledger.first_at,
                   ROW_NUMBER() OVER (
                       PARTITION BY counted.digest, ledger.fingerprint
                       ORDER BY ledger.first_at, ledger.first_run
                   ) AS place
            FROM (
                SELECT market_digest AS digest, market_digest AS other FROM ledger
                UNION
                SELECT digest, other FROM common_candles
            ) AS counted
            JOIN ledger ON ledger.market_digest = counted.other
        ) AS tries
        WHERE place = 1
        GROUP BY market_digest, first_run, first_at
    ) AS steps
"""


def upgrade() -> None:
    text = sa.String(length=64)
    entries = op.create_table(
        "ledger_entries",
        sa.Column("market_digest", text, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("trials", sa.Integer(), nullable=False),
        sa.Column("digest", text, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("previous", text, nullable=False),
        sa.Column("hash", text, nullable=False),
        sa.PrimaryKeyConstraint("market_digest", "number", name=op.f("pk_ledger_entries")),
    )
    heads = op.create_table(
        "ledger_heads",
        sa.Column("market_digest", text, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", text, nullable=False),
        sa.PrimaryKeyConstraint("market_digest", name=op.f("pk_ledger_heads")),
    )
    # Every trial that is there came with the first entry.
    op.add_column("ledger", sa.Column("entry", sa.Integer(), nullable=False, server_default="1"))
    for digest in op.get_bind().execute(sa.text(_DATA_SETS)).scalars().all():
        chain = list(_chain(digest))
        op.bulk_insert(entries, chain)
        op.bulk_insert(heads, [{name: chain[-1][name] for name in ("market_digest", "number", "hash")}])
    _replace_view(WITH_DECLARED)


def downgrade() -> None:
    _replace_view(OF_GENOMES)
    # Where declared trials would be forgotten without a word, a layout that knows them stays.
    count = op.get_bind().execute(sa.text(_DECLARED)).scalar_one()
    if count:
        raise RuntimeError(f"{count} entries of the ledger declare trials, which an older layout cannot say")
    op.drop_column("ledger", "entry")
    for table in ("ledger_heads", "ledger_entries"):
        op.drop_table(table)


_DATA_SETS = "SELECT market_digest FROM ledger UNION SELECT digest FROM markets ORDER BY 1"
_DECLARED = "SELECT COUNT(*) FROM ledger_entries WHERE what = 'declared'"
_TRIALS = "SELECT fingerprint, first_at FROM ledger WHERE market_digest = :digest"
_MARKET = "SELECT symbol, timeframe, marks FROM markets WHERE digest = :digest"
_OTHERS = "SELECT other FROM common_candles WHERE digest = :digest ORDER BY other"


def _chain(digest: str) -> Iterator[dict[str, object]]:
    """Yield the entries of a data set: what was tried on it, what it is known by, what it is one with."""
    previous = _NO_HASH
    for number, said in enumerate(_changes(digest), start=1):
        values = (digest, number, *said, previous)
        previous = _sha256(json.dumps(values, separators=(",", ":")))
        yield {**dict(zip(_FIELDS, values, strict=True)), "hash": previous}


def _changes(digest: str) -> Iterator[tuple[str, int, str, str, str]]:
    connection, named = op.get_bind(), {"digest": digest}
    trials = connection.execute(sa.text(_TRIALS), named).all()
    at = max((row.first_at for row in trials), default="")
    lines = sorted(f"{row.fingerprint} {row.first_at}" for row in trials)
    yield "opening", len(trials), _sha256("\n".join(lines)), "", at
    for row in connection.execute(sa.text(_MARKET), named):
        yield "known", 0, _sha256("\n".join(row)), "", at
    for other in connection.execute(sa.text(_OTHERS), named).scalars():
        yield "joined", 0, "", other, at


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _replace_view(query: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    time = "first_at" if sqlite else "CAST(first_at AS timestamptz)"
    op.execute("DROP VIEW trial_growth")
    op.execute(f"CREATE VIEW trial_growth AS {query.format(time_of_trials=time)}")
