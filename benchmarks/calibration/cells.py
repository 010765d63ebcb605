"""Cells of the experiment: which there are, in which order, and the seed of each."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.calibration.markets import kinds_of_market
from benchmarks.calibration.scales import PLANTED_SHARPES, Counts
from genepool.randomness import Purpose, generator

_SEEDS = 2**31
# The market that impatient users try again and again.
USERS_MARKET = "normal"


class Experiment(StrEnum):
    """What is asked of a cell."""

    NOISE = "noise"
    PLANTED = "planted"
    USER = "user"
    REAL = "real"


@dataclass(frozen=True, slots=True)
class Cell:
    """One market that is searched and judged; one line of the results.

    Parameters
    ----------
    experiment
        What is asked.
    kind
        Kind of market; of real data the name of the data set.
    number
        From 1.
    sharpe
        Of the planted edge.
    """

    experiment: Experiment
    kind: str
    number: int = 1
    sharpe: float = 0.0

    @property
    def key(self) -> str:
        """Its name in the results, each once."""
        strength = f"/{self.sharpe:g}" if self.sharpe else ""
        return f"{self.experiment.value}/{self.kind}{strength}/{self.number}"

    def seed(self, seed_base: int) -> int:
        """Return its seed: cells that differ in the strength of the edge alone share their noise."""
        named = zlib.crc32(f"{self.experiment.value}/{self.kind}".encode())
        return int(generator(seed_base, Purpose.BENCHMARK, self.number, named).integers(_SEEDS))


def cells(counts: Counts, real: Sequence[str], left_out: Sequence[str] = ()) -> list[Cell]:
    """Return all cells, those of low numbers first: whatever is stopped early has some of each kind.

    Parameters
    ----------
    counts
        How many markets.
    real
        Names of real data sets.
    left_out
        Kinds of market that cannot be made here.
    """
    found = (cell for cell in _all(counts, real) if cell.kind not in left_out)
    return sorted(found, key=lambda cell: cell.number)


def _all(counts: Counts, real: Sequence[str]) -> Iterator[Cell]:
    yield from (Cell(Experiment.REAL, name) for name in real)
    yield from (Cell(Experiment.USER, USERS_MARKET, number) for number in range(1, 1 + counts.users))
    for name, kind in kinds_of_market().items():
        if not kind.planted:
            yield from (Cell(Experiment.NOISE, name, number) for number in range(1, 1 + counts.noise))
            continue
        for sharpe in PLANTED_SHARPES:
            numbers = range(1, 1 + counts.planted)
            yield from (Cell(Experiment.PLANTED, name, number, sharpe) for number in numbers)
