"""Which data sets have candles in common, so that the view of trials counts as the program does.

Revision ID: 0006
Revises: 0005
"""

from base64 import b64decode
from itertools import permutations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_BYTES = 8
# A genome counts once over all data sets that count together, by its first try on any of them. The name
# in braces reads a text of ISO 8601 as a point in time, where the engine has such a type.
TOGETHER = """
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
APART = """
    SELECT market_digest,
           run,
           {time_of_trials} AS at,
           SUM(fresh) OVER (PARTITION BY market_digest ORDER BY first_at, run) AS trials
    FROM (
        SELECT market_digest, first_run AS run, first_at, COUNT(*) AS fresh
        FROM ledger
        GROUP BY market_digest, first_run, first_at
    ) AS steps
"""


def upgrade() -> None:
    table = op.create_table(
        "common_candles",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("other", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("digest", "other", name=op.f("pk_common_candles")),
    )
    if pairs := _pairs():
        op.bulk_insert(table, [{"digest": digest, "other": other} for digest, other in pairs])
    _replace_view(TOGETHER)


def downgrade() -> None:
    _replace_view(APART)
    op.drop_table("common_candles")


def _replace_view(query: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    time = "first_at" if sqlite else "CAST(first_at AS timestamptz)"
    op.execute("DROP VIEW trial_growth")
    op.execute(f"CREATE VIEW trial_growth AS {query.format(time_of_trials=time)}")


def _pairs() -> list[tuple[str, str]]:
    found = {row.digest: _marks(row.marks) for row in op.get_bind().execute(sa.text("SELECT * FROM markets"))}
    return [(one, other) for one, other in permutations(found, 2) if found[one] & found[other]]


def _marks(text: str) -> frozenset[bytes]:
    packed = b64decode(text)
    return frozenset(packed[start : start + _BYTES] for start in range(0, len(packed), _BYTES))
