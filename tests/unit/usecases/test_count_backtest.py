"""A backtest by hand of sealed candles is an attempt at their exam."""

from dataclasses import replace

import pytest

from genepool.history import NewLook
from genepool.market.candles import Candles
from genepool.market.moments import timestamp
from genepool.pool.run_stamps import run_stamps
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket
from genepool.usecases.count_backtest import count_backtest
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import WholeHistory

RUN = bred_run(generations=2, size=9)
SPEC, CANDLES = RUN.plan.spec, RUN.plan.candles
VISIBLE = len(RUN.plan.problem.candles)
GENOME = "a" * 16


class Desk(WholeHistory):
    """A history whose ledger notes what was backtested."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []
        self.ledger_book = self
        record_in(self, RUN)
        self.know_market(known_market(CANDLES))

    def note_backtest(self, market: KnownMarket, fingerprint: str) -> bool:
        assert market.digest
        self.noted.append(fingerprint)
        return True

    def declare(self, market: KnownMarket, trials: int, note: str) -> None:
        raise NotImplementedError

    def bring(self, market: KnownMarket, fingerprints: object, note: str) -> int:
        raise NotImplementedError


def traded(desk: Desk, first: int, last: int, candles: Candles = CANDLES, genome: str = GENOME) -> str:
    stamps = CANDLES.stamps
    return count_backtest(genome, candles, (int(stamps[first]), int(stamps[last])), desk)


def attempts(desk: Desk) -> list[tuple[int, str, str]]:
    looks = desk.exams.sealed_looks(SPEC.market_digest)
    return [(look.number, look.what, look.fingerprint) for look in looks]


def test_visible_candles_may_be_looked_at_as_often_as_a_user_likes() -> None:
    desk = Desk()
    assert traded(desk, 0, VISIBLE - 1) == ""
    assert attempts(desk) == []
    assert desk.noted == [GENOME]


def test_one_sealed_candle_makes_it_an_attempt_and_the_user_is_told_how_to_leave_them_out() -> None:
    desk = Desk()
    said = traded(desk, 0, VISIBLE)
    assert attempts(desk) == [(1, "backtest", GENOME)]
    assert "run small sealed the candles from" in said
    assert "counts as attempt 1" in said
    assert f"--stop {timestamp(int(CANDLES.stamps[VISIBLE]))} leaves them out" in said


def test_a_genome_counts_once_also_after_its_exam() -> None:
    desk = Desk()
    desk.exams.note_look(SPEC.market_digest, NewLook("1" * 64, "exam", "small", "b" * 16))
    for genome in ("b" * 16, GENOME, GENOME):
        traded(desk, 0, len(CANDLES) - 1, genome=genome)
    assert attempts(desk) == [(1, "exam", "b" * 16), (2, "backtest", GENOME)]


def test_once_unsealed_nothing_counts() -> None:
    desk = Desk()
    desk.exams.note_look(SPEC.market_digest, NewLook("1" * 64, "unsealed", "small", ""))
    assert traded(desk, 0, len(CANDLES) - 1) == ""
    assert [what for _, what, _ in attempts(desk)] == ["unsealed"]


@pytest.mark.parametrize(("start", "stop"), [(500, 2_600), (0, 2_300), (2_200, 2_600)])
def test_a_part_of_the_file_is_the_same_market(start: int, stop: int) -> None:
    part = replace(CANDLES.slice(start, stop), symbol="RENAMED")
    found = run_stamps(SPEC, part)
    assert (found.last_visible, found.first_sealed) == tuple(
        CANDLES.stamps[VISIBLE - 1 : VISIBLE + 1].tolist()
    )
    assert (found.first, found.last) == (int(CANDLES.stamps[0]), int(CANDLES.stamps[-1]))
    desk = Desk()
    assert "counts as attempt 1" in traded(desk, start, stop - 1, part)


def test_coarser_candles_are_reckoned_by_their_length() -> None:
    coarse = replace(
        CANDLES,
        timeframe="4h",
        **{name: getattr(CANDLES, name)[::4] for name in ("stamps", *sorted(CANDLES.columns))},
    )
    found = run_stamps(SPEC, coarse)
    assert found.first_sealed == int(CANDLES.stamps[VISIBLE - VISIBLE % 4])
    assert found.last == int(CANDLES.stamps[(len(CANDLES) - 1) // 4 * 4])


def test_candles_that_came_after_the_run_are_not_sealed() -> None:
    grown = bred_run(generations=1, size=6).plan.candles
    older = replace(SPEC, candles=2_000, data_digest="0" * 64)
    found = run_stamps(older, grown)
    assert (found.first_sealed, found.last) == (int(grown.stamps[1_600]), int(grown.stamps[1_999]))
    after = int(grown.stamps[2_000]), int(grown.stamps[-1])
    assert not found.sealed_overlap(*after)
    assert found.sealed_overlap(int(grown.stamps[1_999]), after[1])
    bare = run_stamps(replace(SPEC, split=replace(SPEC.split, holdout=0.0)), grown)
    assert not bare.sealed_overlap(0, 2**62)
