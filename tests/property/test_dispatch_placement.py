"""Sane plans for machines of 1 to 250 cores, and small work that stays here."""

from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.scheduling.placement import estimated_seconds, spread_seats, worth_distributing
from genepool.scheduling.rules import DispatchRules

clusters = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 250), min_size=1)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(cpus=clusters, at_most=st.none() | st.integers(0, 300))
def test_seats_never_exceed_the_cpus_and_follow_their_proportions(
    cpus: dict[str, int], at_most: int | None
) -> None:
    seats = spread_seats(cpus, at_most)
    total = sum(cpus.values())
    wanted = total if at_most is None else min(total, at_most)
    assert sum(seats.values()) == wanted
    assert all(0 <= seats[name] <= cpus[name] for name in cpus)
    assert all(abs(seats[name] - wanted * cpus[name] / total) <= len(cpus) / 2 for name in cpus)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(seats=st.integers(1, 250), waiting=st.floats(0, 1e6))
def test_batches_keep_one_coordinator_able_to_feed_all_seats(seats: int, waiting: float) -> None:
    seconds = DispatchRules().seconds_for(waiting, seats)
    assert DispatchRules().least_seconds <= seconds <= 0.4
    # Far from the end, the whole crew asks for at most a thousand batches a second.
    assert waiting < seats or seats / seconds <= 1_000


@settings(derandomize=True, deadline=None, max_examples=100)
@given(seconds=st.floats(0, 1e6), workers=st.integers(1, 250), cpus=st.integers(0, 250))
def test_work_goes_to_a_cluster_only_when_it_is_large_and_the_cluster_is_too(
    seconds: float, workers: int, cpus: int
) -> None:
    verdict = worth_distributing(seconds, workers, cpus)
    assert verdict.distributed == (seconds / workers >= 30 and cpus > workers)
    assert verdict.sentence


def test_long_histories_and_learning_strategies_are_what_takes_long() -> None:
    quick = estimated_seconds(1_000, 20_000, learning_share=0.0)
    assert estimated_seconds(1_000, 200_000, learning_share=0.0) == 10 * quick
    assert estimated_seconds(1_000, 20_000, learning_share=0.2) > 10 * quick
