"""Where a run was placed decides who breeds it."""

from typing import Any, cast

import pytest

from genepool.bootstrap.breeding import breeder_at
from genepool.bootstrap.placement import Placement
from genepool.errors import NotTakenUp
from genepool.pool.stop_request import StopRequest
from genepool.settings import Settings
from tests.fakes.bred_runs import bred_run
from tests.fakes.candle_sources import WholeHistory


def test_a_run_that_no_coordinator_takes_up_says_what_runs_it_here_and_what_withdraws_it() -> None:
    history, plan = WholeHistory(), bred_run().plan
    history.create(plan.spec)
    away = Settings(service_url="http://127.0.0.1:9", queue_seconds=0.01)
    breed = breeder_at(Placement("coordinator", 0, ""), cast("Any", history), away, "pool")
    with pytest.raises(NotTakenUp) as told:
        breed(plan, lambda _: None, lambda _: None, StopRequest())
    assert "the coordinator at http://127.0.0.1:9" in str(told.value)
    assert "  pool evolve --resume small --mode local\n" in str(told.value)
    assert str(told.value).endswith("  pool stop small")
    assert history.state("small") == "queued"
