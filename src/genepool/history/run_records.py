"""A run as it is remembered: its specification, and its line in the list of runs."""

import json
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

from genepool.evolution.settings import EvolutionSettings
from genepool.history.holdings import Holdings
from genepool.market.costs import CostModel
from genepool.market.grown import Extent
from genepool.market.split import SplitRule
from genepool.market.timeframes import YEAR, timeframe_nanoseconds

RunState: TypeAlias = Literal["queued", "running", "stopping", "interrupted", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything that a run's result depends on; frozen when the run starts, stored as JSON.

    Parameters
    ----------
    run
        Its name.
    seed
        The run's seed.
    data
        How the candles are found again: sample name, store name or file.
    data_digest
        ``Candles.digest`` of all candles of the run, the holdout included.
    market_digest
        ``Candles.digest`` of the whole data set that they were taken from: presets of one file share
        one ledger of trials.
    preset
        Name of the candle-count preset.
    problem_digest
        ``Problem.digest``.
    symbol, timeframe
        The market.
    candles
        How many candles the run was given, the holdout included.
    split, costs, settings
        The rules of the run.
    objective
        Name of the objective.
    strategies
        Names of the strategies that take part, sorted.
    left_out
        Why each strategy that was asked for does not take part: (name, reason).
    version
        Version of genepool.
    synthetic
        Whether the candles are invented.
    strategy_versions
        The version of each strategy's rules, in the order of ``strategies``; empty in runs of before
        they were noted.
    reading
        Words of the command line that say how the file was read; empty for other data.
    candles_per_year
        What the run's measures are annualised by; None in runs of before it was noted.
    cut_at
        Budgets of evaluations that cut a generation short before the user gave the run a larger one.
    market
        Kind of the market, one of ``MarketKind``; empty when unknown, None in runs of before it was
        noted.
    first
        Stamp of the first of the candles, UTC nanoseconds; None in runs of before it was noted.
    holdings
        Champions that the run is kept apart from; None for none.
    """

    run: str
    seed: int
    data: str
    data_digest: str
    market_digest: str
    preset: str
    problem_digest: str
    symbol: str
    timeframe: str
    candles: int
    split: SplitRule
    costs: CostModel
    settings: EvolutionSettings
    objective: str
    strategies: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    version: str = ""
    synthetic: bool = False
    strategy_versions: tuple[int, ...] = ()
    reading: tuple[str, ...] = ()
    candles_per_year: float | None = None
    cut_at: tuple[int, ...] = ()
    market: str | None = None
    first: int | None = None
    holdings: Holdings | None = None

    @property
    def extent(self) -> Extent:
        """Which candles of the data set the run was given."""
        return Extent(self.symbol, self.timeframe, self.data_digest, self.candles, self.first)

    @property
    def annualised_by(self) -> float:
        """Candles a year of its measures; of a run that noted none, as if its market never closed."""
        noted = self.candles_per_year
        return YEAR / timeframe_nanoseconds(self.timeframe) if noted is None else noted

    def to_json(self) -> str:
        """Return the specification as canonical JSON."""
        fields = asdict(self)
        # A run without any is written as runs always were.
        if self.holdings is None:
            del fields["holdings"]
        return json.dumps(fields, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "RunSpec":
        """Read what ``to_json`` wrote."""
        fields = json.loads(text)
        return cls(
            **{
                **fields,
                "split": SplitRule(**fields["split"]),
                "costs": CostModel(**fields["costs"]),
                "settings": EvolutionSettings(**fields["settings"]),
                "strategies": tuple(fields["strategies"]),
                "left_out": tuple((name, reason) for name, reason in fields["left_out"]),
                "strategy_versions": tuple(fields.get("strategy_versions", ())),
                "reading": tuple(fields.get("reading", ())),
                "cut_at": tuple(fields.get("cut_at", ())),
                "holdings": Holdings.read(held) if (held := fields.get("holdings")) else None,
            }
        )


@dataclass(frozen=True, slots=True)
class RunStanding:
    """Where a run stands: its state, and how many generations are recorded."""

    run: str
    state: RunState
    generations: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of the list of runs.

    Parameters
    ----------
    spec
        The run's specification.
    state
        Where it stands.
    generations
        Generations recorded.
    evaluations
        Unique genomes evaluated in it.
    best_fitness
        Best in-sample fitness so far; None before the first generation.
    digest
        Run digest; None until it finishes.
    started_at, finished_at
        ISO 8601 in UTC.
    pruned_at
        Since when only the leaderboard's first places and their ancestors are left of it, in ISO 8601;
        None while all of it is there.
    note
        What its user wrote about it.
    """

    spec: RunSpec
    state: RunState
    generations: int
    evaluations: int
    best_fitness: float | None
    digest: str | None
    started_at: str
    finished_at: str | None = field(default=None)
    pruned_at: str | None = None
    note: str = ""
