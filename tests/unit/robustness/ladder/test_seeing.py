"""What it would have taken to see an edge."""

from dataclasses import replace

import pytest

from genepool.randomness import Purpose, generator
from genepool.robustness.ladder import NullStanding, climb, needed_by_deflation, needed_by_nulls
from genepool.robustness.sharpe_statistics import deflated_sharpe, expected_best_sharpe
from tests.unit.robustness.ladder.test_climbing import FEW, LUCKY, OFTEN, RARE

NINETEEN = [1.0 - 0.1 * place for place in range(19)]
FULL = replace(OFTEN, sharpes=NINETEEN)


def test_the_best_of_nineteen_nulls_is_the_smallest_edge_seen_half_of_the_time() -> None:
    needed = needed_by_nulls(LUCKY, NINETEEN)
    assert (needed.by, needed.smallest_sharpe) == ("nulls", 1.0)


def test_of_ninety_nine_nulls_the_fifth_best_is() -> None:
    best_first = [3.0 - 0.01 * place for place in range(99)]
    assert needed_by_nulls(LUCKY, best_first).smallest_sharpe == pytest.approx(2.96)


def test_too_few_nulls_tell_no_smallest_edge() -> None:
    needed = needed_by_nulls(LUCKY, NINETEEN[:18])
    assert (needed.smallest_sharpe, needed.years_for_one) == (None, None)


def test_each_further_search_of_the_candles_takes_more_nulls() -> None:
    assert needed_by_nulls(LUCKY, NINETEEN, searches=2).smallest_sharpe is None
    assert needed_by_nulls(LUCKY, [*NINETEEN, *NINETEEN, 0.0], searches=2).smallest_sharpe == 1.0


def test_a_null_that_scored_no_genome_is_below_all() -> None:
    assert needed_by_nulls(LUCKY, [*NINETEEN[:10], *[None] * 9]).smallest_sharpe == 1.0


def test_half_the_sharpe_takes_four_times_the_years() -> None:
    needed = needed_by_nulls(replace(LUCKY, sharpe=0.5, years=2.0), [2.0, *NINETEEN[1:]])
    assert (needed.years_for_one, needed.years_for_own) == (8.0, 32.0)


def test_a_champion_that_lost_needs_no_years_of_its_own() -> None:
    assert needed_by_nulls(replace(LUCKY, sharpe=-0.5), NINETEEN).years_for_own is None


def test_an_edge_at_the_bar_is_seen_half_of_the_time() -> None:
    draws = generator(7, Purpose.CHECK)
    years, nulls = 2.0, draws.normal(0.9, 0.5, size=99).tolist()
    bar = needed_by_nulls(replace(LUCKY, years=years), nulls).smallest_sharpe or 0.0
    seen = 0
    for figure in draws.normal(bar, (1.0 / years) ** 0.5, size=4_000):
        reached = sum(null >= figure for null in nulls)
        seen += (1 + reached) / 100 <= 0.05
    assert seen / 4_000 == pytest.approx(0.5, abs=0.03)


def test_deflation_believes_what_lies_on_its_bar() -> None:
    per_year, years, trials = 8_760.0, 2.0, 1_240
    best = expected_best_sharpe(trials, 1.0 / years)
    bar = needed_by_deflation(replace(LUCKY, years=years, expected_best=best)).smallest_sharpe or 0.0
    assert deflated_sharpe(bar / per_year**0.5, years * per_year, trials) == pytest.approx(0.95, abs=1e-3)


def test_folds_without_a_candle_need_nothing() -> None:
    assert needed_by_deflation(replace(LUCKY, years=0.0)).smallest_sharpe is None


@pytest.mark.parametrize(("nulls", "by"), [(None, "deflation"), (FULL, "nulls"), (FEW, "deflation")])
def test_no_edge_is_said_with_what_it_would_have_taken(nulls: NullStanding | None, by: str) -> None:
    needed = climb(LUCKY, nulls).needed
    assert needed is not None
    assert needed.by == by


def test_what_luck_hardly_explains_needs_nothing() -> None:
    assert climb(LUCKY, RARE).needed is None


def test_nulls_that_all_lost_hide_no_edge() -> None:
    assert needed_by_nulls(LUCKY, [-0.3] * 19).smallest_sharpe == 0.0


def test_what_is_needed_is_told_in_years_of_folds() -> None:
    loud = replace(FULL, sharpes=[2.0, *NINETEEN[1:]])
    assert climb(replace(LUCKY, years=2.0), loud).needed_sentence == (
        "By its nulls, this search would see an annual Sharpe of 2.00 half of the time in 2.0 years of "
        "folds; a Sharpe of 1 takes 8.0 years of folds, 6.0 years more; this champion's 1.30 takes 4.7 years "
        "of folds, 2.7 years more."
    )


def test_without_nulls_deflation_tells_what_is_needed() -> None:
    told = climb(LUCKY).needed_sentence
    assert told.startswith(
        "Deflation would see an annual Sharpe of 3.26 half of the time in 2.0 years of folds;"
    )
    assert told.endswith("; null searches tell what this search would see.")


def test_folds_too_short_for_a_year_need_years_and_no_ratio() -> None:
    told = climb(replace(LUCKY, years=0.1)).needed_sentence
    assert told.startswith("A Sharpe of 1 takes ")
    assert "annual" not in told
