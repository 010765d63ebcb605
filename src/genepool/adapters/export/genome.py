"""A genome as a JSON document that other programs can rely on."""

import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from genepool.adapters.export.whole_file import whole_file
from genepool.backtest.caveats import caveats_by_span
from genepool.evolution.population import Individual
from genepool.history import RunSpec, RunSummary
from genepool.market.moments import timestamp
from genepool.strategies import seed_strategies

# Raised to the next number whenever a field changes its meaning or goes away.
SCHEMA = "genepool/genome/2"


def genome_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    text = files("genepool.adapters.export").joinpath("schemas/genome-2.schema.json").read_text("utf-8")
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
    return {
        "schema": SCHEMA,
        "strategy": candidate.genome.strategy,
        "strategy_version": _version(candidate.genome.strategy, spec),
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
        "caveats": caveats_by_span(scored.spans, spec.annualised_by),
        "fold_sharpes": list(scored.fold_sharpes),
        "fold_returns": list(scored.fold_returns),
        "costs": asdict(spec.costs),
        "split": asdict(spec.split),
        "spans": _spans(spec),
        "candles_per_year": spec.candles_per_year,
        "problem_digest": spec.problem_digest,
        "data": {
            "source": spec.data,
            "reading": list(spec.reading),
            "digest": spec.data_digest,
            "market_digest": spec.market_digest,
            "symbol": spec.symbol,
            "timeframe": spec.timeframe,
            "candles": spec.candles,
            "first": None if spec.first is None else timestamp(spec.first),
            "synthetic": spec.synthetic,
        },
        "run": {"name": spec.run, "seed": spec.seed, "digest": summary.digest, "version": spec.version},
    }


def _version(strategy: str, spec: RunSpec) -> int | None:
    """Return the version of a strategy's rules in its run, as far as it was noted, else today's."""
    noted = dict(zip(spec.strategies, spec.strategy_versions, strict=False))
    today = seed_strategies().get(strategy)
    return noted.get(strategy, today.version if today else None)


def _spans(spec: RunSpec) -> dict[str, Any]:
    """Return the half-open candle ranges of the run, counted in its own candles."""
    split = spec.split.apply(spec.candles)
    return {
        "visible": [0, split.visible],
        "in_sample": list(split.in_sample),
        "walk_forward": [list(fold) for fold in split.folds],
    }
