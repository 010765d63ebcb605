"""How far a recorded run's champion climbs, by all that its history knows; nothing is evaluated for it."""

import pytest

from genepool.history import THE_RUN_ITSELF, NewLook, NullSearch
from genepool.pool.sealed import exam_question
from genepool.robustness.exam import Sitting
from genepool.robustness.ladder import RungState
from genepool.robustness.search_statistics import DEFAULT_STATISTIC, SHARPE_OF_CHAMPION
from genepool.usecases.check_champion import check_champion
from genepool.usecases.describe_run import describe_run
from genepool.usecases.past_run import PastRun
from genepool.usecases.run_ladder import standing_among_nulls
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory

RUN = bred_run()
CANDLES = NamedCandles({RUN.plan.spec.data: RUN.plan.candles})
DIGEST = RUN.summary.digest or ""
SURVIVED, STABLE, EXAMINED = 2, 3, 4


def past(nulls: int = 0, figure: float = 1.0, digest: str = DIGEST) -> PastRun:
    history = WholeHistory()
    record_in(history, RUN)
    found = PastRun(history.summaries()[0], history, CANDLES)
    for number in range(THE_RUN_ITSELF, nulls + 1):
        generator = "block_shuffle" if number else ""
        figures = {DEFAULT_STATISTIC: figure if number else 2.0, SHARPE_OF_CHAMPION: 0.1 * number}
        history.keep_null_search(found.name, NullSearch(digest, generator, number, figures, 50))
    return found


def test_its_five_rungs_stand_in_the_document_with_the_commands_that_ask_the_rest() -> None:
    ladder = describe_run(past()).as_json()["ladder"]
    assert [one["rung"] for one in ladder["rungs"]] == ["traded", "paid", "survived", "stable", "examined"]
    assert {one["state"] for one in ladder["rungs"]} <= {"passed", "failed", "not asked"}
    assert ladder["rungs"][4] == {
        "rung": "examined",
        "title": "passed the sealed exam",
        "state": "not asked",
        "sentence": "The sealed candles were not asked: `genepool exam small`.",
    }
    assert ladder["sentence"].endswith(".")
    assert ladder["height"] in range(6)


def test_a_run_without_its_candles_has_no_ladder() -> None:
    history = WholeHistory()
    record_in(history, RUN)
    assert describe_run(PastRun(history.summaries()[0], history, NamedCandles({}))).ladder is None


def test_nothing_is_tried_for_it() -> None:
    found = past()
    before = found.history.trials(RUN.plan.spec.market_digest)
    found.climbed(found.judged(found.plan()))
    assert found.history.trials(RUN.plan.spec.market_digest) == before


def test_neighbours_that_nobody_evaluated_are_asked_for_until_the_check_has_them() -> None:
    found = past()
    judged = found.judged(found.plan())
    before, _ = found.climbed(judged)
    assert "neighbourhood" in before.rungs[STABLE].sentence
    assert "genepool check small" in before.rungs[STABLE].sentence
    check_champion(found, names=["neighbourhood"])
    after, _ = found.climbed(found.judged(found.plan()))
    assert "genepool check" not in after.rungs[STABLE].sentence


def test_a_second_look_trades_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = past()
    judged = found.judged(found.plan())
    first = found.climbed(judged)
    monkeypatch.setattr(PastRun, "_stable", None)
    assert found.climbed(judged) == first


def test_nulls_that_were_made_since_are_seen_at_once() -> None:
    found = past()
    judged = found.judged(found.plan())
    assert found.climbed(judged)[1] is None
    for number, figure in ((THE_RUN_ITSELF, 2.0), *((null, 1.0) for null in range(1, 20))):
        generator = "block_shuffle" if number else ""
        one = NullSearch(DIGEST, generator, number, {DEFAULT_STATISTIC: figure}, 50)
        found.history.keep_null_search(found.name, one)
    ladder, nulls = found.climbed(judged)
    assert nulls is not None
    assert ladder.rungs[SURVIVED].state is RungState.PASSED
    assert "p = 0.05 of 19 nulls" in ladder.rungs[SURVIVED].sentence


def test_the_nulls_that_count_are_those_of_the_run_as_it_is() -> None:
    found = past(nulls=3, digest="before it was continued")
    assert standing_among_nulls(found.summary.spec, DIGEST, found.history) is None


def test_the_sharpe_ratios_of_the_nulls_champions_are_read_beside_what_is_compared() -> None:
    found = past(nulls=3)
    nulls = standing_among_nulls(found.summary.spec, DIGEST, found.history)
    assert nulls is not None
    assert (nulls.count, nulls.figure, nulls.figures) == (3, 2.0, [1.0, 1.0, 1.0])
    assert nulls.sharpes == pytest.approx((0.1, 0.2, 0.3))


def test_the_exam_that_its_champion_sat_is_the_fifth_rung_and_goes_by_the_bar_of_today() -> None:
    found = past()
    spec, judged = found.summary.spec, found.judged(found.plan())
    assert judged.champion is not None
    asked = exam_question(spec, judged.champion.genome.fingerprint)
    look = NewLook(asked, "exam", spec.run, judged.champion.genome.fingerprint)
    found.history.exams.note_look(spec.market_digest, look)
    found.history.exams.keep_sitting(asked, Sitting(1.8, 400, 0.1, 3.0))
    ladder, _ = found.climbed(judged)
    assert ladder.rungs[EXAMINED].state is RungState.PASSED
    assert "annual Sharpe 0.10 to 3.00 on the sealed candles, attempt 1" in ladder.rungs[EXAMINED].sentence
    found.history.exams.note_look(spec.market_digest, NewLook("other" * 12 + "abcd", "exam", "other", "f"))
    assert found.climbed(judged)[0].rungs[EXAMINED].state is RungState.FAILED
