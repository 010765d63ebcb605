"""Where a genome stands on the map, and which of two that stand alike stays."""

from dataclasses import replace

import pytest

from genepool.backtest.habits import Habits
from genepool.evolution.niches import AXES, NICHES, coordinates, elites_of, niche_at
from genepool.evolution.population import Candidate, Individual
from tests.fakes.scorers import NOTHING
from tests.fakes.species import CYCLE, trading

TRADED = replace(NOTHING, turnover=55.0, trades=4.0, exposure=0.25, candles=800.0)


def test_a_genome_stands_where_its_figures_say() -> None:
    assert coordinates(TRADED, Habits(0.8, -0.1)) == (55.0, 50.0, 0.8, -0.1)


def test_what_never_traded_stands_nowhere() -> None:
    with pytest.raises(ValueError, match="stands nowhere"):
        coordinates(NOTHING, Habits(1.0, 0.0))


def test_a_value_on_an_edge_is_in_the_upper_bin() -> None:
    assert niche_at((10.0, 3.9, 0.25, 0.6)) == (1, 0, 1, 4)
    assert niche_at((0.0, 0.0, 0.0, -1.0)) == (0, 0, 0, 0)
    assert niche_at((1e9, 1e9, 1.0, 1.0)) == tuple(axis.bins - 1 for axis in AXES)
    assert NICHES == 5 * 5 * 3 * 5


def test_the_best_of_each_cell_stays_and_what_has_no_cell_does_not() -> None:
    genomes = [CYCLE.normalised({"length": length}) for length in (20, 40, 60, 80, 100, 120)]
    born = [Individual(Candidate(one, "initial"), trading(one), 0) for one in genomes]
    alive = [one for one in born if one.fitness is not None]
    niches = {one.genome.fingerprint: (k % 2,) for k, one in enumerate(alive[:-1])}
    elites = elites_of(alive, niches)
    assert [niches[one.genome.fingerprint] for one in elites] in ([(0,), (1,)], [(1,), (0,)])
    for elite in elites:
        cell = niches[elite.genome.fingerprint]
        rivals = [one for one in alive[:-1] if niches[one.genome.fingerprint] == cell]
        assert elite.fitness == max(one.fitness or 0.0 for one in rivals)
    assert elites == elites_of(list(reversed(alive)), niches)
