"""The tables of the history, in SQLAlchemy Core; migrations and statements both start from here.

Floats that must come back bit for bit stand in ``FLOAT`` columns (8 bytes in both engines) or in JSON
text, where Python writes the shortest digits that read back as the same float. JSON stands in text
columns: Postgres' own type would turn -0.0 into 0.0.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Largest finite double: beyond it lies what must never be stored. NaN fails every comparison.
_FINITE = "BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308"

datasets = Table(
    "datasets",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("symbol", Text, nullable=False),
    Column("timeframe", Text, nullable=False),
    Column("candles", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("synthetic", Boolean, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("spec", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("data_digest", ForeignKey("datasets.digest"), nullable=False, index=True),
    Column("market_digest", String(64), nullable=False),
    Column("problem_digest", String(16), nullable=False, index=True),
    Column("digest", String(64)),
    Column("started_at", String(32), nullable=False),
    Column("finished_at", String(32)),
    # Its owner, how often it was claimed, and until when (unix seconds of the database's clock) no other
    # process may claim it; no end where a lock file stands for the claim.
    Column("owner", String(80)),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("lease_until", Double),
    # Since when only the best and their ancestors are left of it, and how many births those are (unknown
    # until all others are gone).
    Column("pruned_at", String(32)),
    Column("kept_births", Integer),
    # What its births and members said when it ended; nothing while some are written.
    Column("evaluated", Integer),
    Column("best_fitness", Double),
    # What its user wrote about it.
    Column("note", Text, nullable=False, server_default=""),
    Column("champion", String(16)),
    Column("champion_born", Integer),
    Column("champion_score", Double),
    CheckConstraint(
        "state IN ('queued', 'running', 'stopping', 'interrupted', 'finished', 'failed')", name="state"
    ),
)

generations = Table(
    "generations",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("seconds", Double, nullable=False),
    Column("cache_hits", Integer, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("recorded_at", String(32)),
)

# Who evaluated a generation's genomes, those from the cache left out; no part of its digest.
generation_nodes = Table(
    "generation_nodes",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("node", String(80), primary_key=True),
    Column("worker_kind", String(16), primary_key=True),
    Column("evaluations", Integer, nullable=False),
    Column("seconds", Double, nullable=False),
    ForeignKeyConstraint(
        ["run_id", "generation"], ["generations.run_id", "generations.number"], ondelete="CASCADE"
    ),
)

genomes = Table(
    "genomes",
    metadata,
    Column("fingerprint", String(16), primary_key=True),
    Column("strategy", Text, nullable=False, index=True),
    Column("genes", Text, nullable=False),
)

# The durable fitness cache: what a genome scored on a problem under given rules, once and for all.
evaluations = Table(
    "evaluations",
    metadata,
    Column("problem_digest", String(16), nullable=False),
    Column("rules", String(16), nullable=False),
    Column("fingerprint", ForeignKey("genomes.fingerprint"), nullable=False),
    Column("fitness", Double),
    Column("walk_forward_score", Double),
    Column("scored", Text),
    Column("error", Text),
    # Genomes are looked up by their fingerprints, whatever the rules.
    PrimaryKeyConstraint("problem_digest", "fingerprint", "rules"),
    CheckConstraint("(scored IS NULL) = (fitness IS NULL)", name="scored_has_fitness"),
    CheckConstraint("(scored IS NULL) <> (error IS NULL)", name="scored_or_failed"),
    CheckConstraint(f"fitness IS NULL OR fitness {_FINITE}", name="finite_fitness"),
)

# One row per genome and generation that first evaluated it: where it came from. Its genome is there, since
# its evaluation is: a foreign key would only check that once more, for each of a million rows.
lineage = Table(
    "lineage",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("fingerprint", String(16), primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("operator", String(32), nullable=False),
    Column("parents", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("rules", String(16), nullable=False),
    ForeignKeyConstraint(
        ["run_id", "generation"], ["generations.run_id", "generations.number"], ondelete="CASCADE"
    ),
)

individuals = Table(
    "individuals",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("fingerprint", String(16), nullable=False),
    Column("born", Integer, nullable=False),
    Column("elite", Boolean, nullable=False),
    Column("fitness", Double),
    ForeignKeyConstraint(
        ["run_id", "born", "fingerprint"],
        ["lineage.run_id", "lineage.generation", "lineage.fingerprint"],
        ondelete="CASCADE",
    ),
)
Index("ix_individuals_birth", individuals.c.run_id, individuals.c.born, individuals.c.fingerprint)

# Every unique genome ever evaluated on a data set, over all runs: the truth about luck.
ledger = Table(
    "ledger",
    metadata,
    Column("market_digest", String(64), primary_key=True),
    Column("fingerprint", String(16), primary_key=True),
    Column("first_run", String(80), nullable=False),
    Column("first_at", String(32), nullable=False),
    # Number of the entry of the data set's chain that it came with.
    Column("entry", Integer, nullable=False, server_default="1"),
)

# Data sets whose candles are known again in others, so that tries on the same candles count together.
markets = Table(
    "markets",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("symbol", Text, nullable=False),
    Column("timeframe", Text, nullable=False),
    # Sorted, 8 bytes each, the highest first, in base 64.
    Column("marks", Text, nullable=False),
)

# Which data sets count together, each pair both ways: what ``counted_together`` says, for the views.
common_candles = Table(
    "common_candles",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("other", String(64), primary_key=True),
)
