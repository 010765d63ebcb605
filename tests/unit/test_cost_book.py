"""What genomes are expected to cost, apart for those that find their fits on their seat."""

import pytest

from genepool.scheduling.costs import CostBook, again


def test_as_long_as_none_was_timed_alone_those_that_find_their_fits_count_as_the_others() -> None:
    book = CostBook()
    assert book.seconds(again("svc")) is None
    book.observe_all(["svc"], {"svc": (1, 2.0)})
    assert book.seconds(again("svc")) == 2.0


def test_a_batch_of_both_teaches_what_the_fresh_ones_cost() -> None:
    book = CostBook()
    book.observe_all([again("svc")] * 10, {"svc": (10, 1.0)})
    assert book.observe_all(["svc", *[again("svc")] * 5], {"svc": (6, 2.5)}) == 2.5
    assert book.seconds(again("svc")) == pytest.approx(0.1)
    assert book.seconds("svc") == pytest.approx(2.0)


def test_fresh_ones_never_seem_cheaper_than_the_average_of_their_batch() -> None:
    book = CostBook()
    book.observe_all([again("svc")], {"svc": (1, 100.0)})
    book.observe_all(["svc", again("svc")], {"svc": (2, 3.0)})
    assert book.seconds("svc") == pytest.approx(1.5)


def test_patience_lasts_for_a_fit_that_was_thought_to_be_there() -> None:
    book = CostBook()
    book.observe_all(["svc"], {"svc": (1, 30.0)})
    book.observe_all([again("svc")], {"svc": (1, 0.01)})
    patience = book.patience([again("svc")] * 3)
    assert patience is not None
    assert patience == pytest.approx(30.0)


def test_nobody_knows_what_was_never_timed() -> None:
    book = CostBook()
    assert (book.expected(["svc"]), book.patience(["svc"])) == (None, None)
    assert book.expected([]) == 0.0
