"""Describe a past run: what it was, its leaderboard and the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genepool.errors import DataError
from genepool.history import BOARD_PLACES, RunSpec
from genepool.pool.commands import reproduce_command
from genepool.pool.judging import Judged
from genepool.usecases.document import AMONG, Document
from genepool.usecases.exam_document import Exam
from genepool.usecases.genome_document import GenomeDocument, genome_document
from genepool.usecases.ladder_document import LadderDocument, ladder_document
from genepool.usecases.null_document import NullEvolution, null_evolution_of, other_p_values
from genepool.usecases.past_run import PastRun
from genepool.usecases.sealed_exam import exam_of
from genepool.usecases.verdict_document import NoVerdict, Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class DescribedRun(Document):
    """A past run; the members of its verdict stand among its own.

    Parameters
    ----------
    trials
        Genomes that were tried on its candles, over all runs.
    no_verdict_because
        Why its candles cannot be found again; None when they were.
    nulls
        How it stands among the same search on markets without an edge; None where none was made.
    ladder
        How far its champion climbs, from enough trades to the sealed exam; None where it has no verdict.
    exam
        The exam that its champion has sat on the sealed candles; None where it has not.
    """

    run: str
    state: str
    digest: str | None
    started_at: str
    finished_at: str | None
    pruned_at: str | None
    spec: RunSpec
    generations: int
    evaluations: int
    species: Mapping[str, int]
    leaderboard: Sequence[GenomeDocument]
    trials: int
    verdict: Verdict | NoVerdict = field(metadata=AMONG)
    no_verdict_because: str | None
    nulls: NullEvolution | None
    ladder: LadderDocument | None
    exam: Exam | None
    reproduce: str


def describe_run(past: PastRun) -> DescribedRun:
    """Return a past run as a document; without its candles it has no verdict, and says why."""
    summary, spec = past.summary, past.summary.spec
    judged, problem = judged_if_possible(past)
    ladder = past.climbed(judged)[0] if judged else None
    board = past.ranking.board[:BOARD_PLACES]
    return DescribedRun(
        run=spec.run,
        state=summary.state,
        digest=summary.digest,
        started_at=summary.started_at,
        finished_at=summary.finished_at,
        pruned_at=summary.pruned_at,
        spec=spec,
        generations=summary.generations,
        evaluations=summary.evaluations,
        species=past.species,
        leaderboard=[genome_document(rank, one, summary) for rank, one in enumerate(board, 1)],
        trials=past.history.trials(spec.market_digest),
        verdict=verdict_of(judged, ladder) if judged and ladder else NoVerdict(),
        no_verdict_because=problem or None,
        nulls=nulls_of(past),
        ladder=ladder_document(ladder) if ladder else None,
        exam=exam_of(past),
        reproduce=reproduce_command(spec),
    )


def nulls_of(past: PastRun) -> NullEvolution | None:
    """Return how a past run stands among its null searches; None where none was made."""
    mine = past.history.null_searches(past.name)
    # Most runs have none: then nobody asks for those of the others.
    searched = past.history.searched_runs(past.summary.spec.market_digest) if mine else []
    return null_evolution_of(mine, past.summary.digest, others=other_p_values(past.name, searched))


def judged_if_possible(past: PastRun) -> tuple[Judged | None, str]:
    """Judge a past run; return why it cannot be, where its candles are not at hand."""
    try:
        return past.judged(past.plan()), ""
    except DataError as error:
        return None, str(error)
