"""What separates a live bot from its replay is split by cause."""

from dataclasses import asdict, replace

import pytest

from genepool.backtest.live_gap import GapPair, GapParts, gap_of, paired
from genepool.backtest.live_trades import LiveTrade
from genepool.backtest.round_trips import RoundTrip

HOUR = 3_600 * 10**9


def a_trip(
    hour: int = 0, side: int = 1, units: float = 2.0, entry: float = 100.0, left: float = 110.0
) -> RoundTrip:
    bare = RoundTrip(hour * HOUR, (hour + 5) * HOUR, side, units, entry, left, 0.4, 0.1, 0.0)
    return replace(bare, result=bare.priced)


def named(parts: GapParts) -> dict[str, float]:
    """Return the causes that play a part."""
    return {name: round(value, 12) for name, value in asdict(parts).items() if abs(value) > 1e-12}


def split(expected: RoundTrip, live: RoundTrip) -> dict[str, float]:
    return named(GapPair(expected, live).parts(HOUR))


def priced(trip: RoundTrip, **changes: float) -> RoundTrip:
    """Return a trade with other terms, and the result that follows from them."""
    changed = replace(trip, **changes)  # type: ignore[arg-type] # numbers
    return replace(changed, result=changed.priced)


def test_a_bot_that_trades_as_its_replay_leaves_no_gap() -> None:
    assert split(a_trip(), a_trip()) == {}


def test_worse_fills_cost_their_difference_on_both_sides() -> None:
    assert split(a_trip(), priced(a_trip(), entry_price=101.0, exit_price=109.5)) == {"fills": -3.0}
    short = a_trip(side=-1, left=90.0)
    assert split(short, priced(short, entry_price=99.0, exit_price=90.5)) == {"fills": -3.0}


def test_an_exit_at_another_time_is_no_bad_fill() -> None:
    later = priced(a_trip(), exit=8 * HOUR, exit_price=104.0)
    assert split(a_trip(), later) == {"exits": -12.0}
    within = priced(a_trip(), exit=6 * HOUR, exit_price=104.0)
    assert split(a_trip(), within) == {"fills": -12.0}


def test_doubled_fees_cost_the_fees_once_more() -> None:
    assert split(a_trip(), priced(a_trip(), fees=0.8)) == {"fees": -0.4}


def test_funding_that_was_received_instead_of_paid_is_earned() -> None:
    assert split(a_trip(), priced(a_trip(), funding=-0.2)) == {"funding": 0.3}


def test_twice_the_size_earns_the_result_once_more() -> None:
    assert split(a_trip(), a_trip().scaled(2.0)) == {"sizes": a_trip().result}


def test_what_a_record_claims_beyond_its_prices_stays_unexplained() -> None:
    assert split(a_trip(), replace(a_trip(), result=a_trip().result - 1.5)) == {"unexplained": -1.5}


def test_a_missed_trade_costs_what_it_would_have_earned_and_an_extra_one_is_what_it_earned() -> None:
    lost = a_trip(10, left=95.0)
    pairs = paired([a_trip(), a_trip(20)], [a_trip(), lost], HOUR)
    assert named(gap_of(pairs, HOUR)) == {"missed": -a_trip().result, "extra": lost.result}


class TestPairs:
    def test_trades_of_the_same_side_within_the_tolerance_belong_together(self) -> None:
        expected, live = [a_trip(0), a_trip(10)], [a_trip(1), a_trip(12)]
        found = paired(expected, live, HOUR)
        assert found == (
            GapPair(a_trip(0), a_trip(1)), GapPair(a_trip(10), None), GapPair(None, a_trip(12)),
        )  # fmt: skip

    def test_the_nearest_are_paired_first_and_each_once(self) -> None:
        expected, live = [a_trip(0), a_trip(2)], [a_trip(2), a_trip(3)]
        found = {(pair.expected, pair.live) for pair in paired(expected, live, 2 * HOUR)}
        assert found == {(a_trip(2), a_trip(2)), (a_trip(0), None), (None, a_trip(3))}

    def test_a_long_is_never_a_short(self) -> None:
        assert all(None in (pair.expected, pair.live) for pair in paired([a_trip()], [a_trip(side=-1)], HOUR))


class TestLiveTrade:
    TRADE = LiveTrade(0, 5 * HOUR, 1, 2.0, 100.0, 110.0, 0.4, 0.1)

    def test_an_open_trade_is_valued_and_one_left_later_pays_no_exit_yet(self) -> None:
        held = self.TRADE.until(4 * HOUR, 105.0)
        assert (held.valued, held.exit, held.exit_price, held.fees) == (True, 4 * HOUR, 105.0, 0.2)
        assert held.result == pytest.approx(2 * 5.0 - 0.2 - 0.1)
        open_ = replace(self.TRADE, exit=None, exit_price=None).until(9 * HOUR, 105.0)
        assert (open_.valued, open_.fees) == (True, 0.4)

    def test_its_own_result_goes_before_its_prices(self) -> None:
        assert self.TRADE.until(9 * HOUR, 1.0).result == pytest.approx(20.0 - 0.4 - 0.1)
        said = replace(self.TRADE, result=7.0).until(9 * HOUR, 1.0)
        assert said.result == 7.0
        assert said.beyond == pytest.approx(-12.5)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"units": 0.0}, "units: 0.0 is not a number above 0"),
            ({"entry_price": float("nan")}, "entry_price: nan"),
            ({"exit": -1}, "exit_time: it lies before the entry"),
            ({"exit": None}, "exit_price: time and price"),
            ({"fees": float("inf")}, "fees: inf is not a number"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(self, changes: dict[str, float], said: str) -> None:
        with pytest.raises(ValueError, match=said):
            replace(self.TRADE, **changes)  # type: ignore[arg-type] # numbers
