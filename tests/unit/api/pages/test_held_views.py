"""Views of runs that are held while nothing that they show has changed."""

from dataclasses import replace

import pytest

from genepool.api.pages.held_views import HeldViews
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory

RUN = bred_run()


@pytest.fixture
def past() -> PastRun:
    history = WholeHistory()
    record_in(history, RUN)
    return PastRun(history.summaries()[0], history, NamedCandles({}))


def test_what_was_drawn_is_not_drawn_again(past: PastRun) -> None:
    held, drawn = HeldViews(), iter(range(9))
    assert [held.of(past, rank, lambda: next(drawn)) for rank in (1, 1, 2, 1)] == [0, 0, 1, 0]


def test_a_run_or_a_ledger_that_has_grown_is_drawn_anew(past: PastRun) -> None:
    held, drawn = HeldViews(), iter(range(9))
    held.of(past, 1, lambda: next(drawn))
    longer = replace(past, summary=replace(past.summary, generations=9))
    assert held.of(longer, 1, lambda: next(drawn)) == 1
    newborn = RUN.records[0].newborn[0]
    other = replace(newborn.evaluation, genome=replace(newborn.genome, genes=(("entry", 99.0),)))
    past.history.remember(RUN.plan.spec.problem_digest, [other])
    assert held.of(longer, 1, lambda: next(drawn)) == 2


def test_the_views_that_were_looked_at_longest_ago_go_first(past: PastRun) -> None:
    held, drawn = HeldViews(most=2), iter(range(9))
    assert [held.of(past, rank, lambda: next(drawn)) for rank in (1, 2, 1, 3, 1, 2)] == [0, 1, 0, 2, 0, 3]
