"""Every seed with its risk genes, traded by freqtrade: shorts on futures, long only on spot."""

import pytest

from tests.certify.conftest import Certified
from tests.fakes.certified import CASES, Case, assert_equal

# freqtrade's own analyses take four times as long as the trades: they look at one genome of each seed.
ANALYSED = "stop and target"


@pytest.mark.parametrize(*CASES, ids=str)
def test_freqtrade_trades_as_we_do(case: Case, certified: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.variant != ANALYSED:
        monkeypatch.setenv("GENEPOOL_TRADES_ONLY", "1")
    certificate = certified("freqtrade", case)
    assert_equal(certificate)
    if case.variant == ANALYSED:
        assert certificate.analyses["lookahead"].startswith("no bias")
        assert certificate.analyses["recursive"]
