"""Data sets whose candles are known again in others: tries on the same candles count together.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "markets",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_markets")),
    )


def downgrade() -> None:
    op.drop_table("markets")
