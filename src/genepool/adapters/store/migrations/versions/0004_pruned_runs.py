"""Runs whose trials were pruned, and views that say of them only what is left.

Revision ID: 0004
Revises: 0003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Of the leaderboard's places these are kept, so ranks beyond them would be wrong.
PLACES = 20
LEADERBOARD = """
    SELECT runs.name AS run,
           ROW_NUMBER() OVER (
               PARTITION BY runs.name
               ORDER BY CASE WHEN evaluations.fitness < evaluations.walk_forward_score
                             THEN evaluations.fitness ELSE evaluations.walk_forward_score END DESC,
                        lineage.fingerprint
           ) AS rank,
           lineage.fingerprint AS fingerprint,
           genomes.strategy AS strategy,
           genomes.genes AS genes,
           evaluations.fitness AS fitness,
           evaluations.walk_forward_score AS walk_forward_score,
           lineage.generation AS born{pruned}
    FROM lineage
    JOIN runs ON runs.id = lineage.run_id
    JOIN genomes ON genomes.fingerprint = lineage.fingerprint
    JOIN evaluations ON evaluations.problem_digest = runs.problem_digest
         AND evaluations.fingerprint = lineage.fingerprint
         AND evaluations.rules = lineage.rules
    WHERE evaluations.walk_forward_score IS NOT NULL
          AND NOT EXISTS (
              SELECT 1 FROM lineage AS earlier
              WHERE earlier.run_id = lineage.run_id
                    AND earlier.fingerprint = lineage.fingerprint
                    AND earlier.generation < lineage.generation
          )
"""
LEADERBOARD_OF_PLACES = f"""
    SELECT run, rank, fingerprint, strategy, genes, fitness, walk_forward_score, born
    FROM ({LEADERBOARD.format(pruned=", runs.pruned_at AS pruned_at")}) AS placed
    WHERE pruned_at IS NULL OR rank <= {PLACES}
"""  # noqa: S608 - put together from constants of this file
# The median is the mean of the one or two in the middle: SQLite has no function for it. The time is a text
# of ISO 8601, read as such where the engine has the type.
PROGRESS = """
    SELECT runs.name AS run,
           runs.state AS state,
           generations.number AS generation,
           {time_of_generation} AS recorded_at,
           generations.seconds AS seconds,
           generations.cache_hits AS cache_hits,
           (
               SELECT MAX(fitness) FROM individuals
               WHERE individuals.run_id = generations.run_id
                     AND individuals.generation = generations.number{unpruned}
           ) AS best,
           (
               SELECT AVG(CASE WHEN 2 * place BETWEEN size AND size + 2 THEN fitness END)
               FROM (
                   SELECT fitness,
                          ROW_NUMBER() OVER (ORDER BY fitness) AS place,
                          COUNT(*) OVER () AS size
                   FROM individuals
                   WHERE individuals.run_id = generations.run_id
                         AND individuals.generation = generations.number
                         AND fitness IS NOT NULL{unpruned}
               ) AS placed
           ) AS median,
           (
               SELECT MIN(fitness) FROM individuals
               WHERE individuals.run_id = generations.run_id
                     AND individuals.generation = generations.number{unpruned}
           ) AS worst,
           {evaluations} AS evaluations
    FROM generations
    JOIN runs ON runs.id = generations.run_id
"""
BIRTHS = """(
               SELECT COUNT(*) FROM lineage
               WHERE lineage.run_id = generations.run_id AND lineage.generation = generations.number
           )"""
COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("pruned_at", sa.String(length=32)),
    ("kept_births", sa.Integer()),
    ("evaluated", sa.Integer()),
    ("best_fitness", sa.Double()),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("runs", sa.Column(name, kind, nullable=True))
    births = f"CASE WHEN runs.pruned_at IS NULL THEN {BIRTHS} END"
    _views(LEADERBOARD_OF_PLACES, births, " AND runs.pruned_at IS NULL")


def downgrade() -> None:
    pruned = op.get_bind().execute(sa.text("SELECT COUNT(*) FROM runs WHERE pruned_at IS NOT NULL")).scalar()
    if pruned:
        # Layout 0003 would take what is left of them for damage.
        raise RuntimeError(f"{pruned} runs are pruned, which an older layout cannot say: it must stay 0004")
    _views(LEADERBOARD.format(pruned=""), BIRTHS, "")
    for name, _ in reversed(COLUMNS):
        op.drop_column("runs", name)


def _views(leaderboard: str, births: str, unpruned: str) -> None:
    time = (
        "generations.recorded_at"
        if op.get_bind().dialect.name == "sqlite"
        else "CAST(generations.recorded_at AS timestamptz)"
    )
    progress = PROGRESS.format(time_of_generation=time, evaluations=births, unpruned=unpruned)
    for name, query in {"leaderboard": leaderboard, "run_progress": progress}.items():
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {query}")
