"""What searches of runs on null markets found.

Revision ID: 0012
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "null_searches",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("run_digest", sa.String(length=64), nullable=False),
        sa.Column("generator", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("trials", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "number >= 0 AND (number = 0) = (generator = '')", name=op.f("ck_null_searches_number")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_null_searches_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "run_digest", "generator", "number", name=op.f("pk_null_searches")),
    )


def downgrade() -> None:
    op.drop_table("null_searches")
