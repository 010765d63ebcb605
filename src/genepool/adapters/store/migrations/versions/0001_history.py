"""The history as it began: data sets, runs, generations, genomes, evaluations, lineage, ledger.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "datasets",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.Text(), nullable=False),
        sa.Column("candles", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_datasets")),
    )
    op.create_table(
        "genomes",
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("genes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_genomes")),
    )
    op.create_index(op.f("ix_genomes_strategy"), "genomes", ["strategy"], unique=False)
    op.create_table(
        "evaluations",
        sa.Column("problem_digest", sa.String(length=16), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("fitness", sa.Double(), nullable=True),
        sa.Column("walk_forward_score", sa.Double(), nullable=True),
        sa.Column("scored", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(scored IS NULL) <> (error IS NULL)", name=op.f("ck_evaluations_scored_or_failed")
        ),
        sa.CheckConstraint(
            "(scored IS NULL) = (fitness IS NULL)", name=op.f("ck_evaluations_scored_has_fitness")
        ),
        sa.CheckConstraint(
            "fitness IS NULL OR fitness BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308",
            name=op.f("ck_evaluations_finite_fitness"),
        ),
        sa.ForeignKeyConstraint(
            ["fingerprint"], ["genomes.fingerprint"], name=op.f("fk_evaluations_fingerprint")
        ),
        sa.PrimaryKeyConstraint("problem_digest", "rules", "fingerprint", name=op.f("pk_evaluations")),
    )
    op.create_table(
        "ledger",
        sa.Column("market_digest", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("first_run", sa.String(length=80), nullable=False),
        sa.Column("first_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["fingerprint"], ["genomes.fingerprint"], name=op.f("fk_ledger_fingerprint")),
        sa.PrimaryKeyConstraint("market_digest", "fingerprint", name=op.f("pk_ledger")),
    )
    op.create_table(
        "runs",
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
        sa.CheckConstraint(
            "state IN ('running', 'interrupted', 'finished', 'failed')", name=op.f("ck_runs_state")
        ),
        sa.ForeignKeyConstraint(["data_digest"], ["datasets.digest"], name=op.f("fk_runs_data_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("name", name=op.f("uq_runs_name")),
    )
    op.create_index(op.f("ix_runs_data_digest"), "runs", ["data_digest"], unique=False)
    op.create_index(op.f("ix_runs_problem_digest"), "runs", ["problem_digest"], unique=False)
    op.create_table(
        "generations",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("cache_hits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_generations_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_generations")),
    )
    op.create_table(
        "lineage",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("parents", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["fingerprint"], ["genomes.fingerprint"], name=op.f("fk_lineage_fingerprint")
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "generation"],
            ["generations.run_id", "generations.number"],
            name=op.f("fk_lineage_run_id_generation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "generation", "fingerprint", name=op.f("pk_lineage")),
    )
    op.create_table(
        "individuals",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("elite", sa.Boolean(), nullable=False),
        sa.Column("fitness", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id", "born", "fingerprint"],
            ["lineage.run_id", "lineage.generation", "lineage.fingerprint"],
            name=op.f("fk_individuals_run_id_born_fingerprint"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "generation"],
            ["generations.run_id", "generations.number"],
            name=op.f("fk_individuals_run_id_generation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "generation", "slot", name=op.f("pk_individuals")),
    )
    op.create_index("ix_individuals_birth", "individuals", ["run_id", "born", "fingerprint"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_individuals_birth", table_name="individuals")
    op.drop_table("individuals")
    op.drop_table("lineage")
    op.drop_table("generations")
    op.drop_index(op.f("ix_runs_problem_digest"), table_name="runs")
    op.drop_index(op.f("ix_runs_data_digest"), table_name="runs")
    op.drop_table("runs")
    op.drop_table("ledger")
    op.drop_table("evaluations")
    op.drop_index(op.f("ix_genomes_strategy"), table_name="genomes")
    op.drop_table("genomes")
    op.drop_table("datasets")
