"""Quick writes: evaluations by fingerprint first, and no foreign key that another one implies.

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


def upgrade() -> None:
    with _views_put_away():
        _order_key(OLD_KEY, QUICK_KEY)
        for name, whole in _tables().items():
            with op.batch_alter_table(name, copy_from=whole) as batch:
                batch.drop_constraint(_implied(name)[0], type_="foreignkey")


def downgrade() -> None:
    with _views_put_away():
        _order_key(QUICK_KEY, OLD_KEY)
        for name, whole in _tables(implied=False).items():
            constraint, columns, target, on_delete = _implied(name)
            with op.batch_alter_table(name, copy_from=whole) as batch:
                referred = [word.split(".")[1] for word in target]
                batch.create_foreign_key(
                    constraint, target[0].split(".")[0], columns, referred, ondelete=on_delete
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
