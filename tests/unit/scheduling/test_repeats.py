"""A lost batch is repeated, taken apart or condemned, and goes where it can show whose fault it was."""

import pytest

from genepool.scheduling.repeats import Fate, counts_against, fate, may_repeat
from genepool.scheduling.rules import Batch, DispatchRules, SeatState

RULES = DispatchRules(batch_losses=2, lone_failures=2, node_losses=1)


def lost(tickets: tuple[int, ...], losses: int, *, suspect: bool = False) -> Batch:
    names = ("sma_trend_filter",) * len(tickets)
    return Batch(0, tickets, names, "cpu", losses=losses, suspect=suspect)


@pytest.mark.parametrize(
    ("batch", "decided"),
    [
        (lost((1, 2), 1), "repeated"),
        (lost((1, 2), 2), "split"),
        (lost((1,), 1), "repeated"),
        (lost((1,), 1, suspect=True), "repeated"),
        (lost((1,), 2, suspect=True), "condemned"),
    ],
)
def test_the_fate_of_a_lost_batch_follows_from_its_losses(batch: Batch, decided: Fate) -> None:
    assert fate(batch, RULES) == decided


def test_a_lone_genome_is_suspected_after_its_first_loss_and_counted_afresh() -> None:
    batch = lost((1,), 1)
    fate(batch, RULES)
    assert (batch.suspect, batch.losses) == (True, 0)


def test_lost_nodes_are_not_held_against_a_batch_until_there_are_too_many() -> None:
    batch = lost((1, 2), 0)
    assert [counts_against(batch, "node_left", RULES) for _ in range(2)] == [False, True]


def test_memory_that_runs_short_first_gets_a_lone_genome_a_seat_of_its_own() -> None:
    batch = lost((1,), 0)
    assert [counts_against(batch, "out_of_memory", RULES) for _ in range(2)] == [False, True]
    assert batch.solo
    assert batch.suspect


def test_a_batch_that_a_silent_seat_holds_goes_to_another_node() -> None:
    batch = lost((1,), 0)
    batch.copies.add(0)
    here, beside, away = SeatState(0, "a", "cpu"), SeatState(1, "a", "cpu"), SeatState(2, "b", "cpu")
    seats = [here, beside, away]
    assert [may_repeat(batch, seat, seats) for seat in seats] == [False, False, True]
    assert may_repeat(batch, beside, [here, beside])


def test_a_batch_that_ran_out_of_memory_waits_for_a_seat_of_a_memory_node() -> None:
    batch = lost((1,), 0)
    batch.solo = True
    plain, roomy = SeatState(0, "a", "cpu"), SeatState(1, "b", "memory")
    assert not may_repeat(batch, plain, [plain, roomy])
    assert may_repeat(batch, roomy, [plain, roomy])
    assert may_repeat(batch, plain, [plain])
