"""How a search went from generation to generation, as far as it is drawn."""

from genepool.evolution.population import Population
from genepool.pool.generation_point import GenerationPoint, point_of

# A picture is some hundred pixels wide: with more points it is larger and shows no more.
_POINTS = 2_000


class Curve:
    """A fold over populations: a point of each, or of a long run every second, fourth, eighth and so on.

    Parameters
    ----------
    points
        How many are kept at most, the newest not counted.
    """

    def __init__(self, points: int = _POINTS) -> None:
        self._most = points
        self._kept: list[GenerationPoint] = []
        self._newest: Population | None = None
        self._stride = 1

    def take(self, population: Population) -> None:
        """Add the next generation's."""
        self._newest = population
        if population.generation % self._stride:
            return
        self._kept.append(point_of(population))
        if len(self._kept) > self._most:
            self._kept, self._stride = self._kept[::2], 2 * self._stride

    def result(self) -> tuple[GenerationPoint, ...]:
        """Return the points, the first and the newest generation among them."""
        newest = self._newest
        if newest is None or self._kept[-1].generation == newest.generation:
            return tuple(self._kept)
        return (*self._kept, point_of(newest))
