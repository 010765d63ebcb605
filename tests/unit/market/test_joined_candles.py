"""Newer candles continue older ones of their market, or are refused."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.errors import InvalidCandles
from genepool.market.joined import joined
from genepool.market.synthetic import synthetic_market

WHOLE = synthetic_market("noise", 1, 100)


@pytest.mark.parametrize("overlap", [0, 1, 20, 60])
def test_parts_of_one_history_make_that_history(overlap: int) -> None:
    assert joined(WHOLE.slice(0, 60), WHOLE.slice(60 - overlap, 100)).digest == WHOLE.digest


def test_the_newer_candle_stands_where_both_have_one() -> None:
    mended = replace(WHOLE.slice(50, 100), close=np.full(50, 7.0))
    both = joined(WHOLE.slice(0, 60), mended)
    assert both.close[49] == WHOLE.close[49]
    assert set(both.close[50:]) == {7.0}


def test_a_hole_between_them_is_refused_with_both_its_ends() -> None:
    with pytest.raises(InvalidCandles, match=r"until 2020-01-03 11:00.* begin at 2020-01-03 13:00"):
        joined(WHOLE.slice(0, 60), WHOLE.slice(61, 100))


def test_a_column_that_only_one_has_is_refused_by_name() -> None:
    with pytest.raises(InvalidCandles, match="because volume is only in"):
        joined(WHOLE.slice(0, 60), replace(WHOLE.slice(50, 100), volume=None))
