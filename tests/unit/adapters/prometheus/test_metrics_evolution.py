"""What a run shows of itself while the coordinator evolves it."""

import time
from dataclasses import replace
from statistics import median

import pytest

from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunState
from genepool.ports import (
    ChampionWeighed,
    GenerationAdvanced,
    GenerationFinished,
    NullsCompared,
    OverfittingMeasured,
    RunClimbed,
    RunEnded,
    RunStarted,
    StopRequested,
)
from tests.fakes.bred_runs import SEEDS, bred_run, failed_run
from tests.fakes.coordinators import BusyCoordinator, an_evidence
from tests.fakes.histories import a_generation, a_spec

STATES = ("idle", "running", "stopping", "interrupted", "finished", "failed")


class Shown(BusyCoordinator):
    """A coordinator whose gauges are read by their short names."""

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"genepool_{name}", labels)

    @property
    def states(self) -> list[str]:
        return [state for state in STATES if self.value("run_state", state=state) == 1]


@pytest.fixture
def shown() -> Shown:
    return Shown()


class TestState:
    def test_exactly_one_state_is_shown_all_the_time(self, shown: Shown) -> None:
        evolution = shown.metrics
        assert shown.states == ["running"]
        evolution(StopRequested(a_spec().run))
        assert (shown.states, shown.value("run_active")) == (["stopping"], 1)
        evolution(RunEnded(a_spec(), "interrupted"))
        assert (shown.states, shown.value("run_active")) == (["interrupted"], 0)

    @pytest.mark.parametrize("state", ["finished", "failed"])
    def test_how_a_run_ended_is_shown_until_the_next_one_starts(self, shown: Shown, state: RunState) -> None:
        shown.metrics(RunEnded(a_spec(), state))
        assert shown.states == [state]
        shown.metrics(RunStarted(a_spec("second"), None))
        assert shown.states == ["running"]

    def test_a_new_run_starts_from_nothing(self, shown: Shown) -> None:
        shown.advance()
        shown.metrics(RunStarted(a_spec("second"), None))
        empty = ("generation", "population_size", "population_diversity_ratio", "failed_individuals")
        assert {name: shown.value(name) for name in empty} == dict.fromkeys(empty, 0)
        assert shown.value("fitness", stat="best") is None
        assert shown.value("trials") is None

    def test_a_resumed_run_starts_from_its_newest_generation(self, shown: Shown) -> None:
        shown.metrics(RunStarted(a_spec(), a_generation(6, 0).population))
        assert shown.value("generation") == 7
        assert shown.value("generations_total") == 0
        assert shown.value("population_size") == 4

    def test_a_stall_is_counted_from_the_start_of_the_run(self, shown: Shown) -> None:
        before = time.time()
        shown.metrics(RunStarted(a_spec(), None))
        assert before <= (shown.value("last_generation_timestamp_seconds") or 0) <= time.time()


class TestGenerations:
    def test_a_generation_shows_its_fitness_its_failures_and_its_time(self, shown: Shown) -> None:
        record = a_generation(0, 0)
        shown.metrics(GenerationFinished(a_spec(), record))
        scores = [one.fitness for one in record.population.individuals if one.fitness is not None]
        assert shown.value("fitness", stat="best") == max(scores)
        assert shown.value("fitness", stat="median") == median(scores)
        assert shown.value("fitness", stat="worst") == min(scores)
        assert shown.value("failed_individuals") == 1
        assert shown.value("generation") == 1
        assert shown.value("generations_target") == 3
        assert shown.value("generation_duration_seconds_sum") == 1.25

    def test_progress_within_a_generation_starts_anew_with_each(self, shown: Shown) -> None:
        shown.metrics(GenerationAdvanced(30, 100))
        assert shown.value("generation_genomes", state="done") == 30
        assert shown.value("generation_genomes", state="asked") == 100
        shown.metrics(GenerationFinished(a_spec(), a_generation(0, 0)))
        assert shown.value("generation_genomes", state="asked") == 0

    def test_no_fitness_is_shown_when_everybody_failed(self, shown: Shown) -> None:
        shown.advance()
        run = failed_run()
        shown.metrics(GenerationFinished(run.plan.spec, run.records[0]))
        assert shown.value("fitness", stat="best") is None
        assert shown.value("failed_individuals") == len(run.records[0].newborn)

    def test_species_shares_add_up_to_one(self, shown: Shown) -> None:
        run = bred_run()
        shown.metrics(RunStarted(run.plan.spec, None))
        shown.metrics(GenerationFinished(run.plan.spec, run.records[-1]))
        shares = {name: shown.value("species_share_ratio", strategy=name) or 0.0 for name in SEEDS}
        assert min(shares.values()) > 0
        assert sum(shares.values()) == pytest.approx(1)
        assert shown.value("species_share_ratio", strategy="imagined") == 0

    def test_a_species_that_died_out_falls_to_zero(self, shown: Shown) -> None:
        run = bred_run()
        evolution = shown.metrics
        evolution(GenerationFinished(run.plan.spec, run.records[0]))
        left = tuple(
            one for one in run.records[0].population.individuals if one.genome.strategy != "rsi_filter"
        )
        alone: GenerationRecord = replace(run.records[0], population=Population(1, left))
        evolution(GenerationFinished(run.plan.spec, alone))
        assert shown.value("species_share_ratio", strategy="rsi_filter") == 0

    def test_nulls_are_shown_until_others_are_made_whatever_is_bred(self, shown: Shown) -> None:
        assert shown.value("null_p_value") is None
        shown.metrics(NullsCompared("before", 19, 0.05, 0.15))
        shown.metrics(RunStarted(a_spec(), None))
        names = "null_searches", "null_p_value", "null_p_corrected"
        assert [shown.value(name) for name in names] == [19, 0.05, 0.15]

    def test_a_run_that_has_ended_shows_the_rung_of_all_that_is_known(self, shown: Shown) -> None:
        shown.metrics(ChampionWeighed(an_evidence(trials=13)))
        shown.metrics(RunClimbed("before", 5))
        assert shown.value("rung_reached") == 5
        assert shown.value("trials") == 13
        shown.metrics(RunStarted(a_spec(), None))
        assert shown.value("rung_reached") is None

    def test_overfitting_is_shown_until_another_run_starts(self, shown: Shown) -> None:
        assert shown.value("overfitting_probability") is None
        shown.metrics(OverfittingMeasured("before", 4, 17, 0.4))
        assert shown.value("overfitting_probability") == 0.4
        shown.metrics(RunStarted(a_spec(), None))
        assert shown.value("overfitting_probability") is None

    def test_what_is_not_known_of_the_champion_is_not_exported(self, shown: Shown) -> None:
        assert shown.value("champion_sharpe_ratio") is None
        shown.metrics(ChampionWeighed(an_evidence(trials=13)))
        assert shown.value("trials") == 13
        assert shown.value("champion_sharpe_ratio") == 1.4
        assert shown.value("luck_sharpe_ratio") == 2.1
        assert shown.value("deflated_sharpe_probability") == 0.12
        # Enough trades, and more than holding: luck stops it.
        assert shown.value("rung_reached") == 2
