"""What a whole search found, in one figure."""

from dataclasses import replace

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual
from genepool.history import leaderboard
from genepool.robustness.search_statistics import (
    DEFAULT_STATISTIC,
    STATISTIC_WORDS,
    STATISTICS,
    search_figures,
)
from tests.fakes.bred_runs import bred_run, failed_run

RUN = bred_run()
BORN = [one for _, one in RUN.newborn]
YEAR = RUN.plan.problem.candles_per_year
CHAMPION = leaderboard(BORN, 1)[0]


def figures(born: list[Individual] = BORN) -> dict[str, float | None]:
    best = leaderboard(born, 1)
    return search_figures(born, best[0] if best else None, YEAR)


def test_each_statistic_has_its_words() -> None:
    assert list(STATISTIC_WORDS) == list(STATISTICS)
    assert DEFAULT_STATISTIC in STATISTICS
    assert len(STATISTICS) >= 5


def test_they_look_at_the_champion() -> None:
    scored, found = CHAMPION.evaluation.scored, figures()
    assert scored is not None
    assert found["champion_walk_forward"] == scored.walk_forward.sharpe
    assert found["worse_of_both"] == CHAMPION.evaluation.selection_score
    assert found["sum_of_both"] == scored.scores[0] + scored.walk_forward_scores[0]


def test_they_look_at_the_twenty_best_bred() -> None:
    unique = {one.genome.fingerprint: one for one in BORN}.values()
    best = sorted(unique, key=lambda one: (-(one.fitness or -9e9), one.genome.fingerprint))
    sharpes = [one.evaluation.scored.walk_forward.sharpe for one in best[:20] if one.evaluation.scored]
    assert figures()["mean_of_twenty"] == pytest.approx(sum(sharpes) / 20)
    ranked = sum(sharpe / rank for rank, sharpe in enumerate(sharpes, 1)) / sum(1 / k for k in range(1, 21))
    assert figures()["rank_weighted"] == pytest.approx(ranked)


def test_the_t_statistic_of_normal_returns_is_sharpe_times_root_of_years() -> None:
    scored = CHAMPION.evaluation.scored
    assert scored is not None
    # A year of candles, skew 0; with kurtosis 1 nothing is added for the spread of the estimate.
    normal = replace(scored.walk_forward, sharpe=1.5, skew=0.0, kurtosis=1.0, candles=YEAR)
    plain = replace(
        CHAMPION, evaluation=replace(CHAMPION.evaluation, scored=replace(scored, walk_forward=normal))
    )
    assert search_figures([plain], plain, YEAR)["joined_t"] == pytest.approx(1.5)


def test_the_order_of_births_changes_nothing() -> None:
    assert figures(BORN[::-1]) == figures()


def test_a_search_that_scored_nobody_has_no_figures() -> None:
    assert set(figures([one for _, one in failed_run().newborn]).values()) == {None}


def test_a_failure_is_passed_over() -> None:
    broken = replace(BORN[0], evaluation=Evaluation(RUN.newborn[-1][1].genome, None, "broke"))
    assert figures([*BORN, broken])["sum_of_both"] is not None
