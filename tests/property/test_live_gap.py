"""The causes of a gap add up to it, whatever was traded."""

from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.backtest.live_gap import gap_of, paired
from genepool.backtest.round_trips import RoundTrip

HOUR = 3_600 * 10**9
money = st.floats(-10.0, 10.0)
price = st.floats(1.0, 1_000.0)
trips = st.builds(
    lambda hour, held, side, units, prices, costs, result, valued: RoundTrip(
        hour * HOUR,
        (hour + held) * HOUR,
        side,
        units,
        prices[0],
        prices[1],
        costs[0],
        costs[1],
        result,
        valued,
    ),
    st.integers(0, 40),
    st.integers(0, 10),
    st.sampled_from([1, -1]),
    st.floats(0.01, 5.0),
    st.tuples(price, price),
    st.tuples(money, money),
    st.floats(-1e4, 1e4),
    st.booleans(),
)
some = st.lists(trips, max_size=8).map(lambda found: sorted(found, key=lambda trip: trip.entry))


@settings(max_examples=60)
@given(some, some, st.integers(0, 3))
def test_the_causes_add_up_to_the_gap_and_every_trade_is_counted_once(
    expected: list[RoundTrip], live: list[RoundTrip], candles: int
) -> None:
    pairs = paired(expected, live, candles * HOUR)
    whole = sum(trip.result for trip in live) - sum(trip.result for trip in expected)
    size = 1.0 + sum(
        abs(pair.live.units / pair.expected.units * pair.expected.result)
        for pair in pairs
        if pair.live and pair.expected
    )
    assert abs(gap_of(pairs, candles * HOUR).whole - whole) <= 1e-9 * (
        size + sum(abs(t.result) for t in expected)
    )
    assert sorted(map(repr, (pair.expected for pair in pairs if pair.expected))) == sorted(
        map(repr, expected)
    )
    assert sorted(map(repr, (pair.live for pair in pairs if pair.live))) == sorted(map(repr, live))
    assert all(
        abs(pair.live.entry - pair.expected.entry) <= candles * HOUR and pair.live.side == pair.expected.side
        for pair in pairs
        if pair.live and pair.expected
    )
