"""What genomes are expected to cost, apart for those that find their fits on their seat."""

import pytest

from genepool.scheduling.costs import CostBook, again


def test_as_long_as_none_was_timed_alone_those_that_find_their_fits_count_as_the_others() -> None:
    book = CostBook()
    assert book.seconds(again("svc")) is None
    book.observe_all(["svc"], {"svc": (1, 2.0)})
    assert book.seconds(again("svc")) == 2.0


def test_a_batch_of_both_is_divided_as_was_expected() -> None:
    book = CostBook()
    book.observe_all([again("svc")] * 10, {"svc": (10, 1.0)})
    book.observe_all(["svc"], {"svc": (1, 2.0)})
    assert book.observe_all(["svc", *[again("svc")] * 5], {"svc": (6, 5.0)}) == 5.0
    assert book.seconds("svc") == pytest.approx((1.0 + 4.0) / 1.5)
    assert book.seconds(again("svc")) == pytest.approx((0.5 + 1.0) / 10)


def test_batches_of_different_mixtures_teach_both_costs() -> None:
    book = CostBook()
    for fresh in [9, 1, 5, 2, 8, 0, 3] * 4:
        names = ["svc"] * fresh + [again("svc")] * (10 - fresh)
        book.observe_all(names, {"svc": (10, 0.08 * fresh + 0.001 * (10 - fresh))})
    assert book.seconds("svc") == pytest.approx(0.08, rel=0.1)
    assert book.seconds(again("svc")) == pytest.approx(0.001, rel=0.5)


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
