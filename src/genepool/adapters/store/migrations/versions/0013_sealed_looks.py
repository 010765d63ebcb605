"""Looks at the sealed candles of markets: exams, backtests by hand, unsealings.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "sealed_looks",
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("market_digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("run", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("sitting", sa.Text(), nullable=True),
        sa.CheckConstraint("what IN ('exam', 'backtest', 'unsealed')", name=op.f("ck_sealed_looks_what")),
        sa.CheckConstraint("sitting IS NULL OR what = 'exam'", name=op.f("ck_sealed_looks_sitting_of_exam")),
        sa.PrimaryKeyConstraint("question", name=op.f("pk_sealed_looks")),
    )
    op.create_index(op.f("ix_sealed_looks_market_digest"), "sealed_looks", ["market_digest"])


def downgrade() -> None:
    op.drop_table("sealed_looks")
