"""A user's note on each run, and what a list says of runs that have ended: counted once, not at every look.

Revision ID: 0009
Revises: 0008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("champion", sa.String(length=16)),
    ("champion_born", sa.Integer()),
    ("champion_score", sa.Double()),
)
COUNTED = """
    UPDATE runs SET
        evaluated = (SELECT COUNT(DISTINCT fingerprint) FROM lineage WHERE lineage.run_id = runs.id),
        best_fitness = (SELECT MAX(fitness) FROM individuals WHERE individuals.run_id = runs.id)
    WHERE pruned_at IS NULL AND state IN ('interrupted', 'finished', 'failed')
"""
UNCOUNTED = "UPDATE runs SET evaluated = NULL, best_fitness = NULL WHERE pruned_at IS NULL"
ENDED = "SELECT name FROM runs WHERE evaluated IS NOT NULL ORDER BY id"
CHAMPION = """
    SELECT lineage.fingerprint, lineage.generation,
           CASE WHEN evaluations.fitness < evaluations.walk_forward_score
                THEN evaluations.fitness ELSE evaluations.walk_forward_score END AS score
    FROM runs
    JOIN lineage ON lineage.run_id = runs.id
    JOIN evaluations ON evaluations.problem_digest = runs.problem_digest
         AND evaluations.fingerprint = lineage.fingerprint
         AND evaluations.rules = lineage.rules
    WHERE runs.name = :name AND evaluations.walk_forward_score IS NOT NULL
    ORDER BY score DESC, lineage.fingerprint, lineage.generation DESC
    LIMIT 1
"""
CROWNED = """
    UPDATE runs SET champion = :champion, champion_born = :born, champion_score = :score WHERE name = :name
"""


def upgrade() -> None:
    op.add_column("runs", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    for name, kind in COLUMNS:
        op.add_column("runs", sa.Column(name, kind, nullable=True))
    # A list asks which of the running runs have lost their process.
    op.create_index(op.f("ix_runs_state"), "runs", ["state"])
    op.execute(COUNTED)
    connection = op.get_bind()
    for name in connection.execute(sa.text(ENDED)).scalars().all():
        found = connection.execute(sa.text(CHAMPION), {"name": name}).first()
        if found is not None:
            champion, born, score = found
            values = {"champion": champion, "born": born, "score": score, "name": name}
            connection.execute(sa.text(CROWNED), values)


def downgrade() -> None:
    op.execute(UNCOUNTED)
    op.drop_index(op.f("ix_runs_state"), table_name="runs")
    for name, _ in reversed(COLUMNS):
        op.drop_column("runs", name)
    op.drop_column("runs", "note")
