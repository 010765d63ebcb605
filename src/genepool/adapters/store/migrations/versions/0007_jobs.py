"""What users ask for that a worker does later.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

STATES = "state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled', 'expired')"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("time_limit", sa.Double(), nullable=False),
        sa.Column("attempts_at_most", sa.Integer()),
        sa.Column("idempotency_key", sa.String(length=128)),
        sa.Column("run", sa.String(length=80)),
        sa.Column("parent", sa.Integer()),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("together", sa.Integer()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=80)),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Double()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("result", sa.Text()),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.String(length=32)),
        sa.Column("ended_at", sa.String(length=32)),
        sa.CheckConstraint(STATES, name=op.f("ck_jobs_state")),
        sa.ForeignKeyConstraint(["parent"], ["jobs.id"], name=op.f("fk_jobs_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_jobs_idempotency_key")),
    )
    op.create_index(op.f("ix_jobs_run"), "jobs", ["run"])
    op.create_index(op.f("ix_jobs_parent"), "jobs", ["parent"])
    op.create_index("ix_jobs_state", "jobs", ["state", "priority", "id"])
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("every_seconds", sa.Double(), nullable=False),
        sa.Column("next_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )


def downgrade() -> None:
    for table in ("schedules", "jobs"):
        op.drop_table(table)
