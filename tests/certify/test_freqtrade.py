"""Every seed with its risk genes, traded by freqtrade: shorts on futures, long only on spot."""

import pytest

from tests.certify.conftest import Certified
from tests.fakes.certified import CASES, Case, assert_equal


@pytest.mark.parametrize(*CASES, ids=str)
def test_freqtrade_trades_as_we_do(case: Case, certified: Certified) -> None:
    certificate = certified("freqtrade", case)
    assert_equal(certificate)
    assert "bias:" not in certificate.analyses["lookahead"]
