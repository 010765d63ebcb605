"""Is the champion a plateau or a needle? Its neighbours over the two genes that matter most.

Neighbours that the run has evaluated are taken from it; the others are evaluated for this check
alone: they are no candidates and never selected. They are tries on the same candles all the same, so
they are listed and counted as trials.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Gene, Genome
from genepool.robustness.proposals import Answer, Proposal
from genepool.strategies import Strategy

_FEWEST_VALUES = 4
_VALUES = 9
_VALUES_LEARNING = 5
# An axis of nine values reaches about a third of a gene's range.
_STEPS_ACROSS = 24

# Returns the evaluations that the run has paid for, of those of some genomes that it tried, by fingerprint.
Tried: TypeAlias = Callable[[Sequence[str]], Iterable[Evaluation]]
_Known = Mapping[str, Evaluation]
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One cell of the neighbourhood: the champion with two genes set otherwise.

    Parameters
    ----------
    column, row
        Indices into the axes' values.
    score
        Selection score, or None when there is none.
    evaluated_in_run
        Whether it was a candidate of the run; otherwise it was evaluated for the picture alone.
    """

    column: int
    row: int
    score: float | None
    evaluated_in_run: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Scores around the champion over two of its genes.

    Parameters
    ----------
    columns, rows
        Gene name and values, rising.
    centre
        Column and row of the champion.
    cells
        One per pair of values; pairs that repair to another genome are left out.
    extra
        What was evaluated for the map alone, to find its two genes and to fill its cells.
    """

    columns: tuple[str, tuple[float, ...]]
    rows: tuple[str, tuple[float, ...]]
    centre: tuple[int, int]
    cells: tuple[Neighbour, ...]
    extra: tuple[Evaluation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Axes:
    columns: Gene
    rows: Gene
    column_indices: tuple[int, ...]
    row_indices: tuple[int, ...]


class NeighbourhoodCheck:
    """``ProposingCheck`` that scores the champion with its two most telling genes set otherwise.

    Parameters
    ----------
    problem
        What the champion was scored against.
    champion
        Centre of the map.
    strategy
        Its strategy, with two genes at least that have four values or more.
    tried
        Finds evaluations of the run, the champion's among them; they are not asked for again.
    """

    def __init__(self, problem: Problem, champion: Genome, strategy: Strategy, tried: Tried) -> None:
        self._problem = problem
        self._champion = champion
        self._strategy = strategy
        self._tried = _ReadOnce(tried)

    def ask(self, answers: Sequence[Answer]) -> Proposal | None:
        """Propose each gene moved alone, to find the two that tell most; then the cells of their map."""
        moves, answered = self._moves(), _evaluations(answers)
        known = {**self._tried(moves), **answered}
        missing = _missing(moves, known)
        if not missing:
            cells = self._cells(known).values()
            missing = _missing(cells, {**self._tried(cells), **answered})
        return Proposal(self._problem, missing) if missing else None

    def judge(self, answers: Sequence[Answer]) -> Neighbourhood:
        """Return the map."""
        extra = _evaluations(answers)
        moved = {**self._tried(self._moves()), **extra}
        axes, grid = self._axes(moved), self._cells(moved)
        tried = self._tried(grid.values())
        known = {**tried, **extra}
        cells = (
            Neighbour(*place, known[genome.fingerprint].selection_score, genome.fingerprint in tried)
            for place, genome in grid.items()
        )
        return Neighbourhood(
            (axes.columns.name, tuple(axes.columns.at(k) for k in axes.column_indices)),
            (axes.rows.name, tuple(axes.rows.at(k) for k in axes.row_indices)),
            _centre(self._champion, axes),
            tuple(cells),
            tuple(extra.values()),
        )

    def _moves(self) -> list[Genome]:
        return [genome for gene in movable(self._strategy) for genome in self._moved(gene)]

    def _moved(self, gene: Gene) -> list[Genome]:
        """Return the champion with one gene up to two strides below and above, the others as they are."""
        values = self._champion.values
        around = _around(gene, values[gene.name], _VALUES_LEARNING)
        return [self._strategy.normalised({**values, gene.name: gene.at(k)}) for k in around]

    def _axes(self, known: _Known) -> _Axes:
        columns, rows = self._telling(known)[:2]
        values = _VALUES_LEARNING if self._strategy.learning else _VALUES
        across, up = (_around(gene, self._champion.values[gene.name], values) for gene in (columns, rows))
        return _Axes(columns, rows, across, up)

    def _telling(self, known: _Known) -> list[Gene]:
        """Order the genes by the distance from the worst to the best score when each alone is moved."""
        reach: dict[str, float] = {}
        genes = movable(self._strategy)
        for gene in genes:
            found = (known[genome.fingerprint].selection_score for genome in self._moved(gene))
            scores = [score for score in found if score is not None]
            reach[gene.name] = max(scores) - min(scores) if scores else 0.0
        return sorted(genes, key=lambda gene: -reach[gene.name])

    def _cells(self, known: _Known) -> dict[_Place, Genome]:
        axes, values = self._axes(known), self._champion.values
        cells = {}
        for row, up in enumerate(axes.row_indices):
            for column, across in enumerate(axes.column_indices):
                moved = {axes.columns.name: axes.columns.at(across), axes.rows.name: axes.rows.at(up)}
                asked = {**values, **moved}
                genome = self._strategy.normalised(asked)
                # Where the rule of repair steps in, the cell would show another genome.
                if genome.values == asked:
                    cells[column, row] = genome
        return cells


class _ReadOnce:
    """Evaluations of the run, each looked for when it is needed, and once."""

    def __init__(self, tried: Tried) -> None:
        self._read = tried
        self._known: dict[str, Evaluation | None] = {}

    def __call__(self, genomes: Iterable[Genome]) -> dict[str, Evaluation]:
        """Return those of some genomes that the run evaluated."""
        names = dict.fromkeys(genome.fingerprint for genome in genomes)
        if unread := [name for name in names if name not in self._known]:
            self._known |= dict.fromkeys(unread)
            self._known |= {one.genome.fingerprint: one for one in self._read(unread)}
        found = ((name, self._known[name]) for name in names)
        return {name: evaluation for name, evaluation in found if evaluation is not None}


def movable(strategy: Strategy) -> list[Gene]:
    """Return the genes with enough values for an axis of the map."""
    return [gene for gene in strategy.all_genes if gene.size >= _FEWEST_VALUES]


def _evaluations(answers: Sequence[Answer]) -> dict[str, Evaluation]:
    return {one.genome.fingerprint: one for answer in answers for one in answer.evaluations}


def _missing(genomes: Iterable[Genome], known: _Known) -> tuple[Genome, ...]:
    unknown = {genome.fingerprint: genome for genome in genomes if genome.fingerprint not in known}
    return tuple(unknown.values())


def _around(gene: Gene, value: float, values: int) -> tuple[int, ...]:
    centre, stride = gene.index(value), max(1, round(gene.size / _STEPS_ACROSS))
    below, above = centre // stride, (gene.size - 1 - centre) // stride
    first = -min(below, values // 2)
    last = min(above, first + values - 1)
    first = -min(below, values - 1 - last)
    return tuple(centre + k * stride for k in range(first, last + 1))


def _centre(champion: Genome, axes: _Axes) -> _Place:
    column = axes.column_indices.index(axes.columns.index(champion.values[axes.columns.name]))
    return column, axes.row_indices.index(axes.rows.index(champion.values[axes.rows.name]))
