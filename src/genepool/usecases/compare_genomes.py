"""Two or more runs or genomes beside each other: what differs in their settings, what they scored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from genepool.errors import ConfigError, GenomeNotFound
from genepool.history import RunState
from genepool.usecases.document import Document, members
from genepool.usecases.genome_document import GenomeDocument, genome_document
from genepool.usecases.genome_of_run import Which, placed
from genepool.usecases.past_run import PastRun

MOST = 8
_FINGERPRINT_SIGNS = 16
# They name a run or follow from other settings; not what a user chose.
_NO_CHOICES = {
    "run", "data_digest", "market_digest", "problem_digest", "strategy_versions", "left_out", "cut_at",
    "first", "candles_per_year",
}  # fmt: skip
# A run and a genome of it; the first of its leaderboard where none is named.
Named: TypeAlias = tuple[str, Which]


@dataclass(frozen=True, slots=True)
class ComparedRun(Document):
    """One of those compared.

    Parameters
    ----------
    genome
        What is compared of it; None while none of the run could be scored.
    curve
        Best in-sample fitness by generation.
    candles_per_year
        What its measures are annualised by.
    """

    run: str
    state: RunState
    genome: GenomeDocument | None
    curve: Sequence[float | None]
    candles_per_year: float


@dataclass(frozen=True, slots=True)
class ComparedSetting(Document):
    """A setting and its value in each run, in the order in which they were named."""

    name: str
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class RunComparison(Document):
    """Runs beside each other.

    Parameters
    ----------
    differing, equal
        Settings whose values differ, and those that are the same in all.
    """

    runs: Sequence[ComparedRun]
    differing: Sequence[ComparedSetting]
    equal: Sequence[ComparedSetting]


def named_genome(word: str) -> Named:
    """Return which genome a user means: ``RUN``, ``RUN/PLACE`` or ``RUN/FINGERPRINT``.

    Raises
    ------
    ConfigError
        When what follows the run is neither place nor fingerprint.
    """
    run, _, genome = word.partition("/")
    if not genome:
        return run, 1
    if len(genome) == _FINGERPRINT_SIGNS:
        return run, genome
    if genome.isascii() and genome.isdigit() and len(genome) < _FINGERPRINT_SIGNS:
        return run, int(genome)
    raise ConfigError(f"{word!r} names no genome: give RUN, RUN/PLACE or RUN/FINGERPRINT")


def compare(named: Sequence[Named], open_run: Callable[[str], PastRun]) -> RunComparison:
    """Return runs or genomes beside each other.

    Parameters
    ----------
    named
        Which.
    open_run
        Opens a recorded run.

    Raises
    ------
    ConfigError
        When there are too many.
    RunNotFound, GenomeNotFound
        When there is no such run, or it has no such genome.
    """
    if len(named) > MOST:
        raise ConfigError(f"{len(named)} runs are too many to be seen beside each other: choose up to {MOST}")
    opened = [(open_run(run), which) for run, which in named]
    chosen = [_choices(past) for past, _ in opened]
    names = list(dict.fromkeys(name for one in chosen for name in one))
    settings = [ComparedSetting(name, [one.get(name) for one in chosen]) for name in names]
    differing = [one for one in settings if any(value != one.values[0] for value in one.values)]
    equal = [one for one in settings if one not in differing]
    return RunComparison([_compared(past, which) for past, which in opened], differing, equal)


def _compared(past: PastRun, which: Which) -> ComparedRun:
    summary = past.summary
    curve = [line.best for line in past.generations(0, summary.generations)]
    genome = _genome(past, which)
    return ComparedRun(past.name, summary.state, genome, curve, summary.spec.annualised_by)


def _genome(past: PastRun, which: Which) -> GenomeDocument | None:
    try:
        rank, individual = placed(past, which)
    except GenomeNotFound:
        # A run that has just begun is shown with its settings.
        if which == 1:
            return None
        raise
    return genome_document(rank, individual, past.summary)


def _choices(past: PastRun) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members(past.summary.spec).items():
        if name in _NO_CHOICES:
            continue
        found |= (
            {f"{name}: {inner}": one for inner, one in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
    return found
