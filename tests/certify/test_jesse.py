"""Every seed with its risk genes, traded by Jesse."""

import pytest

from tests.certify.conftest import Certified
from tests.fakes.certified import CASES, Case, assert_equal


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(*CASES, ids=str)
def test_jesse_trades_as_we_do(case: Case, certified: Certified) -> None:
    assert_equal(certified("jesse", case))
