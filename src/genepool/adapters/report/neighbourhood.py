"""The champion's neighbourhood over the two genes that matter most.

A champion on a plateau is worth more than one on a needle. Cells that the run has evaluated are
taken from it; the others are evaluated for the picture alone: they are no candidates and never
selected. They are tries on the same candles all the same, so they are listed and counted as trials.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.heat_map import Cell, heat_map
from genepool.adapters.report.data import Neighbour, Neighbourhood
from genepool.adapters.report.notation import NONE, ratio
from genepool.backtest.evaluation import Evaluation
from genepool.genome import Gene, Genome
from genepool.strategies import Strategy
from genepool.strategies._notation import gene_value

_FEWEST_VALUES = 4
_VALUES = 9
_VALUES_LEARNING = 5
# An axis of nine values reaches about a third of a gene's range.
_STEPS_ACROSS = 24


@dataclass(frozen=True, slots=True)
class _Axes:
    columns: Gene
    rows: Gene
    column_indices: tuple[int, ...]
    row_indices: tuple[int, ...]


def neighbourhood(
    champion: Genome,
    strategy: Strategy,
    known: Callable[[Sequence[str]], Sequence[Evaluation]],
    evaluate: Callable[[Sequence[Genome]], Sequence[Evaluation]],
) -> Neighbourhood | None:
    """Score the champion with its two most telling genes set otherwise.

    Parameters
    ----------
    champion
        Centre of the map.
    strategy
        Its strategy.
    known
        Returns the evaluations that the run has paid for, of some genomes by fingerprint.
    evaluate
        Evaluates the genomes that are missing, in the order given.

    Returns
    -------
    Neighbourhood or None
        None when the strategy has fewer than two genes with four values or more.
    """
    if len(_movable(strategy)) < 2:  # noqa: PLR2004 - a map has two axes
        return None
    ledger = _Ledger(known, evaluate)
    genes = telling(champion, strategy, ledger.scores)
    values = _VALUES_LEARNING if strategy.learning else _VALUES
    around = [_around(gene, champion.values[gene.name], values) for gene in genes[:2]]
    axes = _Axes(genes[0], genes[1], around[0], around[1])
    grid = _grid(champion, strategy, axes)
    ledger.scores(list(grid.values()))
    return Neighbourhood(
        (axes.columns.name, tuple(axes.columns.at(k) for k in axes.column_indices)),
        (axes.rows.name, tuple(axes.rows.at(k) for k in axes.row_indices)),
        _centre(champion, axes),
        tuple(ledger.neighbour(place, genome) for place, genome in grid.items()),
        ledger.extra,
    )


class _Ledger:
    """What is known of genomes: first what the run paid for, then what the picture adds."""

    def __init__(
        self,
        known: Callable[[Sequence[str]], Sequence[Evaluation]],
        evaluate: Callable[[Sequence[Genome]], Sequence[Evaluation]],
    ) -> None:
        self._known = known
        self._paid: dict[str, Evaluation] = {}
        self._extra: dict[str, Evaluation] = {}
        self._evaluate = evaluate

    def scores(self, genomes: Sequence[Genome]) -> list[float]:
        """Return the selection scores that there are, evaluating what is not known yet."""
        met = self._paid.keys() | self._extra.keys()
        new = {genome.fingerprint: genome for genome in genomes if genome.fingerprint not in met}
        self._paid |= {e.genome.fingerprint: e for e in self._known(list(new))}
        missing = {name: genome for name, genome in new.items() if name not in self._paid}
        if missing:
            self._extra |= {e.genome.fingerprint: e for e in self._evaluate(list(missing.values()))}
        found = (self._of(genome).selection_score for genome in genomes)
        return [score for score in found if score is not None]

    @property
    def extra(self) -> tuple[Evaluation, ...]:
        """What was evaluated for the picture alone, in the order asked."""
        return tuple(self._extra.values())

    def neighbour(self, place: tuple[int, int], genome: Genome) -> Neighbour:
        """Return one cell of the map."""
        return Neighbour(*place, self._of(genome).selection_score, genome.fingerprint in self._paid)

    def _of(self, genome: Genome) -> Evaluation:
        return self._paid.get(genome.fingerprint) or self._extra[genome.fingerprint]


def telling(
    champion: Genome, strategy: Strategy, scores: Callable[[Sequence[Genome]], list[float]]
) -> list[Gene]:
    """Order a strategy's genes by how far the score moves when each alone is moved a little.

    Each gene is set one and two strides below and above the champion's value, the others are left
    as they are; the distance from the worst to the best score counts.
    """
    genes = _movable(strategy)
    reach: dict[str, float] = {}
    for gene in genes:
        moved = [
            strategy.normalised({**champion.values, gene.name: gene.at(k)})
            for k in _around(gene, champion.values[gene.name], _VALUES_LEARNING)
        ]
        found = scores(moved)
        reach[gene.name] = max(found) - min(found) if found else 0.0
    return sorted(genes, key=lambda gene: -reach[gene.name])


def _movable(strategy: Strategy) -> list[Gene]:
    return [gene for gene in strategy.all_genes if gene.size >= _FEWEST_VALUES]


def neighbourhood_figure(found: Neighbourhood, run_objective: str) -> str:
    """Draw the neighbourhood as a heat map."""
    (column_name, column_values), (row_name, row_values) = found.columns, found.rows
    cells = [
        Cell(
            cell.column,
            cell.row,
            cell.score,
            NONE if cell.score is None else ratio(cell.score),
            f"{column_name}={gene_value(column_values[cell.column])}, "
            f"{row_name}={gene_value(row_values[cell.row])}: "
            + ("failed" if cell.score is None else ratio(cell.score))
            + (", evaluated during the run" if cell.evaluated_in_run else ", evaluated for this picture"),
            dotted=cell.evaluated_in_run,
            marked=(cell.column, cell.row) == found.centre,
        )
        for cell in found.cells
    ]
    scores = [cell.score for cell in found.cells if cell.score is not None]
    return heat_map(
        Caption(
            "neighbourhood",
            f"Scores around the champion over {column_name} and {row_name}",
            f"Selection score ({run_objective}) from {ratio(min(scores))} to {ratio(max(scores))}."
            if scores
            else "No neighbour could be scored.",
        ),
        cells,
        (column_name, [gene_value(value) for value in column_values]),
        (row_name, [gene_value(value) for value in row_values]),
    )


def _around(gene: Gene, value: float, values: int) -> tuple[int, ...]:
    centre, stride = gene.index(value), max(1, round(gene.size / _STEPS_ACROSS))
    below, above = centre // stride, (gene.size - 1 - centre) // stride
    first = -min(below, values // 2)
    last = min(above, first + values - 1)
    first = -min(below, values - 1 - last)
    return tuple(centre + k * stride for k in range(first, last + 1))


def _centre(champion: Genome, axes: _Axes) -> tuple[int, int]:
    column = axes.column_indices.index(axes.columns.index(champion.values[axes.columns.name]))
    return column, axes.row_indices.index(axes.rows.index(champion.values[axes.rows.name]))


def _grid(champion: Genome, strategy: Strategy, axes: _Axes) -> dict[tuple[int, int], Genome]:
    grid = {}
    for row, up in enumerate(axes.row_indices):
        for column, across in enumerate(axes.column_indices):
            moved = {axes.columns.name: axes.columns.at(across), axes.rows.name: axes.rows.at(up)}
            asked = {**champion.values, **moved}
            genome = strategy.normalised(asked)
            # Where the rule of repair steps in, the cell would show another genome.
            if genome.values == asked:
                grid[column, row] = genome
    return grid
