"""The rules of dispatching, one by one, with a clock of our own."""

from collections import OrderedDict

import pytest

from genepool.scheduling.backlog import Knowledge
from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.requests import Requests
from genepool.scheduling.rules import DispatchRules, Handout, Work

# A power of two, so that sums of it are exact.
EACH = 1 / 64


def dispatcher(seconds_each: float | None = EACH, batch_size: int | None = None) -> Dispatcher:
    """Return a dispatcher that knows what a genome costs."""
    known = OrderedDict((problem, Knowledge()) for problem in ("", "other"))
    if seconds_each is not None:
        for knowledge in known.values():
            knowledge.costs.observe("s", 1, seconds_each)
    # With batches of a given size the end is never near: a second one always waits behind the first.
    seconds = 0.25 if batch_size is None else 0.0
    return Dispatcher(DispatchRules(batch_size=batch_size, batch_seconds=seconds), Requests(known))


def seated(made: Dispatcher, *nodes: str, kind: str = "cpu") -> Dispatcher:
    """Let seats join, numbered from 0."""
    for number, node in enumerate(nodes):
        made.seat_joined(number, node, kind, 0.0)
    return made


def works(count: int, kind: str = "cpu") -> list[Work]:
    return [Work("s", kind)] * count


def answer(made: Dispatcher, order: Handout, now: float, waited: float = 0.0) -> float | None:
    """Answer an order; return its overhead, None when it was not accepted."""
    timed = {"s": (len(order.tickets), EACH * len(order.tickets))}
    accepted = made.answered(order.seat, order.batch, timed, waited, now)
    return None if accepted is None else accepted.turnaround_seconds - accepted.compute_seconds


def test_batches_aim_at_a_number_of_seconds_and_shrink_towards_the_end() -> None:
    made = seated(dispatcher(), "a")
    made.ask(works(100))
    sizes = []
    while made.open:
        for order in made.handouts(0.0):
            sizes.append(len(order.tickets))
            answer(made, order, 0.0)
    assert sizes[0] == 16
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 1


def test_an_untimed_genome_goes_alone_and_nothing_waits_behind_it() -> None:
    made = seated(dispatcher(None), "a")
    made.ask(works(10))
    assert [len(order.tickets) for order in made.handouts(0.0)] == [1]


def test_batches_grow_with_a_crew_that_one_coordinator_could_not_feed_otherwise() -> None:
    assert DispatchRules().seconds_for(1e6, seats=500) == 0.5


def test_idle_seats_are_fed_before_any_gets_a_second_batch() -> None:
    made = seated(dispatcher(batch_size=1), "a", "a", "b")
    made.ask(works(5))
    assert [order.seat for order in made.handouts(0.0)] == [0, 1, 2, 0, 1]


def test_towards_the_end_nothing_waits_behind_a_busy_seat() -> None:
    made = seated(dispatcher(), "a", "b")
    made.ask(works(31))
    assert [order.seat for order in made.handouts(0.0)] == [0, 1]
    made.ask(works(64))
    assert [order.seat for order in made.handouts(0.0)] == [0, 1]


def test_each_kind_of_seat_prefers_the_work_that_suits_it_and_then_helps_out() -> None:
    made = dispatcher(batch_size=1)
    made.seat_joined(0, "a", "cpu", 0.0)
    made.seat_joined(1, "b", "memory", 0.0)
    suited = made.ask([*works(1), *works(3, "memory")])
    orders = made.handouts(0.0)
    assert [(order.seat, order.tickets[0] - suited.start) for order in orders] == [
        (0, 0),
        (1, 1),
        (0, 2),
        (1, 3),
    ]


def test_a_silent_seat_is_fed_no_more_and_its_batches_go_to_another_node() -> None:
    made = seated(dispatcher(batch_size=1), "a", "a", "b")
    made.ask(works(2))
    first, second = made.handouts(0.0)
    assert (first.seat, second.seat) == (0, 1)
    made.tick(5.0)
    again = made.handouts(5.0)
    assert [order.seat for order in again] == [2, 2]
    assert {order.batch for order in again} == {first.batch, second.batch}
    assert made.take_orders().retries == ["deadline", "deadline"]


def test_the_first_answer_wins_and_a_late_one_only_shows_that_the_seat_lives() -> None:
    made = seated(dispatcher(batch_size=1), "a", "b")
    made.ask(works(1))
    (first,) = made.handouts(0.0)
    made.tick(5.0)
    (hedge,) = made.handouts(5.0)
    assert answer(made, hedge, 5.1) is not None
    assert answer(made, first, 6.0) is None
    made.ask(works(2))
    assert {order.seat for order in made.handouts(6.0)} == {0, 1}


def test_a_seat_silent_for_four_deadlines_is_given_up() -> None:
    made = seated(dispatcher(batch_size=1), "a", "b")
    made.ask(works(1))
    made.handouts(0.0)
    assert made.seats == 2
    made.tick(5.0)
    assert made.seats == 1
    made.tick(19.9)
    assert made.take_orders().give_up == []
    made.tick(20.0)
    assert made.take_orders().give_up == [0]
    assert made.seats == 1


def test_a_slow_genome_earns_its_strategy_patience() -> None:
    made = seated(dispatcher(2.0), "a")
    made.ask(works(1))
    made.handouts(0.0)
    assert made.next_deadline() == 16.0


def test_a_dead_seat_is_blamed_on_the_batch_it_was_at_not_on_the_one_behind() -> None:
    made = seated(dispatcher(batch_size=2), "a")
    made.ask(works(4))
    made.handouts(0.0)
    made.seat_left(0, "worker_died")
    assert made.take_orders().retries == ["worker_died"]
    assert (made.waiting, made.running) == (4, 0)


def test_shortage_of_memory_is_blamed_on_a_genome_only_when_no_other_suspect_ran() -> None:
    made = seated(dispatcher(batch_size=1), "a", "b")
    made.ask(works(2))
    made.handouts(0.0)
    for number in (0, 1):
        made.seat_left(number, "out_of_memory")
        made.seat_joined(number + 2, "ab"[number], "cpu", 1.0)
    (alone,) = made.handouts(1.0)
    assert answer(made, alone, 1.1) is not None
    seat = 4
    for _ in range(2):
        (order,) = made.handouts(2.0)
        made.seat_left(order.seat, "out_of_memory")
        made.seat_joined(seat, "a", "cpu", 2.0)
        seat += 1
    assert [condemned.loss for condemned in made.take_orders().condemned] == ["out_of_memory"]
    assert made.open == 0


def test_nodes_that_leave_condemn_nobody() -> None:
    made = dispatcher(batch_size=1)
    made.ask(works(1))
    for seat in range(5):
        made.seat_joined(seat, "a", "cpu", 0.0)
        made.handouts(0.0)
        made.seat_left(seat, "node_left")
    assert made.take_orders().condemned == []
    assert made.waiting == 1


def test_a_genome_is_not_condemned_for_a_node_that_froze() -> None:
    made = seated(dispatcher(batch_size=1), "a")
    made.ask(works(1))
    for seat in range(6):
        made.seat_joined(seat, f"node-{seat}", "cpu", 100.0 * seat)
        made.handouts(100.0 * seat)
        made.tick(100.0 * seat + 50)
    assert made.take_orders().condemned == []


def test_overhead_is_the_round_trip_of_an_idle_seat_and_the_gap_of_a_busy_one() -> None:
    made = seated(dispatcher(batch_size=1), "a")
    made.ask(works(2))
    first, second = made.handouts(0.0)
    assert answer(made, first, EACH + 0.005, waited=99.0) == pytest.approx(0.005)
    assert answer(made, second, 7.0, waited=0.001) == pytest.approx(0.001)


def test_a_leaving_seat_may_finish_what_it_holds() -> None:
    made = seated(dispatcher(batch_size=1), "a")
    made.ask(works(3))
    first, second = made.handouts(0.0)
    assert not made.seat_leaves(0)
    answer(made, first, 0.1)
    assert made.handouts(0.1) == []
    answer(made, second, 0.2)
    assert made.seat_leaves(0)


def test_after_withdrawing_only_what_runs_is_waited_for_and_nothing_is_repeated() -> None:
    made = seated(dispatcher(batch_size=1), "a", "b")
    tickets = made.ask(works(9))
    orders = made.handouts(0.0)
    made.withdraw(tickets)
    assert made.open == len(orders) == 4
    made.seat_left(1, "worker_died")
    assert made.open == 2
    made.tick(5.0)
    assert made.open == 0
    assert made.handouts(5.0) == []


def test_two_requests_share_the_seats_time_whatever_their_genomes_cost() -> None:
    known = OrderedDict(cheap=Knowledge(), dear=Knowledge())
    for name, each in (("cheap", EACH), ("dear", 8 * EACH)):
        known[name].costs.observe("s", 1, each)
    made = seated(Dispatcher(DispatchRules(batch_seconds=0.25), Requests(known)), "a", "b")
    owners = {name: made.ask(works(2_000), name) for name in ("cheap", "dear")}
    seconds, now = dict.fromkeys(owners, 0.0), 0.0
    while sum(seconds.values()) < 16.0:
        now += 0.125
        for order in made.handouts(now):
            (owner,) = {name for name in owners for ticket in order.tickets if ticket in owners[name]}
            taken = len(order.tickets) * (EACH if owner == "cheap" else 8 * EACH)
            made.answered(order.seat, order.batch, {"s": (len(order.tickets), taken)}, 0.0, now)
            seconds[owner] += taken
    assert seconds["cheap"] == pytest.approx(seconds["dear"], rel=0.1)


def test_one_who_comes_later_is_not_served_before_the_others_for_what_it_missed() -> None:
    made = seated(dispatcher(batch_size=1), "a")
    early, now = made.ask(works(400)), 0.0
    for now in range(20):
        for order in made.handouts(float(now)):
            answer(made, order, float(now))
    late = made.ask(works(400), "other")
    served = [order.tickets[0] for turn in range(20) for order in handed(made, now + turn)]
    assert sum(ticket in early for ticket in served) == pytest.approx(len(served) / 2, abs=2)
    assert any(ticket in late for ticket in served)


def test_giving_one_request_up_leaves_the_other_alone() -> None:
    made = seated(dispatcher(batch_size=1), "a", "b")
    given_up, kept = made.ask(works(5)), made.ask(works(5), "other")
    orders = made.handouts(0.0)
    made.withdraw(given_up)
    made.abandon(given_up)
    assert {answer(made, order, 0.0) for order in orders if order.tickets[0] in given_up} == {None}
    assert not made.unsettled(given_up)
    assert made.open == 5
    seen = {ticket for order in orders for ticket in order.tickets} - set(given_up)
    for order in orders:
        answer(made, order, 0.0)
    for turn in range(12):
        seen |= {ticket for order in handed(made, float(turn)) for ticket in order.tickets}
    assert not made.unsettled(kept)
    assert seen <= set(kept)


def handed(made: Dispatcher, now: float) -> list[Handout]:
    """Hand out and answer at once."""
    orders = made.handouts(now)
    for order in orders:
        answer(made, order, now)
    return orders
