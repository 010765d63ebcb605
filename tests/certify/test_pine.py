"""Every seed that Pine can express, traded by TradingView's rules in PyneCore."""

import pytest

from tests.certify.conftest import Certified
from tests.fakes.certified import CASES, Case, assert_equal


@pytest.mark.parametrize(*CASES, ids=str)
def test_pine_trades_as_we_do(case: Case, certified: Certified) -> None:
    assert_equal(certified("pine", case))
