"""Every seed with its risk genes, traded by NautilusTrader."""

import pytest

from genepool.usecases.certify_champion import Certificate
from tests.certify.conftest import Certified
from tests.fakes.certified import CASES, Case


def all_but_targets_that_were_gapped(certificate: Certificate) -> None:
    """Assert that trades differ in one thing alone: a target that was gapped filled at the target."""
    for sample in certificate.samples.values():
        for one in sample.parity.differences:
            assert one.what in {"exit_price", "gross"}, one
    assert certificate.trades > 0, "nothing was traded, so nothing is proved"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(*CASES, ids=str)
def test_nautilus_trades_as_we_do_but_for_gapped_targets(case: Case, certified: Certified) -> None:
    all_but_targets_that_were_gapped(certified("nautilus", case))
