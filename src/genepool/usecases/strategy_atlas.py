"""The strategy atlas of a run: the ways to trade that it reached, and the champion of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.evolution.niches import AXES, NICHES
from genepool.pool.mapping import MappedGenome
from genepool.usecases.document import Document
from genepool.usecases.leaderboard import Place, place_of
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class AtlasAxis(Document):
    """One axis of the map.

    Parameters
    ----------
    name, title
        For programs, and for people.
    edges
        Where one bin ends and the next begins, rising; a value on an edge is in the upper bin.
    """

    name: str
    title: str
    edges: Sequence[float]


@dataclass(frozen=True, slots=True)
class AtlasCell(Document):
    """A cell that some genome reached.

    Parameters
    ----------
    bins
        Which bin of each axis, counted from 0.
    genome
        Its champion, as commands take it: run and fingerprint.
    turnover
        In sample: traded notional over equity, a year.
    holding
        In sample: candles held a trade.
    long_share
        In sample: share of the candles held that were held long.
    correlation
        In sample: of the returns, candle by candle, with those of holding.
    champion
        The best of the cell by selection score, with its place on the whole leaderboard.
    """

    bins: Sequence[int]
    genome: str
    turnover: float
    holding: float
    long_share: float
    correlation: float
    champion: Place

    @property
    def panel(self) -> tuple[int, int]:
        """Bins of long share and correlation: which small map of the large one it lies in."""
        return self.bins[2], self.bins[3]


@dataclass(frozen=True, slots=True)
class StrategyAtlas(Document):
    """The map of a run.

    Parameters
    ----------
    axes
        In the order of each cell's bins.
    cells_in_all
        How many cells there are, reached or not.
    cells
        Those that were reached, the best champion first.
    looked_at
        How many genomes were placed: those that traded among the first of the leaderboard, and the archive of
        a run that was bred for its map.
    ranked
        How many places the leaderboard has.
    varied
        The best champion of each pair of long share and correlation that scores above zero, as commands take
        them: what a fleet may begin with.
    """

    run: str
    optimizer: str
    axes: Sequence[AtlasAxis]
    cells_in_all: int
    cells: Sequence[AtlasCell]
    looked_at: int
    ranked: int
    varied: Sequence[str]


def strategy_atlas(past: PastRun) -> StrategyAtlas:
    """Return the map of a run; its genomes are traded again on the in-sample span, no candle after it.

    Raises
    ------
    DataError
        When its candles are not there, or are not what the run began with.
    """
    found = past.mapped
    cells = [_cell(one, past) for one in found.champions]
    return StrategyAtlas(
        run=past.name,
        optimizer=past.summary.spec.settings.optimizer,
        axes=[AtlasAxis(axis.name, axis.title, axis.edges) for axis in AXES],
        cells_in_all=NICHES,
        cells=cells,
        looked_at=found.looked_at,
        ranked=past.length,
        varied=_varied(cells),
    )


def _cell(mapped: MappedGenome, past: PastRun) -> AtlasCell:
    fingerprint = mapped.individual.genome.fingerprint
    rank = past.census.births.rank(fingerprint)
    champion = place_of(rank, mapped.individual, past.summary.spec.annualised_by)
    return AtlasCell(mapped.niche, f"{past.name}/{fingerprint}", *mapped.point, champion)


def _varied(cells: Sequence[AtlasCell]) -> list[str]:
    best: dict[tuple[int, int], str] = {}
    for cell in cells:
        if (cell.champion.selection_score or 0.0) > 0:
            best.setdefault(cell.panel, cell.genome)
    return list(best.values())
