"""One genome of a run, as a document that other programs can rely on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genepool.backtest.caveats import caveats_by_span
from genepool.evolution.population import Individual
from genepool.history import RunSpec, RunSummary
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.market.moments import timestamp
from genepool.market.split import SplitRule
from genepool.strategies import seed_strategies
from genepool.usecases.document import Document

# Raised to the next number whenever a field changes its meaning or goes away.
SCHEMA = "genepool/genome/2"


@dataclass(frozen=True, slots=True)
class Lineage(Document):
    """Where a genome comes from."""

    born: int
    operator: str
    parents: Sequence[str]
    changed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Spans(Document):
    """The half-open candle ranges of a run, counted in its own candles."""

    visible: tuple[int, int]
    in_sample: tuple[int, int]
    walk_forward: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ScoredOn(Document):
    """The candles that a genome was scored on."""

    source: str
    reading: Sequence[str]
    digest: str
    market_digest: str
    symbol: str
    timeframe: str
    candles: int
    first: str | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class OfRun(Document):
    """The run of a genome."""

    name: str
    seed: int
    digest: str | None
    version: str


@dataclass(frozen=True, slots=True)
class GenomeDocument(Document):
    """One genome with its lineage, its results and where they come from."""

    schema: str
    strategy: str
    strategy_version: int | None
    genes: Mapping[str, float]
    fingerprint: str
    rank: int
    lineage: Lineage
    objective: str
    fitness: float | None
    selection_score: float | None
    in_sample: Measures
    walk_forward: Measures
    caveats: Mapping[str, Mapping[str, str]]
    fold_sharpes: Sequence[float]
    fold_returns: Sequence[float]
    costs: CostModel
    split: SplitRule
    spans: Spans
    candles_per_year: float | None
    problem_digest: str
    data: ScoredOn
    run: OfRun


def genome_document(rank: int, individual: Individual, summary: RunSummary) -> GenomeDocument:
    """Return one genome of a leaderboard as a document.

    Parameters
    ----------
    rank
        Place on the leaderboard, 1 for the champion.
    individual
        The individual to export.
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
    return GenomeDocument(
        schema=SCHEMA,
        strategy=candidate.genome.strategy,
        strategy_version=_version(candidate.genome.strategy, spec),
        genes=dict(candidate.genome.genes),
        fingerprint=candidate.genome.fingerprint,
        rank=rank,
        lineage=Lineage(individual.born, candidate.operator, candidate.parents, candidate.changed),
        objective=spec.objective,
        fitness=individual.fitness,
        selection_score=individual.evaluation.selection_score,
        in_sample=scored.in_sample,
        walk_forward=scored.walk_forward,
        caveats=caveats_by_span(scored.spans, spec.annualised_by),
        fold_sharpes=scored.fold_sharpes,
        fold_returns=scored.fold_returns,
        costs=spec.costs,
        split=spec.split,
        spans=_spans(spec),
        candles_per_year=spec.candles_per_year,
        problem_digest=spec.problem_digest,
        data=_scored_on(spec),
        run=OfRun(spec.run, spec.seed, summary.digest, spec.version),
    )


def _version(strategy: str, spec: RunSpec) -> int | None:
    """Return the version of a strategy's rules in its run, as far as it was noted, else today's."""
    noted = dict(zip(spec.strategies, spec.strategy_versions, strict=False))
    today = seed_strategies().get(strategy)
    return noted.get(strategy, today.version if today else None)


def _spans(spec: RunSpec) -> Spans:
    split = spec.split.apply(spec.candles)
    return Spans((0, split.visible), split.in_sample, split.folds)


def _scored_on(spec: RunSpec) -> ScoredOn:
    return ScoredOn(
        source=spec.data,
        reading=spec.reading,
        digest=spec.data_digest,
        market_digest=spec.market_digest,
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        candles=spec.candles,
        first=None if spec.first is None else timestamp(spec.first),
        synthetic=spec.synthetic,
    )
