"""What every history of runs and its queue promise, port by port, whatever they are made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from genepool.adapters.store import embedded_url, open_sql_store
from genepool.backtest.evaluation import Evaluation, Scored
from genepool.errors import RunExists, RunFinished, RunNotFound, StoreError
from genepool.evolution.population import Candidate, Individual, Population
from genepool.history import GenerationRecord, NodeWork, RunState, generation_digest
from genepool.robustness.ledger import KnownMarket, Uncounted
from tests.fakes.clocks import RealClock
from tests.fakes.histories import AWKWARD, a_dynasty, a_generation, a_genome, a_history, a_result, a_spec
from tests.fakes.journaled_store import Behind as Bulk
from tests.fakes.journaled_store import JournaledStore
from tests.fakes.memory import MemoryStore
from tests.fakes.postgres import history_url
from tests.fakes.recorded import newborn, populations
from tests.fakes.service_notes import ServiceNotes
from tests.fakes.stores import HistoryAndQueue as Store


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Store]:
    if kind == "memory":
        yield MemoryStore()
    elif kind == "sqlite":
        yield open_sql_store(embedded_url(folder / "h.sqlite"))
    elif kind == "journal":
        yield JournaledStore(MemoryStore(), folder / "journal", ServiceNotes(), RealClock())
    else:
        with history_url() as url:
            store = open_sql_store(url)
            yield store
            store.close()


@pytest.fixture(params=["memory", "sqlite", "journal", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as made:
        yield made
        made.close()


@pytest.fixture
def filled(store: Store) -> Store:
    store.create(a_spec())
    for record in a_history():
        store.record("first", record)
    return store


class TestRuns:
    def test_a_new_run_is_running_and_its_specification_comes_back_equal(self, store: Store) -> None:
        spec = a_spec(synthetic=True)
        store.create(spec)
        assert store.spec("first") == spec
        store.claim("first")
        assert [summary.state for summary in store.summaries()] == ["running"]

    def test_a_name_is_taken_once(self, store: Store) -> None:
        store.create(a_spec())
        with pytest.raises(RunExists, match="there is a run first already"):
            store.create(a_spec(seed=8))

    def test_runs_are_listed_newest_first(self, store: Store) -> None:
        for name in ("zebra", "ant", "mole"):
            store.create(a_spec(name))
        assert [summary.spec.run for summary in store.summaries()] == ["mole", "ant", "zebra"]

    def test_a_summary_counts_unique_genomes_and_knows_the_best(self, filled: Store) -> None:
        summary = filled.summaries()[0]
        fitness = [one.fitness for _, one in newborn(filled, "first") if one.fitness is not None]
        assert (summary.generations, summary.evaluations) == (3, 12)
        assert summary.best_fitness == max(fitness)

    def test_finishing_keeps_state_digest_and_time(self, filled: Store) -> None:
        filled.finish("first", "finished", "abc")
        summary = filled.summaries()[0]
        assert (summary.state, summary.digest) == ("finished", "abc")
        assert summary.finished_at is not None
        assert summary.finished_at >= summary.started_at

    def test_an_unknown_run_is_not_found(self, store: Store) -> None:
        for ask in (
            store.spec,
            store.claim,
            store.reopen,
            store.last_population,
            partial(populations, store),
        ):
            with pytest.raises(RunNotFound, match="no run 'nobody'"):
                ask("nobody")
        with pytest.raises(RunNotFound):
            store.record("nobody", a_generation(0, 0))
        with pytest.raises(RunNotFound):
            store.finish("nobody", "finished", None)


class TestFinishedRuns:
    """Nothing but the word of its user undoes the end of a finished run."""

    @pytest.fixture(params=["claimed", "unclaimed"])
    def over(self, request: pytest.FixtureRequest, filled: Store) -> Store:
        if request.param == "claimed":
            filled.claim("first")
        filled.finish("first", "finished", "abc")
        return filled

    def test_it_cannot_be_claimed(self, over: Store) -> None:
        before = over.summaries()
        for _ in range(2):
            with pytest.raises(RunFinished, match="run first is finished, with the digest abc"):
                over.claim("first")
        assert over.summaries() == before

    @pytest.mark.parametrize("state", ["failed", "interrupted", "queued", "finished"])
    def test_it_does_not_end_another_way(self, over: Store, state: RunState) -> None:
        before = over.summaries()
        over.finish("first", state, "abc" if state == "finished" else None)
        assert over.summaries() == before

    def test_another_digest_is_refused(self, over: Store) -> None:
        before = over.summaries()
        with pytest.raises(RunFinished, match="with the digest abc"):
            over.finish("first", "finished", "def")
        assert over.summaries() == before

    def test_it_cannot_be_queued_or_stopped(self, over: Store) -> None:
        before = over.summaries()
        over.submit("first")
        over.request_stop("first")
        assert (over.next_run(), over.summaries()) == (None, before)

    def test_its_generations_may_be_written_again_and_no_others(self, over: Store) -> None:
        over.record("first", a_history()[-1])
        with pytest.raises(RunFinished):
            over.record("first", a_history(4)[3])
        assert len(populations(over, "first")) == 3

    def test_its_user_can_reopen_it(self, over: Store) -> None:
        over.reopen("first")
        over.reopen("first")
        assert (over.state("first"), over.summaries()[0].digest, over.next_run()) == (
            "interrupted",
            None,
            None,
        )
        over.claim("first")
        over.record("first", a_history(4)[3])
        over.finish("first", "finished", "def")
        assert (over.state("first"), over.summaries()[0].digest) == ("finished", "def")

    @pytest.mark.parametrize("state", ["interrupted", "failed", "queued"])
    def test_only_a_finished_run_is_reopened(self, filled: Store, state: RunState) -> None:
        filled.claim("first")
        filled.finish("first", state, None)
        before = filled.summaries()
        filled.reopen("first")
        assert filled.summaries() == before


class TestLargerBudgets:
    """A user may give a run a larger budget; nothing else of it changes."""

    @pytest.mark.parametrize("state", ["interrupted", "finished"])
    def test_the_specification_is_the_new_one(self, filled: Store, state: RunState) -> None:
        filled.claim("first")
        filled.finish("first", state, "abc" if state == "finished" else None)
        before = filled.summaries()[0]
        spec = replace(before.spec, settings=replace(before.spec.settings, generations=99), cut_at=(7,))
        filled.enlarge(spec)
        assert filled.spec("first") == spec
        assert filled.summaries()[0] == replace(before, spec=spec)

    def test_an_unknown_run_is_not_found(self, store: Store) -> None:
        with pytest.raises(RunNotFound):
            store.enlarge(replace(a_spec(), run="nobody"))


class TestGenerations:
    def test_a_run_without_generations_has_no_last_population(self, store: Store) -> None:
        store.create(a_spec())
        assert store.last_population("first") is None
        assert populations(store, "first") == []

    def test_populations_come_back_bit_for_bit(self, filled: Store) -> None:
        records = a_history()
        assert repr(populations(filled, "first")) == repr([record.population for record in records])
        assert repr(filled.last_population("first")) == repr(records[-1].population)

    def test_newborn_come_back_bit_for_bit_in_the_order_asked(self, filled: Store) -> None:
        asked = [(record.population.generation, one) for record in a_history() for one in record.newborn]
        assert repr(newborn(filled, "first")) == repr(asked)

    def test_generations_come_back_whole_and_as_many_as_asked_for(self, store: Store) -> None:
        work = (NodeWork("ray-worker-1", "cpu", 3, 0.1), NodeWork("ray-worker-2", "memory", 1, 1 / 3))
        records = [replace(record, work=work) for record in a_history(5)]
        store.create(a_spec())
        for record in records:
            store.record("first", record)
        for first, count in ((0, 5), (0, 1), (2, 2), (4, 9), (5, 1)):
            assert repr(store.generations("first", first, count)) == repr(records[first : first + count])

    def test_somebody_who_lives_on_is_the_same_in_every_part_that_is_read(self, store: Store) -> None:
        records = a_dynasty(6)
        store.create(a_spec())
        for record in records:
            store.record("first", record)
        one_by_one = [store.generations("first", number, 1)[0] for number in range(6)]
        assert repr(one_by_one) == repr(records)

    def test_writing_a_generation_again_changes_nothing(self, filled: Store) -> None:
        before = newborn(filled, "first"), populations(filled, "first"), filled.trials("d" * 64)
        filled.record("first", replace(a_history()[1], seconds=99.0, cache_hits=4))
        assert (newborn(filled, "first"), populations(filled, "first"), filled.trials("d" * 64)) == before

    def test_another_generation_of_the_same_number_is_refused(self, filled: Store) -> None:
        with pytest.raises(StoreError, match="history diverged"):
            filled.record("first", a_generation(1, 77))
        assert populations(filled, "first")[1] == a_history()[1].population

    def test_one_bit_of_a_fitness_is_another_generation(self, store: Store) -> None:
        store.create(a_spec())
        zero, negative_zero = (
            GenerationRecord(Population(0, (one,)), (one,), 1.0)
            for score in (0.0, -0.0)
            for one in [Individual(Candidate(a_genome(1), "initial"), a_result(a_genome(1), score), 0)]
        )
        assert generation_digest(zero) != generation_digest(negative_zero)
        store.record("first", zero)
        with pytest.raises(StoreError, match="history diverged"):
            store.record("first", negative_zero)

    def test_a_generation_cannot_be_skipped(self, store: Store) -> None:
        store.create(a_spec())
        with pytest.raises(StoreError, match="cannot be the next"):
            store.record("first", a_generation(1, 0))
        assert populations(store, "first") == []

    def test_a_member_that_was_never_born_is_refused_and_nothing_is_written(self, store: Store) -> None:
        store.create(a_spec())
        record = a_generation(0, 0)
        with pytest.raises(StoreError):
            store.record("first", replace(record, newborn=record.newborn[1:]))
        assert populations(store, "first") == []
        assert store.trials("d" * 64) == 0

    def test_two_runs_do_not_mix(self, filled: Store) -> None:
        filled.create(a_spec("second"))
        filled.record("second", a_generation(0, 5))
        assert filled.last_population("second") == a_generation(0, 5).population
        assert len(populations(filled, "first")) == 3

    def test_who_did_the_work_is_no_part_of_the_generation(self, filled: Store) -> None:
        work = (NodeWork("ray-worker-1", "cpu", 3, 0.5), NodeWork("ray-worker-2", "memory", 1, 0.25))
        following = a_generation(3, 30)
        filled.record("first", replace(following, work=work))
        filled.record("first", replace(following, work=work[:1]))
        filled.record("first", following)
        assert filled.last_population("first") == following.population


class TestQueue:
    def test_runs_wait_until_they_are_claimed_the_oldest_first(self, store: Store) -> None:
        for name in ("zebra", "ant", "mole"):
            store.create(a_spec(name))
        assert store.next_run() is None
        for name in ("mole", "zebra"):
            store.submit(name)
        assert store.state("zebra") == "queued"
        assert store.next_run() == "zebra"
        store.claim("zebra")
        assert store.state("zebra") == "running"
        store.finish("zebra", "finished", "abc")
        assert store.next_run() == "mole"

    def test_what_was_claimed_and_not_finished_comes_before_what_waits(self, store: Store) -> None:
        for name in ("zebra", "ant"):
            store.create(a_spec(name))
            store.submit(name)
        store.claim("ant")
        assert store.next_run() == "ant"

    def test_a_run_that_was_only_created_is_nobodys_business(self, store: Store) -> None:
        store.create(a_spec())
        assert store.next_run() is None

    @pytest.mark.parametrize("state", ["interrupted", "failed"])
    def test_an_ended_run_can_be_queued_again(self, filled: Store, state: RunState) -> None:
        filled.claim("first")
        filled.finish("first", state, None)
        assert filled.next_run() is None
        filled.submit("first")
        assert filled.next_run() == "first"
        assert (filled.summaries()[0].state, filled.summaries()[0].digest) == ("queued", None)

    def test_a_run_that_is_asked_to_stop_says_so_until_it_ends(self, store: Store) -> None:
        store.create(a_spec())
        store.claim("first")
        assert not store.stop_requested("first")
        store.request_stop("first")
        store.request_stop("first")
        assert store.stop_requested("first")
        store.claim("first")
        assert store.stop_requested("first")
        store.finish("first", "interrupted", None)
        assert not store.stop_requested("first")
        store.claim("first")
        assert store.state("first") == "running"

    def test_a_waiting_run_that_is_asked_to_stop_is_interrupted_at_once(self, store: Store) -> None:
        store.create(a_spec())
        store.submit("first")
        store.request_stop("first")
        assert store.next_run() is None
        summary = store.summaries()[0]
        assert summary.state == "interrupted"
        assert summary.finished_at is not None

    def test_a_run_that_its_coordinator_leaves_waits_again(self, filled: Store) -> None:
        filled.claim("first")
        filled.finish("first", "queued", None)
        assert (filled.state("first"), filled.next_run()) == ("queued", "first")
        assert filled.summaries()[0].finished_at is None

    def test_a_run_that_somebody_asked_to_stop_is_not_queued_again(self, filled: Store) -> None:
        filled.claim("first")
        filled.request_stop("first")
        filled.finish("first", "queued", None)
        assert (filled.state("first"), filled.next_run()) == ("interrupted", None)

    def test_an_ended_run_cannot_be_stopped(self, store: Store) -> None:
        store.create(a_spec())
        store.finish("first", "finished", "abc")
        store.request_stop("first")
        assert store.state("first") == "finished"
        assert store.summaries()[0].digest == "abc"

    def test_an_unknown_run_is_not_found(self, store: Store) -> None:
        for ask in (store.submit, store.request_stop, store.stop_requested, store.state):
            with pytest.raises(RunNotFound, match="no run 'nobody'"):
                ask("nobody")


class TestEvaluations:
    def test_every_float_survives(self, filled: Store) -> None:
        fingerprint = a_genome(0).fingerprint
        scored = filled.evaluations("p" * 16)[fingerprint].scored
        assert scored is not None
        assert [x.hex() for x in scored.fold_returns] == [x.hex() for x in AWKWARD]

    def test_a_failure_keeps_its_reason_and_has_no_fitness(self, filled: Store) -> None:
        failed = filled.evaluations("p" * 16)[a_genome(3).fingerprint]
        assert (failed.scored, failed.fitness, failed.error) == (None, None, "it failed")

    def test_what_was_lost_with_a_worker_stands_in_its_run_and_is_tried_again_elsewhere(
        self, store: Store
    ) -> None:
        spec = a_spec()
        store.create(spec)
        record = a_generation(0, 0)
        born = record.newborn[0]
        lost = replace(born, evaluation=Evaluation(born.genome, None, "the worker died", lost=True))
        members = tuple(lost if one == born else one for one in record.population.individuals)
        record = GenerationRecord(Population(0, members), (lost, *record.newborn[1:]), 1.0)
        store.record("first", record)
        assert newborn(store, "first")[0][1].evaluation == lost.evaluation
        assert [repr(one) for one in populations(store, "first")] == [repr(record.population)]
        assert born.genome.fingerprint not in store.evaluations(spec.problem_digest)
        store.remember(spec.problem_digest, [a_result(born.genome)])
        assert store.evaluations(spec.problem_digest)[born.genome.fingerprint].scored is not None
        assert newborn(store, "first")[0][1].evaluation == lost.evaluation
        assert store.trials(spec.market_digest) == len(record.newborn)

    def test_remembered_evaluations_are_there_before_their_generation(self, store: Store) -> None:
        store.create(a_spec())
        results = [a_result(a_genome(k)) for k in range(3)]
        store.remember("p" * 16, results)
        store.remember("p" * 16, results)
        assert store.evaluations("p" * 16) == {result.genome.fingerprint: result for result in results}
        assert store.last_population("first") is None

    def test_problems_are_kept_apart(self, filled: Store) -> None:
        assert filled.evaluations("q" * 16) == {}

    def test_evaluations_of_some_genomes_leave_the_others_and_strangers_out(self, filled: Store) -> None:
        everything = filled.evaluations("p" * 16)
        some = [*list(everything)[:2], "f" * 16, *(f"{number:016x}" for number in range(1_200))]
        assert filled.evaluations("p" * 16, some) == {name: everything[name] for name in some[:2]}
        assert filled.evaluations("p" * 16, []) == {}

    def test_the_same_genome_cannot_score_otherwise_on_the_same_problem(self, filled: Store) -> None:
        with pytest.raises(StoreError, match="scored otherwise before"):
            filled.remember("p" * 16, [a_result(a_genome(0), 0.123)])
        filled.remember("q" * 16, [a_result(a_genome(0), 0.123)])

    @pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
    def test_a_number_that_is_not_finite_is_refused(self, store: Store, bad: float) -> None:
        store.create(a_spec())
        with pytest.raises(StoreError, match="not finite"):
            store.remember("p" * 16, [a_result(a_genome(0), bad)])
        with pytest.raises(StoreError, match="not finite"):
            store.remember("p" * 16, [_with_measure(bad)])
        assert store.evaluations("p" * 16) == {}


class TestLedger:
    def test_each_genome_counts_once_a_data_set_over_all_runs(self, filled: Store) -> None:
        filled.create(a_spec("second", problem_digest="q" * 16))
        filled.record("second", a_generation(0, 2))
        assert filled.trials("d" * 64) == 12 + 2

    def test_another_data_set_has_its_own_count(self, filled: Store) -> None:
        filled.create(a_spec("second", data_digest="e" * 64, market_digest="e" * 64, problem_digest="q" * 16))
        filled.record("second", a_generation(0, 0))
        assert filled.trials("e" * 64) == 4
        assert filled.trials("f" * 64) == 0

    def test_presets_of_one_data_set_share_its_count(self, filled: Store) -> None:
        filled.create(a_spec("second", data_digest="e" * 64, problem_digest="q" * 16))
        filled.record("second", a_generation(0, 2))
        assert filled.trials("d" * 64) == 12 + 2

    def test_genomes_of_a_generation_that_never_ended_count_too(self, store: Store) -> None:
        store.create(a_spec())
        store.remember("p" * 16, [a_result(a_genome(k)) for k in range(3)])
        assert store.trials("d" * 64) == 3

    def test_data_sets_with_candles_in_common_count_together_whatever_they_are_called(
        self, filled: Store
    ) -> None:
        """Here three digests stand for a file, the same file a candle longer, and another symbol's name."""
        for number, (digest, symbol) in enumerate([("e" * 64, "BTCUSD"), ("f" * 64, "LED2")]):
            filled.create(
                a_spec(digest, symbol=symbol, market_digest=digest, problem_digest=digest[:16]),
            )
            filled.record(digest, a_generation(0, 2 + number))
        alone = [filled.trials(mark * 64) for mark in "def"]
        assert alone == [12, 4, 4]
        for k, mark in enumerate("def"):
            filled.know_market(KnownMarket(mark * 64, "any", "1h", frozenset({1, 2**64 - 1 - k})))
        assert [filled.trials(mark * 64) for mark in "def"] == [12 + 3] * 3

    def test_what_is_known_of_a_market_stays(self, filled: Store) -> None:
        filled.create(a_spec("second", market_digest="e" * 64, problem_digest="q" * 16))
        filled.record("second", a_generation(0, 40))
        filled.know_market(KnownMarket("e" * 64, "BTCUSD", "1h", frozenset({5})))
        for marks in ({5}, {6}):
            filled.know_market(KnownMarket("d" * 64, "BTCUSD", "1h", frozenset(marks)))
        assert filled.trials("d" * 64) == 12 + 4

    def test_what_is_known_of_a_market_may_grow(self, filled: Store) -> None:
        filled.create(a_spec("second", market_digest="e" * 64, problem_digest="q" * 16))
        filled.record("second", a_generation(0, 40))
        filled.know_market(KnownMarket("d" * 64, "BTCUSD", "1h", frozenset({5})))
        filled.know_market(KnownMarket("e" * 64, "BTCUSD", "4h", frozenset({6})))
        assert filled.trials("d" * 64) == 12
        filled.know_market(KnownMarket("d" * 64, "LED", "1h", frozenset({5, 6})))
        assert [filled.trials(mark * 64) for mark in "de"] == [12 + 4] * 2

    def test_tries_on_a_market_of_the_same_name_that_do_not_count_are_told(self, filled: Store) -> None:
        filled.create(a_spec("second", market_digest="e" * 64, problem_digest="q" * 16))
        filled.record("second", a_generation(0, 2))
        filled.create(a_spec("third", market_digest="f" * 64, problem_digest="r" * 16, timeframe="4h"))
        filled.record("third", a_generation(0, 2))
        assert filled.uncounted("d" * 64) == Uncounted(0, 4)
        filled.know_market(KnownMarket("d" * 64, "BTCUSD", "1h", frozenset({1})))
        assert filled.uncounted("d" * 64) == Uncounted(0, 4)
        filled.know_market(KnownMarket("e" * 64, "BTCUSD", "1h", frozenset({2})))
        assert filled.uncounted("d" * 64) == Uncounted(4, 0)


class TestPackedGenerations:
    """What a journal keeps until the history answers."""

    @pytest.fixture(params=["memory", "sqlite", "postgres"])
    def history(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bulk]:
        with opened(request.param, tmp_path) as made:
            made.create(a_spec())
            yield cast("Bulk", made)
            made.close()

    def test_several_are_written_as_if_one_by_one(self, history: Bulk) -> None:
        records = a_history(4)
        history.record("first", records[0])
        history.record_packed("first", [history.packed(record) for record in records[1:]])
        assert repr(history.generations("first", 0, 9)) == repr(records)
        assert history.trials("d" * 64) == 16

    def test_those_that_are_there_change_nothing(self, history: Bulk) -> None:
        records = a_history(3)
        packed = [history.packed(record) for record in records]
        history.record_packed("first", packed[:2])
        history.record_packed("first", packed)
        assert repr(history.generations("first", 0, 9)) == repr(records)

    def test_one_of_another_history_is_refused(self, history: Bulk) -> None:
        history.record("first", a_history()[0])
        with pytest.raises(StoreError, match="history diverged"):
            history.record_packed("first", [history.packed(a_generation(0, 77))])

    def test_none_may_be_left_out(self, history: Bulk) -> None:
        with pytest.raises(StoreError, match="cannot be the next"):
            history.record_packed("first", [history.packed(a_history()[k]) for k in (0, 2)])

    def test_one_that_is_there_is_known_bit_for_bit(self, history: Bulk) -> None:
        records = a_history(2)
        history.record("first", records[0])
        known = [history.holds("first", history.packed(one)) for one in (*records, a_generation(0, 77))]
        assert known == [True, False, False]

    @pytest.mark.parametrize("state", ["interrupted", "failed", "queued"])
    def test_an_adopter_of_a_run_writes_what_is_left_and_keeps_its_state(
        self, history: Bulk, state: RunState
    ) -> None:
        history.claim("first")
        history.finish("first", state, None)
        history.adopt("first")
        history.record("first", a_history()[0])
        assert history.state("first") == state
        history.finish("first", state, None)
        assert (history.state("first"), len(populations(history, "first"))) == (state, 1)

    def test_a_finished_run_is_adopted_by_nobody(self, history: Bulk) -> None:
        history.finish("first", "finished", "abc")
        with pytest.raises(RunFinished):
            history.adopt("first")

    def test_a_number_that_is_not_finite_is_refused(self, history: Bulk) -> None:
        born = a_generation(0, 0).newborn[0]
        bad = replace(born, evaluation=_with_measure(float("nan")))
        with pytest.raises(StoreError, match="not finite"):
            history.packed(GenerationRecord(Population(0, (bad,)), (bad,), 1.0))


def test_closing_twice_is_allowed(store: Store) -> None:
    store.close()
    store.close()


def _with_measure(bad: float) -> Evaluation:
    scored = a_result(a_genome(0)).scored
    assert isinstance(scored, Scored)
    return Evaluation(a_genome(0), replace(scored, walk_forward=replace(scored.walk_forward, skew=bad)))
