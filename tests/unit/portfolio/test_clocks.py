"""Hours, days, weeks and months of UTC, whole ones alone."""

import numpy as np
import pytest

from genepool.market.moments import nanoseconds, timestamp
from genepool.portfolio.clocks import ClockName, edges


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ("hour", ["2018-02-27T22:00:00Z", "2018-02-27T23:00:00Z"]),
        ("day", ["2018-02-28T00:00:00Z", "2018-03-01T00:00:00Z"]),
        ("week", ["2018-03-05T00:00:00Z", "2018-03-12T00:00:00Z"]),
        ("month", ["2018-03-01T00:00:00Z", "2018-04-01T00:00:00Z"]),
    ],
)
def test_the_first_whole_period_begins_at_its_edge(clock: ClockName, told: list[str]) -> None:
    found = edges(clock, nanoseconds("2018-02-27T21:30:00Z"), nanoseconds("2018-05-02T00:00:00Z"))
    assert [timestamp(int(one)) for one in found[:2]] == told


def test_weeks_begin_on_mondays() -> None:
    found = edges("week", 0, nanoseconds("2020-01-01T00:00:00Z"))
    days = (found.astype("datetime64[ns]").astype("datetime64[D]").astype(np.int64) + 3) % 7
    assert set(days.tolist()) == {0}


@pytest.mark.parametrize("clock", ["hour", "day", "week", "month"])
def test_a_span_on_edges_loses_nothing(clock: ClockName) -> None:
    first, last = nanoseconds("2018-01-01T00:00:00Z"), nanoseconds("2018-10-01T00:00:00Z")
    found = edges(clock, first, last)
    assert (found[0], found[-1]) == (first, last)
