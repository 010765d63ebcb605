"""A list tells the verdict that the run's own page tells now, without its candles, or none."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import StoreError
from genepool.history import THE_RUN_ITSELF, NewLook, NullSearch, RunFilter, Weighing
from genepool.pool.sealed import exam_question
from genepool.robustness.exam import Sitting
from genepool.robustness.ladder import Ladder
from genepool.robustness.search_statistics import DEFAULT_STATISTIC, SHARPE_OF_CHAMPION
from genepool.usecases import weigh_again
from genepool.usecases.check_champion import check_champion
from genepool.usecases.fleet import FleetChampion, fleet
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import bred_run, failed_run, record_in
from tests.fakes.candle_sources import NamedCandles
from tests.fakes.histories import a_generation, a_spec

RUN = bred_run()
SPEC, CHAMPION = RUN.plan.spec, RUN.judged.board[0].genome
CANDLES = NamedCandles({SPEC.data: RUN.plan.candles})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as made:
        record_in(made, RUN)
        yield made


def climbed(store: SqlStore) -> Ladder:
    """Return what the run's own page says, which has its candles."""
    past = PastRun(store.book.summary(SPEC.run), store, CANDLES)
    return past.climbed(past.judged(past.plan()))[0]


def listed(store: SqlStore, unjudged: list[str] | None = None) -> FleetChampion:
    asked = [] if unjudged is None else unjudged
    page = fleet(RunFilter(), store.book, store, unjudged=asked.append)
    return next(one for one in page.champions if one.run == SPEC.run)


def says_the_same(line: FleetChampion, ladder: Ladder) -> bool:
    reached = ladder.reached.name.lower() if ladder.reached else None
    return (line.rung, line.reached, line.verdict) == (ladder.height, reached, ladder.sentence)


def survive(store: SqlStore) -> None:
    for number in range(THE_RUN_ITSELF, 20):
        figures = {DEFAULT_STATISTIC: 1.0 if number else 2.0, SHARPE_OF_CHAMPION: 0.1}
        generator = "block_shuffle" if number else ""
        store.keep_null_search(SPEC.run, NullSearch(RUN.summary.digest or "", generator, number, figures, 50))


def pass_the_exam(store: SqlStore) -> None:
    question = exam_question(SPEC, CHAMPION.fingerprint)
    store.exams.note_look(SPEC.market_digest, NewLook(question, "exam", SPEC.run, CHAMPION.fingerprint))
    store.exams.keep_sitting(question, Sitting(3.0, 400, 0.1, 3.0))


def test_a_run_that_nobody_judged_has_no_verdict_and_is_asked_for(store: SqlStore) -> None:
    asked = list[str]()
    line = listed(store, asked)
    assert (line.rung, line.reached, line.verdict) == (None, None, None)
    assert asked == [SPEC.run]


def test_a_run_that_was_looked_at_has_its_verdict_in_the_list(store: SqlStore) -> None:
    ladder, asked = climbed(store), list[str]()
    assert says_the_same(listed(store, asked), ladder)
    assert asked == []


def test_nulls_and_exams_of_since_are_seen_at_once(store: SqlStore) -> None:
    climbed(store)
    rungs = [listed(store).rung]
    for happens in (survive, pass_the_exam):
        happens(store)
        line = listed(store)
        rungs.append(line.rung)
        assert says_the_same(line, climbed(store))
    assert rungs[1] != rungs[0], "the nulls changed the verdict"


def test_trials_of_another_run_on_its_market_are_counted_at_once(store: SqlStore) -> None:
    before = climbed(store)
    other = replace(a_spec("other"), market_digest=SPEC.market_digest)
    store.create(other)
    store.record("other", a_generation(0, 0))
    line = listed(store)
    assert says_the_same(line, climbed(store))
    assert line.verdict != before.sentence, "it tells how many trials there were"


def test_neighbours_that_may_have_been_tried_since_leave_it_untold_until_it_is_judged_again(
    store: SqlStore,
) -> None:
    survive(store)
    untold = climbed(store)
    assert "whether it is stable was not asked" in untold.sentence
    past = PastRun(store.book.summary(SPEC.run), store, CANDLES)
    check_champion(past, names=["neighbourhood"])
    asked = list[str]()
    assert listed(store, asked).verdict is None
    assert asked == [SPEC.run]
    told = climbed(store)
    assert told.sentence != untold.sentence
    assert says_the_same(listed(store), told)


def test_what_all_checks_found_outlasts_the_trials_that_it_was_found_by(store: SqlStore) -> None:
    survive(store)
    check_champion(PastRun(store.book.summary(SPEC.run), store, CANDLES), names=["neighbourhood"])
    told = climbed(store)
    store.prune_trials(timedelta(0))
    assert climbed(store).sentence == told.sentence
    assert says_the_same(listed(store), told)


@pytest.mark.parametrize("stale", ["run_digest", "rules", "fingerprint"])
def test_what_was_found_of_another_run_or_by_other_rules_is_not_told(store: SqlStore, stale: str) -> None:
    climbed(store)
    (kept,) = store.weighings.of_runs([SPEC.run]).values()
    store.weighings.keep(SPEC.run, replace(kept, **{stale: "old"}))  # type: ignore[arg-type] # all are texts
    asked = list[str]()
    assert listed(store, asked).verdict is None
    assert asked == [SPEC.run]
    assert says_the_same(listed(store), climbed(store)) is False, "the look before it was judged"
    assert says_the_same(listed(store), climbed(store))


def test_a_run_without_a_champion_needs_nothing_to_be_found(tmp_path: Path) -> None:
    with closing(open_sql_store(embedded_url(tmp_path / "failed.sqlite"))) as store:
        record_in(store, failed_run())
        (line,) = fleet(RunFilter(), store.book, store).champions
    assert (line.rung, line.reached) == (0, None)
    assert line.verdict == "No edge found: no genome was scored on both spans."


def test_a_run_that_has_not_ended_has_no_verdict_and_is_not_asked_for(store: SqlStore) -> None:
    store.create(a_spec("begun"))
    asked = list[str]()
    page = fleet(RunFilter(text="begun"), store.book, store, unjudged=asked.append)
    assert [one.verdict for one in page.champions] == [None]
    assert asked == []


def test_the_same_finding_is_written_once(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    climbed(store)
    written = list[Weighing]()
    monkeypatch.setattr(store.weighings, "keep", lambda _run, one: written.append(one))
    climbed(store)
    assert written == []


def test_whoever_only_looks_does_not_fail_where_nothing_can_be_written(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_run: str, _one: Weighing) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store.weighings, "keep", full)
    assert climbed(store).sentence
    assert listed(store).verdict is None


def test_another_version_finds_it_anew(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    climbed(store)
    monkeypatch.setattr(weigh_again, "program_version", lambda: "99.0")
    assert listed(store).verdict is None


def test_what_runs_of_a_market_have_in_common_is_asked_once(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("second", "third"):
        record_in(store, bred_run(name))
    for summary in store.summaries():
        past = PastRun(summary, store, CANDLES)
        past.climbed(past.judged(past.plan()))
    counted, count = list[str](), store.trials

    def counting(digest: str) -> int:
        counted.append(digest)
        return count(digest)

    monkeypatch.setattr(store, "trials", counting)
    page = fleet(RunFilter(), store.book, store)
    assert len({one.run for one in page.champions if one.verdict}) == 3
    assert counted == [SPEC.market_digest]
