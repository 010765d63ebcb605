"""What is remembered of a run: its specification, its generations, and the digest of both."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.population import Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.market.costs import CostModel
from genepool.market.grown import Extent
from genepool.market.measures import Measures
from genepool.market.split import SplitRule
from genepool.market.timeframes import YEAR, timeframe_nanoseconds

__all__ = [
    "BOARD_PLACES",
    "EvolutionSettings",
    "GenerationRecord",
    "NodeWork",
    "RunSpec",
    "RunState",
    "RunSummary",
    "champion_of",
    "evaluation_digest",
    "generation_digest",
    "leaderboard",
    "run_digest",
    "scored_text",
]

# Python writes the shortest digits that read back as the same float: equal texts are equal bits.
_ENCODER = json.JSONEncoder(allow_nan=False)

# Places of the leaderboard that the run digest covers.
BOARD_PLACES = 20

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
        Kind of the market, one of ``MarketKind``; empty when nobody knows it, None in runs of before it
        was noted.
    first
        Stamp of the first of the candles, UTC nanoseconds; None in runs of before it was noted.
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
        return json.dumps(asdict(self), sort_keys=True)

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
            }
        )


@dataclass(frozen=True, slots=True)
class NodeWork:
    """What one machine did for one generation.

    Parameters
    ----------
    node
        Its name.
    worker_kind
        ``"cpu"``, ``"memory"`` or ``"local"``.
    evaluations
        Genomes that it evaluated.
    seconds
        Computing time, summed over its processes.
    """

    node: str
    worker_kind: str
    evaluations: int
    seconds: float


@dataclass(frozen=True)
class GenerationRecord:
    """One generation as it is written: the population and what it took to get there.

    Parameters
    ----------
    population
        Its members, survivors included.
    newborn
        The individuals first evaluated in this generation, in the order asked.
    seconds
        Wall-clock time.
    cache_hits
        Newborn answered from the cache.
    work
        Who evaluated the others, sorted by node; no part of the digest.
    """

    population: Population
    newborn: tuple[Individual, ...]
    seconds: float
    cache_hits: int = 0
    work: tuple[NodeWork, ...] = ()

    @cached_property
    def digest(self) -> str:
        """``generation_digest``, worked out once."""
        return generation_digest(self)


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


def leaderboard(individuals: Iterable[Individual], places: int | None = None) -> list[Individual]:
    """Order individuals by selection score, best first; failures left out, ties by fingerprint.

    Each genome appears once. The first is the run's champion.

    Parameters
    ----------
    individuals
        Whoever is compared.
    places
        How many of the best are wanted; None for all.
    """
    unique = {individual.genome.fingerprint: individual for individual in individuals}
    scored = [
        (-score, fingerprint, individual)
        for fingerprint, individual in unique.items()
        if (score := individual.evaluation.selection_score) is not None
    ]
    return [individual for _, _, individual in sorted(scored, key=lambda entry: entry[:2])[:places]]


def champion_of(elder: Individual | None, newborn: Iterable[Individual]) -> Individual | None:
    """Return the champion when these join: the first of the leaderboard of all; None while nobody scored.

    Parameters
    ----------
    elder
        The champion without them.
    newborn
        Whoever joins.
    """
    best = leaderboard([*newborn, *([] if elder is None else [elder])], 1)
    return best[0] if best else None


def run_digest(records: Iterable[GenerationRecord]) -> str:
    """Return the SHA-256 over all generations' fitness bits and the leaderboard, champion first.

    Parameters
    ----------
    records
        Every generation of the run, in order; only one at a time is held.
    """
    state, board = hashlib.sha256(b"run/1"), list[Individual]()
    for record in records:
        state.update(f"|g{record.population.generation}".encode())
        for individual in record.population.individuals:
            state.update(f"|{individual.genome.fingerprint}:{_bits(individual.fitness)}".encode())
        board = leaderboard([*board, *record.newborn], BOARD_PLACES)
    for individual in board:
        score = individual.evaluation.selection_score
        state.update(f"|b{individual.genome.fingerprint}:{_bits(score)}".encode())
    return state.hexdigest()


def generation_digest(record: GenerationRecord, scored_texts: Sequence[str | None] | None = None) -> str:
    """Return the SHA-256 over what of a generation never changes: its members, births and results.

    How long it took and what the cache answered are left out: they differ from one machine to the next.

    Parameters
    ----------
    record
        The generation.
    scored_texts
        ``scored_text`` of every newborn, when it is at hand already.
    """
    texts = scored_texts or [scored_text(individual.evaluation.scored) for individual in record.newborn]
    state = hashlib.sha256(f"generation/1|{record.population.generation}".encode())
    for individual in record.population.individuals:
        state.update(f"|m{individual.elite:d}{_birth(individual)}".encode())
    for individual, text in zip(record.newborn, texts, strict=True):
        result = _digest_of_scores(individual.genome.fingerprint, text)
        state.update(f"|n{_birth(individual)}|{result}".encode())
    return state.hexdigest()


def evaluation_digest(evaluation: Evaluation) -> str:
    """Return the SHA-256 over every bit that a genome scored; why one failed is a remark, not a result.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    return _digest_of_scores(evaluation.genome.fingerprint, scored_text(evaluation.scored))


def scored_text(scored: Scored | None) -> str | None:
    """Return what a genome scored as JSON that reads back bit for bit, None for a failure.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    if scored is None:
        return None
    fields_of = {name: getattr(scored, name) for name in Scored.__slots__}
    for span in ("in_sample", "walk_forward"):
        fields_of[span] = {name: getattr(fields_of[span], name) for name in Measures.__slots__}
    return _ENCODER.encode(fields_of)


def _digest_of_scores(fingerprint: str, text: str | None) -> str:
    return hashlib.sha256(f"{fingerprint}|{text}".encode()).hexdigest()


def _birth(individual: Individual) -> str:
    candidate = individual.candidate
    return (
        f"{candidate.genome.fingerprint}:{_bits(individual.fitness)}:{individual.born}:"
        f"{candidate.operator}:{candidate.parents}:{candidate.changed}"
    )


def _bits(value: float | None) -> str:
    return "failed" if value is None else value.hex()
