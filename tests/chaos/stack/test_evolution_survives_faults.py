"""Whatever happens to a part of the stack, the run continues, in the bits of the undisturbed one."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from scripts.validation.stack import POOL, Stack
from tests.chaos.stack.faults import mend
from tests.chaos.stack.legs import AWAY_SECONDS, LEGS, Leg
from tests.chaos.stack.relay import Stretch, through
from tests.chaos.stack.sampler import sampling
from tests.chaos.stack.search import Search, digests_in
from tests.chaos.stack.trial import Trial, fresh_name, write_figures

pytestmark = [pytest.mark.stack, pytest.mark.chaos, pytest.mark.slow]

# It is stopped when it has met all faults.
ENDLESS = Search(generations=100_000)


class Relay:
    """The run, what each fault cost it, and why it did not meet all of them."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.stretches, self.trouble = through(trial, LEGS)
        trial.stop()
        trial.wait_for_end()

    def stretch(self, fault: str) -> Stretch:
        assert fault in self.stretches, self.trouble
        return self.stretches[fault]


@pytest.fixture(scope="module")
def undisturbed(market_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the history of the same search on this host, which grows beside it."""
    with ENDLESS.undisturbed(market_file, tmp_path_factory.mktemp("undisturbed")) as history:
        yield history


@pytest.fixture(scope="module")
def relay(stack: Stack, seats: int, undisturbed: Path) -> Iterator[Relay]:  # noqa: ARG001 - it runs beside
    mend(stack)
    with sampling(f"http://{stack.address(POOL, 8000)}/metrics") as samples:
        trial = Trial(stack, ENDLESS, fresh_name(), samples)
        trial.start()
        trial.wait_for_generation(1, seats)
        yield Relay(trial)
        mend(stack)


@pytest.mark.parametrize("leg", LEGS, ids=lambda leg: leg.fault)
def test_a_fault_costs_no_more_than_is_promised(leg: Leg, relay: Relay, figures: Path) -> None:
    stretch = relay.stretch(leg.fault)
    cost = getattr(stretch.felt, leg.judged)
    shown = {**asdict(stretch.felt), "bar": leg.bar, "recovered": cost, "returned": stretch.returned}
    write_figures(figures, leg.fault, shown)
    assert cost is not None
    assert cost <= leg.bar
    assert leg.back_within is None or stretch.returned <= leg.back_within


def test_a_worker_that_is_silent_is_done_without(relay: Relay) -> None:
    for fault in ("worker frozen", "worker cut off"):
        assert relay.stretch(fault).felt.longest_gap < AWAY_SECONDS


def test_the_history_is_whole_a_minute_after_postgres_returned(relay: Relay, figures: Path) -> None:
    caught_up = relay.stretch("postgres killed").facts["caught_up"]
    write_figures(figures, "postgres away for 20 seconds", {"bar": 60, "recovered": caught_up})
    assert caught_up <= 60


def test_without_any_worker_the_run_waits_and_says_so(relay: Relay) -> None:
    facts = relay.stretch("both workers killed").facts
    assert (facts["state_alone"], facts["nodes_alone"]) == ("running", [])


def test_a_head_that_is_killed_takes_no_coordinator_with_it(relay: Relay) -> None:
    assert not relay.stretch("ray-head killed").facts["coordinator_restarted"]


def test_the_memory_limit_was_felt(relay: Relay) -> None:
    assert relay.stretch("worker at its memory limit").facts["ended_for_memory"] > 0


def test_a_worker_that_is_added_in_mid_run_gets_work(relay: Relay, figures: Path) -> None:
    took = relay.stretch("worker added and taken away").facts["first_work"]
    write_figures(figures, "worker added", {"bar": 15, "recovered": took})
    assert took <= 15


def test_every_fault_was_met_and_the_run_was_stopped_only_then(relay: Relay) -> None:
    assert relay.trouble == ""
    assert relay.trial.state() == "interrupted"


def test_nothing_that_was_acknowledged_is_missing_or_twice(relay: Relay) -> None:
    found = relay.trial.stack.check_history("--run", relay.trial.name)["findings"]
    assert found == []


def test_every_generation_is_that_of_the_undisturbed_run(relay: Relay, undisturbed: Path) -> None:
    stored = relay.trial.digests()
    assert len(stored) > len(LEGS)
    assert stored == digests_in(undisturbed, len(stored))
