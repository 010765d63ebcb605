"""The tables of jobs: what users ask for that a worker does later."""

from sqlalchemy import CheckConstraint, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from genepool.adapters.store.tables import metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("request", Text, nullable=False),
    # 0 is taken first.
    Column("priority", Integer, nullable=False),
    Column("time_limit", Double, nullable=False),
    Column("attempts_at_most", Integer),
    Column("idempotency_key", String(128), unique=True),
    # A name, not a row: a run may be deleted, and its job still tells what was asked for.
    Column("run", String(80), index=True),
    Column("parent", ForeignKey("jobs.id"), index=True),
    Column("after", Text, nullable=False),
    Column("together", Integer),
    Column("state", String(16), nullable=False),
    # Who works on it, how often somebody took it, and until when (unix seconds) nobody else may.
    Column("owner", String(80)),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", Double),
    Column("attempts", Integer, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("progress", Text, nullable=False),
    Column("result", Text),
    Column("error", Text, nullable=False),
    Column("submitted_at", String(32), nullable=False),
    Column("started_at", String(32)),
    Column("ended_at", String(32)),
    CheckConstraint(
        "state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled', 'expired')", name="state"
    ),
)
Index("ix_jobs_state", jobs.c.state, jobs.c.priority, jobs.c.id)

schedules = Table(
    "schedules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("every_seconds", Double, nullable=False),
    Column("next_at", String(32), nullable=False),
)
