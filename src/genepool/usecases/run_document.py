"""A run that has ended, as a document: everything that a program needs of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from genepool.evolution.settings import EvolutionSettings
from genepool.history import RunSpec
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.pool.commands import reproduce_command
from genepool.pool.findings import Findings
from genepool.pool.judging import Judged
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.robustness.ladder import Ladder
from genepool.usecases.document import AMONG, Document
from genepool.usecases.ladder_document import LadderDocument, ladder_document
from genepool.usecases.leaderboard import Place, places
from genepool.usecases.null_document import NullEvolution
from genepool.usecases.verdict_document import Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class RunData(Document):
    """The candles of a run."""

    source: str
    digest: str
    symbol: str
    timeframe: str
    preset: str
    candles: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class LeftOut(Document):
    """A strategy that could not take part, and why."""

    strategy: str
    reason: str


@dataclass(frozen=True, slots=True)
class EndedRun(Document):
    """A run that has ended; the members of its verdict stand among its own.

    Parameters
    ----------
    ladder
        How far its champion climbs, from enough trades to the sealed exam.
    nulls
        How it stands among the same search on markets without an edge; None where none was made.
    """

    run: str
    digest: str
    data: RunData
    seed: int
    objective: str
    costs: CostModel
    split: SplitRule
    settings: EvolutionSettings
    stopped_by: str
    generations: int
    evaluations: int
    unique_genomes: int
    seconds: float
    strategies: Sequence[str]
    skipped_strategies: Sequence[LeftOut]
    leaderboard: Sequence[Place]
    verdict: Verdict = field(metadata=AMONG)
    expected_best_sharpe: float | None
    report: str | None
    reproduce: str
    version: str
    ladder: LadderDocument
    nulls: NullEvolution | None = None


def ended_run(
    plan: Plan, outcome: Outcome, judged: Judged, ladder: Ladder, found: Findings, report: Path | None
) -> EndedRun:
    """Return everything that a program needs of a finished run.

    Parameters
    ----------
    plan
        The run.
    outcome
        How it ended.
    judged, ladder
        What it amounts to, and how far its champion climbs.
    found
        What a pass over its generations found.
    report
        The HTML report; None when none was written.
    """
    spec, evidence = plan.spec, judged.evidence
    return EndedRun(
        run=spec.run,
        digest=outcome.digest,
        data=_data(spec),
        seed=spec.seed,
        objective=spec.objective,
        costs=spec.costs,
        split=spec.split,
        settings=spec.settings,
        stopped_by=outcome.reason,
        generations=found.generations,
        evaluations=len(found.births),
        unique_genomes=found.births.genomes,
        seconds=round(outcome.seconds, 3),
        strategies=spec.strategies,
        skipped_strategies=tuple(LeftOut(name, reason) for name, reason in spec.left_out),
        leaderboard=places(judged.board, judged.candles_per_year),
        verdict=verdict_of(judged, ladder),
        expected_best_sharpe=evidence.expected_best if evidence else None,
        report=str(report) if report else None,
        reproduce=reproduce_command(spec),
        version=spec.version,
        ladder=ladder_document(ladder),
    )


def _data(spec: RunSpec) -> RunData:
    return RunData(
        spec.data, spec.data_digest, spec.symbol, spec.timeframe, spec.preset, spec.candles, spec.synthetic
    )
