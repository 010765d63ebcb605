"""Plain values hold every bit of what they stand for, and nothing else is taken for them."""

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import msgpack
import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, NodeWork, generation_digest
from genepool.plain import evaluation_values, generation_values, read_evaluation, read_generation
from tests.fakes.bred_runs import bred_run
from tests.fakes.histories import a_genome, a_history, a_result

WORK = (NodeWork("ray-worker-1", "cpu", 3, 0.1), NodeWork("ray-worker-2", "memory", 1, 1 / 3))
RECORD = replace(a_history()[2], work=WORK)


def carried(record: GenerationRecord) -> GenerationRecord:
    """Send a generation through msgpack and back."""
    return read_generation(msgpack.unpackb(msgpack.packb(generation_values(record))))


@pytest.mark.parametrize("record", [*a_history(), RECORD], ids=["0", "1", "2", "with work"])
def test_a_generation_comes_back_bit_for_bit(record: GenerationRecord) -> None:
    # Texts, because -0.0 equals 0.0.
    assert repr(carried(record)) == repr(record)
    assert generation_digest(carried(record)) == generation_digest(record)


def test_generations_that_were_really_bred_come_back() -> None:
    for record in bred_run().records:
        assert repr(carried(record)) == repr(record)


def test_members_born_in_the_generation_are_written_once() -> None:
    first = a_history(1)[0]
    with_members, without = (
        len(msgpack.packb(generation_values(replace(first, population=population))))
        for population in (first.population, Population(0, ()))
    )
    assert with_members - without <= len(first.newborn)


def test_a_member_that_only_looks_like_one_of_the_newborn_is_written_in_full() -> None:
    newborn = RECORD.newborn[0]
    scored = newborn.evaluation.scored
    assert scored is not None
    # Equal to the other, but not the same bits.
    twin = Evaluation(newborn.genome, replace(scored, scores=(scored.scores[0], 0.0)))
    member = Individual(newborn.candidate, twin, newborn.born)
    record = replace(RECORD, population=Population(2, (member,)))
    assert member == newborn
    assert repr(carried(record)) == repr(record)


def test_whole_numbers_and_genes_stay_what_they_are() -> None:
    genome = replace(a_genome(0), genes=(("fast", 3), ("slow", 3.0)))
    result = a_result(genome)
    assert repr(read_evaluation(msgpack.unpackb(msgpack.packb(evaluation_values(result))))) == repr(result)


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
    values = generation_values(RECORD)
    refused = 0
    for place in _places(values):
        spoilt = _spoilt(values, place, spoil)
        try:
            record = read_generation(spoilt)
        except ValueError:
            refused += 1
        else:
            assert msgpack.packb(generation_values(record)) == msgpack.packb(spoilt)
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
