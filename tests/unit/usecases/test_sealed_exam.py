"""The exam of a run's champion: spent once, before anything is known of it."""

from dataclasses import replace

import pytest

from genepool.errors import ConfigError, Unsealed
from genepool.history import NewLook
from genepool.pool import sealed
from genepool.pool.sealed import sealed_backtest
from genepool.robustness.exam import Sitting
from genepool.usecases import sealed_exam
from genepool.usecases.exam_document import exam_of_looks, market_exams
from genepool.usecases.past_run import PastRun
from genepool.usecases.sealed_exam import asked_exam, exam_ahead, exam_of, sit_exam, unseal_exam
from tests.fakes.bred_runs import BredRun, bred_run, record_in, with_another_future
from tests.fakes.candle_sources import NamedCandles, WholeHistory

RUN = bred_run(generations=2, size=9)
SPEC = RUN.plan.spec


def past_of(run: BredRun = RUN, store: WholeHistory | None = None) -> PastRun:
    store = store or WholeHistory()
    record_in(store, run)
    return PastRun(store.summaries()[0], store, NamedCandles({SPEC.data: run.plan.candles}))


def other(past: PastRun, name: str) -> PastRun:
    """Return a run with another champion in the same history."""
    another = bred_run(name, generations=1, size=6)
    return past_of(another, past.history)  # type: ignore[arg-type]


def test_an_exam_is_sat_once() -> None:
    past = past_of()
    assert exam_of(past) is None
    sat = sit_exam(past)
    assert (sat.attempt, sat.attempts, sat.fingerprint) == (1, 1, past.at(1).genome.fingerprint)
    assert sit_exam(past) == sat == exam_of(past)
    assert len(past.history.exams.sealed_looks(SPEC.market_digest)) == 1


def test_it_is_sat_on_the_sealed_candles_alone() -> None:
    past = past_of()
    plan, champion = past.plan(), past.at(1).genome
    traded = sealed_backtest(plan, champion)
    visible = len(plan.problem.candles)
    assert traded.stamps.tolist() == plan.candles.stamps[visible:].tolist()
    # Flat at the start, and its indicators know the candles before: it trades within its lookback.
    assert min(traded.trades.entry_stamps) >= plan.candles.stamps[visible]
    assert traded.candles_per_year == plan.problem.candles_per_year
    # Other sealed candles, another answer; other visible ones do not enter but as the past.
    assert sealed_backtest(with_another_future(RUN).plan, champion).measures != traded.measures


def test_the_attempt_is_spent_before_the_candles_are_traded(monkeypatch: pytest.MonkeyPatch) -> None:
    past = past_of()

    def killed(*_: object) -> Sitting:
        looks = past.history.exams.sealed_looks(SPEC.market_digest)
        assert [(look.what, look.sitting) for look in looks] == [("exam", None)]
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(sealed_exam, "sitting", killed)
        with pytest.raises(KeyboardInterrupt):
            sit_exam(past)
    assert exam_of(past) is None
    # The next champion's bar counts it, and the one who was interrupted gets his answer under his number.
    second = sit_exam(other(past, "second"))
    assert (second.attempt, second.attempts) == (2, 2)
    assert sit_exam(past).attempt == 1


def test_the_bar_rises_for_everybody_on_the_market() -> None:
    past = past_of()
    first = sit_exam(past)
    second = sit_exam(other(past, "second"))
    assert second.bar > first.bar
    again = exam_of(past)
    assert again is not None
    assert (again.passed, again.attempt, again.bar) == (first.passed, 1, first.bar)
    assert (again.attempts, again.bar_now > first.bar) == (2, True)


def test_what_passed_stands_only_as_long_as_few_tried() -> None:
    past = past_of()
    book = past.history.exams
    said = ""
    for number in range(9):
        name = f"{number}" * 16
        book.note_look(SPEC.market_digest, NewLook(name * 4, "exam", "small", name))
        if number == 0:
            book.keep_sitting(name * 4, Sitting(2.0, 400, 0.1, 3.0))
        found = exam_of_looks(SPEC, "0" * 64, book.sealed_looks(SPEC.market_digest))
        assert found is not None
        # 2.0 is above 1.65 and 1.96, and below the 2.13 of three attempts.
        assert (found.passed, found.stands, found.attempts) == (True, number < 2, number + 1)
        said = found.sentence
    assert "the bar has risen since: among 9 attempts" in said


def test_only_pass_or_fail_the_bar_and_the_interval_leave_the_room() -> None:
    told = sit_exam(past_of()).as_json()
    assert sorted(told) == [
        *["attempt", "attempts", "bar", "bar_now", "fingerprint", "high", "low", "passed", "sat_at"],
        *["sentence", "stands"],
    ]


def test_what_an_exam_would_spend_is_told_and_not_spent() -> None:
    past = past_of()
    ahead = exam_ahead(past)
    assert (ahead.attempt, ahead.sealed_candles) == (1, len(past.plan().candles) * 0.2)
    scored = past.at(1).evaluation.scored
    assert scored is not None
    pace = scored.walk_forward.trades / scored.walk_forward.candles
    assert ahead.expected_positions == pytest.approx(pace * ahead.sealed_candles)
    assert ahead.bar == pytest.approx(1.646, abs=1e-3)
    assert past.history.exams.sealed_looks(SPEC.market_digest) == []


def test_runs_that_were_bred_on_the_sealed_candles_are_named() -> None:
    past = past_of()
    other(past, "second")
    assert exam_ahead(past).bred_on_by == []
    less = replace(SPEC, run="bold", split=replace(SPEC.split, holdout=0.19))
    past.history.create(less)
    assert exam_ahead(past).bred_on_by == ["bold"]
    assert asked_exam(past).bred_on_by == ["bold"]


def test_unsealed_is_unsealed_for_good() -> None:
    past = past_of()
    sat = sit_exam(past)
    shown = unseal_exam(past)
    champion = past.at(1).genome
    assert shown.measures["sharpe"] == sealed_backtest(past.plan(), champion).measures.sharpe
    assert shown.exam == sat
    for refused in (exam_ahead, sit_exam):
        with pytest.raises(Unsealed, match=rf"unsealed on {shown.unsealed_at[:10]}, so no exam"):
            refused(other(past, f"after {refused.__name__}"))
    # Who sat it before still has his answer, and unsealing again shows the same.
    assert sit_exam(past) == sat
    assert unseal_exam(past) == shown
    listed = market_exams("d", "X", "1h", past.history.exams.sealed_looks(SPEC.market_digest))
    assert (listed.attempts, listed.unsealed_at) == (1, shown.unsealed_at)
    assert [(look.attempt, look.what) for look in listed.looks] == [(1, "exam"), (None, "unsealed")]


def test_only_champions_of_finished_runs_that_sealed_something_may_sit_it() -> None:
    past = past_of()
    unfinished = replace(past, summary=replace(past.summary, state="interrupted"))
    with pytest.raises(ConfigError, match=r"run small is interrupted.*\n.*--resume small"):
        sit_exam(unfinished)
    assert exam_of(unfinished) is None
    bare = replace(RUN.plan, candles=RUN.plan.problem.candles)
    with pytest.raises(ConfigError, match="sealed no candles"):
        sealed.sealed_span(bare)
