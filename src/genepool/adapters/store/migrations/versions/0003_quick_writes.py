"""Quick writes, and views that look at no run but the one that is asked for.

The key of evaluations begins with the fingerprint, and no foreign key stays that another one implies.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0003"
down_revision = "0002"

QUICK_KEY = ("problem_digest", "fingerprint", "rules")
OLD_KEY = ("problem_digest", "rules", "fingerprint")
CHECKS = {
    "ck_evaluations_scored_has_fitness": "(scored IS NULL) = (fitness IS NULL)",
    "ck_evaluations_scored_or_failed": "(scored IS NULL) <> (error IS NULL)",
    "ck_evaluations_finite_fitness": "fitness IS NULL OR fitness BETWEEN -1.7976931348623157e308 "
    "AND 1.7976931348623157e308",
}
GENOME = ("fingerprint",), ("genomes.fingerprint",)
GENERATION = ("run_id", "generation"), ("generations.run_id", "generations.number")
BIRTH = (
    ("run_id", "born", "fingerprint"),
    ("lineage.run_id", "lineage.generation", "lineage.fingerprint"),
)
# Partitions go by the run's name, and scores are looked up by generation: a condition on the run then
# reaches the tables. The time in braces is a text of ISO 8601, read as such where the engine has the type.
VIEWS = {
    "leaderboard": """
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
               lineage.generation AS born
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
    """,
    # The median is the mean of the one or two in the middle: SQLite has no function for it.
    "run_progress": """
        SELECT runs.name AS run,
               runs.state AS state,
               generations.number AS generation,
               {time_of_generation} AS recorded_at,
               generations.seconds AS seconds,
               generations.cache_hits AS cache_hits,
               (
                   SELECT MAX(fitness) FROM individuals
                   WHERE individuals.run_id = generations.run_id
                         AND individuals.generation = generations.number
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
                             AND fitness IS NOT NULL
                   ) AS placed
               ) AS median,
               (
                   SELECT MIN(fitness) FROM individuals
                   WHERE individuals.run_id = generations.run_id
                         AND individuals.generation = generations.number
               ) AS worst,
               (
                   SELECT COUNT(*) FROM lineage
                   WHERE lineage.run_id = generations.run_id AND lineage.generation = generations.number
               ) AS evaluations
        FROM generations
        JOIN runs ON runs.id = generations.run_id
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
                   PARTITION BY runs.name, generation_nodes.generation
               ), 0) AS share
        FROM generation_nodes
        JOIN runs ON runs.id = generation_nodes.run_id
        JOIN generations ON generations.run_id = generation_nodes.run_id
             AND generations.number = generation_nodes.generation
    """,
}


def upgrade() -> None:
    with _views_put_away():
        _order_key(OLD_KEY, QUICK_KEY)
        for name, whole in _tables().items():
            with op.batch_alter_table(name, copy_from=whole) as batch:
                batch.drop_constraint(_implied(name)[0], type_="foreignkey")
    for name, query in VIEWS.items():
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {query.format(time_of_generation=_time())}")


def downgrade() -> None:
    # The views serve the older tables as well.
    with _views_put_away():
        _order_key(QUICK_KEY, OLD_KEY)
        for name, whole in _tables(implied=False).items():
            constraint, columns, target, on_delete = _implied(name)
            with op.batch_alter_table(name, copy_from=whole) as batch:
                referred = [word.split(".")[1] for word in target]
                batch.create_foreign_key(
                    constraint, target[0].split(".")[0], columns, referred, ondelete=on_delete
                )


def _time() -> str:
    return (
        "generations.recorded_at"
        if op.get_bind().dialect.name == "sqlite"
        else "CAST(generations.recorded_at AS timestamptz)"
    )


@contextmanager
def _views_put_away() -> Iterator[None]:
    """Let SQLite replace tables that views look at."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    views = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'view'")).all()
    for view in views:
        op.execute(f"DROP VIEW {view.name}")
    yield
    for view in views:
        op.execute(view.sql)


def _order_key(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    with op.batch_alter_table("evaluations", copy_from=_evaluations(old)) as batch:
        batch.drop_constraint(op.f("pk_evaluations"), type_="primary")
        batch.create_primary_key(op.f("pk_evaluations"), [*new])


def _implied(table: str) -> tuple[str, list[str], list[str], str | None]:
    """Return name, columns, what they refer to, and what a deletion does, of the key that is implied."""
    if table == "individuals":
        return op.f("fk_individuals_run_id_generation"), [*GENERATION[0]], [*GENERATION[1]], "CASCADE"
    return op.f(f"fk_{table}_fingerprint"), [*GENOME[0]], [*GENOME[1]], None


def _tables(*, implied: bool = True) -> dict[str, sa.Table]:
    """Return the tables that SQLite copies: it cannot be asked for its constraints."""
    made = {"ledger": _ledger(), "lineage": _lineage(), "individuals": _individuals()}
    for name, table in made.items() if implied else ():
        constraint, columns, target, on_delete = _implied(name)
        table.append_constraint(sa.ForeignKeyConstraint(columns, target, name=constraint, ondelete=on_delete))
    return made


def _evaluations(key: tuple[str, ...]) -> sa.Table:
    return sa.Table(
        "evaluations",
        sa.MetaData(),
        sa.Column("problem_digest", sa.String(length=16), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("fitness", sa.Double(), nullable=True),
        sa.Column("walk_forward_score", sa.Double(), nullable=True),
        sa.Column("scored", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        *(sa.CheckConstraint(condition, name=op.f(name)) for name, condition in CHECKS.items()),
        sa.ForeignKeyConstraint(*GENOME, name=op.f("fk_evaluations_fingerprint")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_evaluations")),
    )


def _ledger() -> sa.Table:
    return _table(
        "ledger",
        ("market_digest", "fingerprint"),
        sa.Column("market_digest", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("first_run", sa.String(length=80), nullable=False),
        sa.Column("first_at", sa.String(length=32), nullable=False),
    )


def _lineage() -> sa.Table:
    return _table(
        "lineage",
        ("run_id", "generation", "fingerprint"),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("parents", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(*GENERATION, name=op.f("fk_lineage_run_id_generation"), ondelete="CASCADE"),
    )


def _individuals() -> sa.Table:
    return _table(
        "individuals",
        ("run_id", "generation", "slot"),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("elite", sa.Boolean(), nullable=False),
        sa.Column("fitness", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            *BIRTH, name=op.f("fk_individuals_run_id_born_fingerprint"), ondelete="CASCADE"
        ),
        sa.Index(op.f("ix_individuals_birth"), "run_id", "born", "fingerprint"),
    )


def _table(name: str, key: tuple[str, ...], *parts: SchemaItem) -> sa.Table:
    return sa.Table(name, sa.MetaData(), *parts, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))
