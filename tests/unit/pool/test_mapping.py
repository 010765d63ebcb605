"""The map of a run: who trades best in each way."""

from genepool.backtest.habits import HabitReader
from genepool.evolution.niches import coordinates, niche_at
from genepool.evolution.population import Individual
from genepool.pool.mapping import strategy_map
from tests.fakes.bred_runs import bred_run, failed_run

RUN = bred_run()
BORN = [one for _, one in RUN.newborn]
READ = HabitReader(RUN.plan.problem)


def score(one: Individual) -> float:
    found = one.evaluation.selection_score
    assert found is not None
    return found


def test_each_cell_has_the_best_of_all_that_stand_in_it() -> None:
    best: dict[tuple[int, ...], float] = {}
    for one in BORN:
        scored, (habits,) = one.evaluation.scored, READ([one.genome])
        if scored is not None and scored.in_sample.trades and habits is not None:
            niche = niche_at(coordinates(scored.in_sample, habits))
            best[niche] = max(best.get(niche, score(one)), score(one))
    found = strategy_map(BORN, READ)
    assert {one.niche: score(one.individual) for one in found.champions} == best
    assert len(best) > 5
    assert [niche_at(one.point) for one in found.champions] == [one.niche for one in found.champions]


def test_the_best_come_first_in_whatever_order_they_were_born() -> None:
    found = strategy_map(BORN, READ)
    assert found == strategy_map(list(reversed(BORN)), READ)
    scores = [score(one.individual) for one in found.champions]
    assert scores == sorted(scores, reverse=True)


def test_failures_are_on_no_map() -> None:
    found = strategy_map([one for _, one in failed_run().newborn], READ)
    assert (found.champions, found.looked_at) == ((), 0)
