"""What may be said beside --resume."""

import pytest

from genepool.cli._evolve_refusals import refuse_data_for
from genepool.errors import ConfigError
from tests.fakes.histories import a_spec


def test_other_candles_are_refused_where_a_coordinator_reads_its_own() -> None:
    with pytest.raises(ConfigError, match=r"reads imagined\.csv itself.*--mode local"):
        refuse_data_for("coordinator", a_spec())


@pytest.mark.parametrize("site", ["here", "cluster"])
def test_they_may_be_given_where_this_process_reads_them(site: str) -> None:
    refuse_data_for(site, a_spec())
