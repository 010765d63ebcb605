"""A genome as a JSON document that other programs can rely on."""

import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from genepool.adapters.export.whole_file import whole_file
from genepool.evolution.population import Individual
from genepool.history import RunSummary
from genepool.strategies import seed_strategies

# Raised to the next number whenever a field changes its meaning or goes away.
SCHEMA = "genepool/genome/1"


def genome_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    text = files("genepool.adapters.export").joinpath("schemas/genome-1.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def write_genome(path: Path, rank: int, individual: Individual, summary: RunSummary) -> None:
    """Write the document of one genome.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    document = genome_document(rank, individual, summary)
    with whole_file(path) as stream:
        stream.write(json.dumps(document, indent=2, allow_nan=False) + "\n")


def genome_document(rank: int, individual: Individual, summary: RunSummary) -> dict[str, Any]:
    """Return one genome of a leaderboard with its lineage, its results and where they come from.

    Parameters
    ----------
    rank
        Place on the leaderboard, 1 for the champion.
    individual
        Who is exported.
    summary
        The run.

    Raises
    ------
    ValueError
        When the individual has no scores: a leaderboard holds none of those.
    """
    scored, candidate, spec = individual.evaluation.scored, individual.candidate, summary.spec
    if scored is None:
        raise ValueError("a leaderboard holds no failed individuals")
    strategy = seed_strategies().get(candidate.genome.strategy)
    return {
        "schema": SCHEMA,
        "strategy": candidate.genome.strategy,
        "strategy_version": strategy.version if strategy else None,
        "genes": dict(candidate.genome.genes),
        "fingerprint": candidate.genome.fingerprint,
        "rank": rank,
        "lineage": {
            "born": individual.born,
            "operator": candidate.operator,
            "parents": list(candidate.parents),
            "changed": list(candidate.changed),
        },
        "objective": spec.objective,
        "fitness": individual.fitness,
        "selection_score": individual.evaluation.selection_score,
        "in_sample": asdict(scored.in_sample),
        "walk_forward": asdict(scored.walk_forward),
        "fold_sharpes": list(scored.fold_sharpes),
        "fold_returns": list(scored.fold_returns),
        "costs": asdict(spec.costs),
        "split": asdict(spec.split),
        "data": {
            "source": spec.data,
            "digest": spec.data_digest,
            "symbol": spec.symbol,
            "timeframe": spec.timeframe,
            "candles": spec.candles,
            "synthetic": spec.synthetic,
        },
        "run": {"name": spec.run, "seed": spec.seed, "digest": summary.digest, "version": spec.version},
    }
