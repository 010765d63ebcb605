"""What a bucket of tokens lets through, whenever it is asked."""

from hypothesis import given
from hypothesis import strategies as st

from genepool.api.token_buckets import TokenBuckets

RATES = st.floats(0.1, 1000)
BURSTS = st.integers(1, 50)
PAUSES = st.lists(st.floats(0, 20), max_size=80)
# A token that was taken a little early is owed.
ROUNDING = 1e-5


def moments(pauses: list[float]) -> list[float]:
    now, reached = 0.0, []
    for pause in pauses:
        now += pause
        reached.append(now)
    return reached


@given(RATES, BURSTS, PAUSES)
def test_no_span_of_time_lets_more_through_than_burst_and_rate(
    rate: float, burst: int, pauses: list[float]
) -> None:
    buckets = TokenBuckets(rate, burst)
    let_through = [now for now in moments(pauses) if not buckets.take("one", now)]
    for first, begin in enumerate(let_through):
        for last, end in enumerate(let_through[first:], first):
            assert last - first + 1 <= burst + rate * (end - begin) + 1e-3


@given(RATES, BURSTS, PAUSES)
def test_one_who_waits_as_long_as_told_is_let_through(rate: float, burst: int, pauses: list[float]) -> None:
    buckets = TokenBuckets(rate, burst)
    now = 0.0
    for pause in pauses:
        now += pause
        if wait := buckets.take("one", now):
            assert 0 < wait <= (1 + ROUNDING) / rate
            now += wait
            assert buckets.take("one", now) == 0.0


@given(RATES, BURSTS, st.integers(1, 200))
def test_one_who_keeps_to_the_rate_is_never_refused(rate: float, burst: int, times: int) -> None:
    buckets = TokenBuckets(rate, burst)
    assert {buckets.take("one", index / rate) for index in range(times)} == {0.0}


@given(BURSTS, PAUSES)
def test_no_client_pays_for_another(burst: int, pauses: list[float]) -> None:
    buckets = TokenBuckets(1.0, burst)
    for now in moments(pauses):
        buckets.take("greedy", now)
    assert buckets.take("modest", 2000.0) == 0.0


@given(st.integers(1, 20), st.lists(st.integers(0, 40), max_size=200))
def test_memory_is_bounded_and_the_idlest_is_forgotten(most: int, clients: list[int]) -> None:
    buckets = TokenBuckets(rate=1e-9, burst=1, most=most)
    recent: list[int] = []
    for client in clients:
        # A bucket of one token is empty from its first request until it is forgotten.
        assert bool(buckets.take(str(client), 0.0)) == (client in recent)
        recent = [*(one for one in recent if one != client), client][-most:]
        assert len(buckets) == len(recent)
