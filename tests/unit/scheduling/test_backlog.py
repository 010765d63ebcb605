"""Genomes wait in an order that has each model fitted once, on one seat."""

import pytest

from genepool.scheduling.backlog import Backlog, Knowledge
from genepool.scheduling.costs import CostBook
from genepool.scheduling.rules import Family, Work

ANY = 1_000.0
HERE, THERE = 7, 8


def learner(*family: float) -> Work:
    return Work("svc", "memory", family)


def backlog(seconds: float | None = 1.0, again: float = 1.0) -> Backlog:
    """Return an empty one that knows what a genome costs."""
    costs = CostBook()
    if seconds is not None:
        costs.observe("svc", 1, seconds)
        costs.observe("svc again", 1, again)
        costs.observe("ema", 1, seconds / 10)
    return Backlog(Knowledge(costs))


def filled(made: Backlog, *works: Work) -> dict[int, Family]:
    """Queue works under tickets that count up; return the family of each."""
    made.add(dict(enumerate(works)))
    return {ticket: work.family for ticket, work in enumerate(works)}


def test_relatives_follow_each_other() -> None:
    made = backlog()
    families = filled(made, learner(1), learner(2), learner(1), learner(2), learner(1))
    taken = made.take("memory", HERE, ANY, None).tickets
    assert [families[ticket] for ticket in taken] == [(1,), (1,), (1,), (2,), (2,)]


def test_a_family_goes_where_it_went_before() -> None:
    made = backlog()
    filled(made, learner(1), learner(2))
    assert made.take("memory", HERE, 1.0, None).tickets == (0,)
    assert made.take("memory", THERE, 1.0, None).tickets == (1,)
    filled(made, learner(2), learner(1), learner(2), learner(3))
    assert made.take("memory", HERE, 1.0, None).tickets == (1,)
    assert made.take("memory", THERE, 2.0, None).tickets == (0, 2)


def test_who_has_nothing_at_home_takes_what_is_at_home_nowhere_then_from_the_others() -> None:
    made = backlog()
    filled(made, learner(1))
    made.take("memory", HERE, ANY, None)
    filled(made, learner(1), learner(1), learner(2))
    assert made.take("memory", THERE, 0.9, None).tickets == (2,)
    assert made.take("memory", THERE, 0.9, None).tickets == (0,)
    assert made.take("memory", HERE, 0.9, None).tickets == (1,)
    assert made.first_for("memory") is None


def test_families_of_a_seat_that_left_are_at_home_nowhere() -> None:
    made = backlog()
    filled(made, learner(1), learner(2))
    made.take("memory", HERE, 1.0, None)
    made.take("memory", THERE, 1.0, None)
    filled(made, learner(1), learner(2))
    made.forget(HERE)
    assert made.take("memory", THERE, ANY, None).tickets == (1, 0)
    filled(made, learner(1))
    assert made.take("memory", THERE, 1.0, None).tickets == (0,)


def test_who_finds_its_fit_costs_what_such_genomes_cost() -> None:
    made = backlog(again=0.1)
    filled(made, learner(1), learner(1), learner(2))
    assert made.seconds() == pytest.approx(2.1)
    first = made.take("memory", HERE, 1.1, None)
    assert (first.tickets, first.names) == ((0, 1), ("svc", "svc again"))
    filled(made, learner(1))
    assert made.next_seconds("memory", HERE) == 0.1
    assert made.seconds() == pytest.approx(1.1)
    made.forget(HERE)
    assert made.seconds() == pytest.approx(2.0)


def test_strangers_keep_to_the_seconds() -> None:
    made = backlog()
    filled(made, learner(1), learner(2), learner(3))
    assert len(made.take("memory", HERE, 2.0, None).tickets) == 2


def test_a_number_of_genomes_counts_in_place_of_seconds() -> None:
    made = backlog()
    filled(made, *[learner(1)] * 5)
    assert len(made.take("memory", HERE, 0.1, 3).tickets) == 3


def test_of_untimed_strategies_each_has_one_genome_tried_alone_and_relatives_follow() -> None:
    made = backlog(seconds=None)
    families = filled(made, learner(1), learner(2), Work("ema", "memory"), learner(1), learner(2))
    order = [made.take("memory", HERE, ANY, None).tickets for _ in range(5)]
    assert all(len(tickets) == 1 for tickets in order)
    assert {order[0], order[1]} == {(0,), (2,)}
    assert [families[ticket] for (ticket,) in order[2:]] == [(1,), (2,), (2,)]


def test_those_without_a_family_have_no_home() -> None:
    made = backlog()
    filled(made, Work("ema", "cpu"))
    made.take("cpu", HERE, ANY, None)
    filled(made, Work("ema", "cpu"), Work("ema", "cpu"))
    assert made.take("cpu", THERE, 0.1, None).tickets == (0,)


def test_the_expected_seconds_are_those_of_what_is_left() -> None:
    made = backlog()
    filled(made, learner(1), learner(2))
    assert made.seconds() == 2.0
    assert made.next_seconds("memory", HERE) == 1.0
    made.take("memory", HERE, 1.0, None)
    assert made.seconds() == 1.0
    made.clear()
    assert (made.seconds(), made.first_for("memory")) == (0.0, None)
