"""Logarithms and powers of e that are the same bits on every machine are right to the last place or two."""

import math

import numpy as np
import pytest

from genepool.market.logarithms import exponential, logarithm


@pytest.mark.parametrize("number", [5e-324, 1e-9, 0.3, 1 - 2**-53, 1.0, 1.000_1, 7.5, 1e300])
def test_a_logarithm_is_that_of_the_library(number: float) -> None:
    assert logarithm(np.array([number]))[0] == pytest.approx(math.log(number), rel=4e-16, abs=2e-16)


@pytest.mark.parametrize("number", [-700.0, -1.0, -1e-9, 0.0, 1e-9, 0.35, 1.0, 12.3, 700.0])
def test_a_power_of_e_is_that_of_the_library(number: float) -> None:
    # A multiple of log 2 is taken from large ones, which loses as many digits as it has.
    assert exponential(np.array([number]))[0] == pytest.approx(
        math.exp(number), rel=4e-16 + 1e-16 * abs(number)
    )


def test_nothing_is_one() -> None:
    assert exponential(np.array([0.0, 1e-17, -1e-17])).tolist() == [1.0, 1.0, 1.0]
