"""How the champions of finished runs were weighed.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "weighings",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("run_digest", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("evaluated", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_weighings_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_weighings")),
    )


def downgrade() -> None:
    op.drop_table("weighings")
