"""Plain values hold every bit of what they stand for, and nothing else is taken for them."""

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import msgpack
import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.plain import evaluation_values, read_evaluation
from tests.fakes.bred_runs import bred_run
from tests.fakes.histories import a_genome, a_history, a_result

LOST = Evaluation(a_genome(1), None, "its worker died", lost=True)
EVALUATIONS = [*(one.evaluation for one in a_history()[2].newborn), LOST]


def carried(evaluation: Evaluation) -> Evaluation:
    """Send a result through msgpack and back."""
    return read_evaluation(msgpack.unpackb(msgpack.packb(evaluation_values(evaluation))))


@pytest.mark.parametrize("evaluation", EVALUATIONS)
def test_a_result_comes_back_bit_for_bit(evaluation: Evaluation) -> None:
    # Texts, because -0.0 equals 0.0.
    assert repr(carried(evaluation)) == repr(evaluation)


def test_results_of_a_real_run_come_back() -> None:
    for _, individual in bred_run().newborn:
        assert repr(carried(individual.evaluation)) == repr(individual.evaluation)


def test_whole_numbers_and_genes_stay_what_they_are() -> None:
    genome = replace(a_genome(0), genes=(("fast", 3), ("slow", 3.0)))
    result = a_result(genome)
    assert repr(carried(result)) == repr(result)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_not_written(bad: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        evaluation_values(a_result(a_genome(0), score=bad))


SPOILERS: dict[str, Callable[[Any], Any]] = {
    "nothing": lambda _: None,
    "a text": lambda _: "text",
    "a number": lambda _: 1e300,
    "a negative number": lambda _: -1,
    "NaN": lambda _: math.nan,
    "a truth": lambda _: True,
    "a map": lambda _: {},
    "bytes": lambda _: b"x",
    "one more": lambda value: [*value, 0] if isinstance(value, list) else [value],
    "one less": lambda value: value[:-1] if isinstance(value, list) else [],
}


@pytest.mark.parametrize("spoil", list(SPOILERS.values()), ids=list(SPOILERS))
def test_whatever_is_spoilt_is_refused_or_read_as_what_it_says(spoil: Callable[[Any], Any]) -> None:
    refused = 0
    for values in map(evaluation_values, EVALUATIONS):
        for place in _places(values):
            spoilt = _spoilt(values, place, spoil)
            try:
                read = read_evaluation(spoilt)
            except ValueError:
                refused += 1
            else:
                assert msgpack.packb(evaluation_values(read)) == msgpack.packb(spoilt)
    assert refused > 0


def _places(values: Any, path: tuple[int, ...] = ()) -> Any:  # noqa: ANN401 - plain values
    yield path
    if isinstance(values, list):
        for number, value in enumerate(values):
            yield from _places(value, (*path, number))


def _spoilt(values: Any, place: tuple[int, ...], spoil: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - plain values
    copy = [deepcopy(values)]
    holder: Any = copy
    last = 0
    for number in place:
        holder, last = holder[last], number
    holder[last] = spoil(holder[last])
    return copy[0]
