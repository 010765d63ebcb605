"""What the coordinator does with a run."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typing_extensions import override

from genepool.adapters.journal import JournaledHistory
from genepool.bootstrap.cluster_connection import ClusterConnection
from genepool.bootstrap.service import RunDesk
from genepool.errors import Fenced, Interrupted
from genepool.history import RunSpec, RunState
from tests.fakes.clocks import RealClock
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.moody_store import MoodyStore
from tests.fakes.service_notes import ServiceNotes


class Stiff(MoodyStore):
    """A history that can freeze before it tells what a run is, or what was tried."""

    @override
    def spec(self, run: str) -> RunSpec:
        self._answer()
        return super().spec(run)

    @override
    def trials(self, market_digest: str) -> int:
        self._answer()
        return super().trials(market_digest)


class Lost(MoodyStore):
    """A history that fences the process that ends a run."""

    @override
    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        raise Fenced("another coordinator owns run first")


@contextmanager
def desk(history: MoodyStore, folder: Path, *, stopping: bool = False) -> Iterator[RunDesk]:
    history.create(a_spec())
    unused = cast("Any", None)
    with closing(
        JournaledHistory(history, folder, ServiceNotes(), RealClock(), lambda: stopping)
    ) as journaled:
        yield RunDesk(
            journaled,
            history,
            unused,
            ServiceNotes(),
            unused,
            lambda: stopping,
            ClusterConnection("auto"),
            unused,
        )


def breed(made: RunDesk) -> None:
    made.breed("first")


def gather_watchers(made: RunDesk) -> None:
    made._watching(cast("Any", SimpleNamespace(spec=a_spec(), problem=None)))


@pytest.mark.parametrize("step", [breed, gather_watchers])
def test_it_can_be_stopped_while_the_history_is_frozen(
    tmp_path: Path, step: Callable[[RunDesk], None]
) -> None:
    history = Stiff()
    with desk(history, tmp_path, stopping=True) as made, history.frozen(), pytest.raises(Interrupted):
        step(made)


@pytest.mark.parametrize(("before", "claims"), [("interrupted", 1), ("failed", 0)])
def test_a_run_that_is_given_up_has_failed_and_one_that_had_is_not_claimed_again(
    tmp_path: Path, before: RunState, claims: int
) -> None:
    history = MoodyStore()
    with desk(history, tmp_path) as made:
        history.finish("first", before, None)
        made.give_up("first")
    assert (history.state("first"), history._run("first").claims) == ("failed", claims)


def test_a_run_that_another_coordinator_took_keeps_the_next_one_from_nothing(tmp_path: Path) -> None:
    history = Lost()
    with desk(history, tmp_path) as made:
        log = made.journaled.log
        log.claim("first")
        history.refusal = Fenced("another coordinator owns run first")
        log.record("first", a_generation(0, 0))
        with pytest.raises(Fenced):
            log.generations("first", 0, 1)
        with pytest.raises(Fenced):
            log.finish("first", "queued", None)
        gather_watchers(made)
