"""Coordinators: a queue of runs, leases with fencing, who did the work, views for dashboards.

Revision ID: 0002
Revises: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

OLD_STATES = "state IN ('running', 'interrupted', 'finished', 'failed')"
NEW_STATES = "state IN ('queued', 'running', 'stopping', 'interrupted', 'finished', 'failed')"

# The names in braces read a text of ISO 8601 as a point in time, where the engine has such a type.
VIEWS = {
    "leaderboard": """
        SELECT runs.name AS run,
               ROW_NUMBER() OVER (
                   PARTITION BY runs.id
                   ORDER BY CASE WHEN evaluations.fitness < evaluations.walk_forward_score
                                 THEN evaluations.fitness ELSE evaluations.walk_forward_score END DESC,
                            lineage.fingerprint
               ) AS rank,
               lineage.fingerprint AS fingerprint,
               genomes.strategy AS strategy,
               genomes.genes AS genes,
               evaluations.fitness AS fitness,
               evaluations.walk_forward_score AS walk_forward_score,
               lineage.generation AS born
        FROM lineage
        JOIN runs ON runs.id = lineage.run_id
        JOIN genomes ON genomes.fingerprint = lineage.fingerprint
        JOIN evaluations ON evaluations.problem_digest = runs.problem_digest
             AND evaluations.rules = lineage.rules
             AND evaluations.fingerprint = lineage.fingerprint
        WHERE evaluations.walk_forward_score IS NOT NULL
              AND NOT EXISTS (
                  SELECT 1 FROM lineage AS earlier
                  WHERE earlier.run_id = lineage.run_id
                        AND earlier.fingerprint = lineage.fingerprint
                        AND earlier.generation < lineage.generation
              )
    """,
    # The median is the mean of the one or two in the middle: SQLite has no function for it.
    "run_progress": """
        SELECT runs.name AS run,
               runs.state AS state,
               generations.number AS generation,
               {time_of_generation} AS recorded_at,
               generations.seconds AS seconds,
               generations.cache_hits AS cache_hits,
               scores.best AS best,
               scores.median AS median,
               scores.worst AS worst,
               (
                   SELECT COUNT(*) FROM lineage
                   WHERE lineage.run_id = generations.run_id AND lineage.generation = generations.number
               ) AS evaluations
        FROM generations
        JOIN runs ON runs.id = generations.run_id
        LEFT JOIN (
            SELECT run_id, generation,
                   MAX(fitness) AS best,
                   AVG(CASE WHEN 2 * place BETWEEN size AND size + 2 THEN fitness END) AS median,
                   MIN(fitness) AS worst
            FROM (
                SELECT run_id, generation, fitness,
                       ROW_NUMBER() OVER (PARTITION BY run_id, generation ORDER BY fitness) AS place,
                       COUNT(*) OVER (PARTITION BY run_id, generation) AS size
                FROM individuals
                WHERE fitness IS NOT NULL
            ) AS placed
            GROUP BY run_id, generation
        ) AS scores ON scores.run_id = generations.run_id AND scores.generation = generations.number
    """,
    "node_share": """
        SELECT runs.name AS run,
               generation_nodes.generation AS generation,
               {time_of_generation} AS recorded_at,
               generation_nodes.node AS node,
               generation_nodes.worker_kind AS worker_kind,
               generation_nodes.evaluations AS evaluations,
               generation_nodes.seconds AS seconds,
               1.0 * generation_nodes.evaluations / NULLIF(SUM(generation_nodes.evaluations) OVER (
                   PARTITION BY generation_nodes.run_id, generation_nodes.generation
               ), 0) AS share
        FROM generation_nodes
        JOIN runs ON runs.id = generation_nodes.run_id
        JOIN generations ON generations.run_id = generation_nodes.run_id
             AND generations.number = generation_nodes.generation
    """,
    "trial_growth": """
        SELECT market_digest,
               run,
               {time_of_trials} AS at,
               SUM(fresh) OVER (PARTITION BY market_digest ORDER BY first_at, run) AS trials
        FROM (
            SELECT market_digest, first_run AS run, first_at, COUNT(*) AS fresh
            FROM ledger
            GROUP BY market_digest, first_run, first_at
        ) AS steps
    """,
}


def upgrade() -> None:
    with op.batch_alter_table("runs", copy_from=_runs(OLD_STATES)) as batch:
        batch.drop_constraint(op.f("ck_runs_state"), type_="check")
        batch.create_check_constraint(op.f("ck_runs_state"), NEW_STATES)
        batch.add_column(sa.Column("owner", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("lease_until", sa.Double(), nullable=True))
    # Plain additions: copying the table, as batches do, would take the rows of others with it.
    op.add_column("generations", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("generations", sa.Column("recorded_at", sa.String(length=32), nullable=True))
    op.create_table(
        "generation_nodes",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("worker_kind", sa.String(length=16), nullable=False),
        sa.Column("evaluations", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "generation"],
            ["generations.run_id", "generations.number"],
            name=op.f("fk_generation_nodes_run_id_generation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "run_id", "generation", "node", "worker_kind", name=op.f("pk_generation_nodes")
        ),
    )
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query.format(**_times())}")


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    op.drop_table("generation_nodes")
    op.drop_column("generations", "recorded_at")
    op.drop_column("generations", "epoch")
    # The older layout knows neither: what waits or stops can be resumed by hand.
    op.execute("UPDATE runs SET state = 'interrupted' WHERE state IN ('queued', 'stopping')")
    whole = _runs(
        NEW_STATES,
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lease_until", sa.Double(), nullable=True),
    )
    with op.batch_alter_table("runs", copy_from=whole) as batch:
        batch.drop_column("lease_until")
        batch.drop_column("epoch")
        batch.drop_column("owner")
        batch.drop_constraint(op.f("ck_runs_state"), type_="check")
        batch.create_check_constraint(op.f("ck_runs_state"), OLD_STATES)


def _times() -> dict[str, str]:
    texts = {"time_of_generation": "generations.recorded_at", "time_of_trials": "first_at"}
    if op.get_bind().dialect.name == "sqlite":
        return texts
    return {name: f"CAST({text} AS timestamptz)" for name, text in texts.items()}


def _runs(states: str, *newer: sa.Column[Any]) -> sa.Table:
    """Return the table that SQLite copies: it cannot be asked for its constraints."""
    return sa.Table(
        "runs",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("market_digest", sa.String(length=64), nullable=False),
        sa.Column("problem_digest", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("finished_at", sa.String(length=32), nullable=True),
        *newer,
        sa.CheckConstraint(states, name=op.f("ck_runs_state")),
        sa.ForeignKeyConstraint(["data_digest"], ["datasets.digest"], name=op.f("fk_runs_data_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("name", name=op.f("uq_runs_name")),
        sa.Index(op.f("ix_runs_data_digest"), "data_digest"),
        sa.Index(op.f("ix_runs_problem_digest"), "problem_digest"),
    )
