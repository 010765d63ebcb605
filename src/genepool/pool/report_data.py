"""What a report is made from: one frozen record, so that drawing needs no store and no market."""

from collections.abc import Mapping
from dataclasses import dataclass

from genepool.evolution.population import Individual
from genepool.history import RunSpec, RunState
from genepool.market.candles import IntArray
from genepool.market.split import Split
from genepool.pool.ancestry import Ancestry
from genepool.pool.generation_point import GenerationPoint
from genepool.pool.judging import Judged
from genepool.robustness.ladder import Ladder, NullStanding
from genepool.robustness.luck import LuckPoint
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.robustness.performance import Performance
from genepool.strategies import Strategy


@dataclass(frozen=True, slots=True, eq=False)
class ReportData:
    """Everything that a report shows.

    Parameters
    ----------
    spec
        The run's specification.
    state
        Where it stands.
    digest
        Run digest; None until it finishes.
    started_at
        ISO 8601 in UTC.
    split
        The spans of the history.
    stamps
        Opening times of the visible candles; the sealed ones are never handed over.
    curve
        What the curves show of each generation, or of so many of them as are drawn.
    failures
        How many evaluations failed, by reason.
    judged
        Leaderboard, buy-and-hold, trials and verdict.
    strategies
        Every strategy that its genomes may be of, by name.
    generations, evaluations
        How many the run has, those that were pruned included.
    pruned
        What is gone of it, in one sentence; empty for a run that is whole.
    performance, neighbourhood
        None where there is no champion, or too little is left of the run.
    luck
        Best Sharpe so far against luck; empty where nothing was scored.
    family
        The champion's ancestors; None without one.
    ladder
        How far the champion climbs; None where nobody asked.
    nulls
        How the search stands among its null searches; None where none was made.
    """

    spec: RunSpec
    state: RunState
    digest: str | None
    started_at: str
    split: Split
    stamps: IntArray
    curve: tuple[GenerationPoint, ...]
    failures: Mapping[str | None, int]
    judged: Judged
    strategies: Mapping[str, Strategy]
    generations: int
    evaluations: int
    pruned: str = ""
    performance: Performance | None = None
    luck: tuple[LuckPoint, ...] = ()
    neighbourhood: Neighbourhood | None = None
    family: Ancestry | None = None
    ladder: Ladder | None = None
    nulls: NullStanding | None = None

    @property
    def champion(self) -> Individual | None:
        """Best individual of the run."""
        return self.judged.champion
