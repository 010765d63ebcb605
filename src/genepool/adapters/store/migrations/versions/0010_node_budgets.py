"""What users wish of machines, and what machines did of late.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "node_budgets",
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_node_budgets_share")),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_node_budgets")),
    )
    op.create_table(
        "node_uses",
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("worker_kind", sa.String(length=16), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("cores", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("used", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_node_uses")),
    )


def downgrade() -> None:
    for table in ("node_uses", "node_budgets"):
        op.drop_table(table)
