"""A run's whole search is repeated where there is nothing to find, apart from everything that is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import ConfigError, Interrupted, RunPruned
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.history import THE_RUN_ITSELF, NullSearch, RunSummary
from genepool.pool.planning import Plan
from genepool.ports import BatchFinished
from genepool.usecases.null_document import NullEvolution, null_evolution_of
from genepool.usecases.null_evolution import NullRun, NullsAsked, evolve_nulls
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import WholeHistory

RUN = bred_run(generations=2, size=9)
UNIQUE = len({one.genome.fingerprint for _, one in RUN.newborn})


@dataclass
class NotedProblems:
    """``Evaluator`` that notes the market of every question."""

    stop_after: int = 1_000
    problems: list[Problem] = field(default_factory=list)

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        self.problems.append(problem)
        found = Scorer(problem).evaluate(genomes)
        batch_finished(found)
        return found

    def close(self) -> None:
        """Hold nothing."""

    def stopped(self) -> bool:
        return len(self.problems) >= self.stop_after


def history() -> WholeHistory:
    made = WholeHistory()
    record_in(made, RUN)
    return made


def nulls(
    count: int,
    store: WholeHistory,
    evaluator: NotedProblems | None = None,
    plan: Plan = RUN.plan,
    summary: RunSummary | None = None,
    *,
    sequential: bool = False,
    at_once: int = 1,
) -> NullRun:
    evaluator, summary = evaluator or NotedProblems(), summary or store.summaries()[0]
    asked = NullsAsked(count, sequential=sequential)
    return evolve_nulls(
        plan, summary, asked, store, evaluator, interrupted=evaluator.stopped, at_once=at_once
    )


def test_every_null_is_the_whole_search_on_another_market() -> None:
    evaluator = NotedProblems()
    done = nulls(2, history(), evaluator)
    assert len({problem.digest for problem in evaluator.problems} - {RUN.plan.problem.digest}) == 2
    assert len(evaluator.problems) == 2 * RUN.plan.spec.settings.generations
    for problem in evaluator.problems:
        assert (problem.in_sample, problem.folds) == (RUN.plan.problem.in_sample, RUN.plan.problem.folds)
        assert (problem.costs, problem.objective) == (RUN.plan.problem.costs, RUN.plan.problem.objective)
        # The holdout of the run stays sealed.
        assert len(problem.candles) == len(RUN.plan.problem.candles) < len(RUN.plan.candles)
    assert (done.trials, done.nulls.count, done.nulls.null_trials) == (UNIQUE, 2, 2 * 18)


def test_ledger_and_list_of_runs_stay_as_they_were() -> None:
    store = history()
    before = store.summaries(), store.trials(RUN.plan.spec.market_digest)
    known = store.evaluations(RUN.plan.problem.digest)
    nulls(1, store)
    assert (store.summaries(), store.trials(RUN.plan.spec.market_digest)) == before
    assert store.evaluations(RUN.plan.problem.digest) == known


def test_more_nulls_add_to_those_that_are_there() -> None:
    store, evaluator = history(), NotedProblems()
    nulls(1, store)
    grown = nulls(3, store, evaluator)
    assert len(evaluator.problems) == 2 * RUN.plan.spec.settings.generations
    assert grown == nulls(3, history())
    # Fewer are the first ones, and cost nothing.
    assert nulls(1, store, evaluator).nulls.count == 1
    assert len(evaluator.problems) == 2 * RUN.plan.spec.settings.generations


def test_what_was_stopped_continues_and_finds_the_same() -> None:
    store = history()
    with pytest.raises(Interrupted, match=r"continue with\n  genepool nulls small --count 2 --generator"):
        nulls(2, store, NotedProblems(stop_after=3))
    assert [one.number for one in store.null_searches("small")] == [THE_RUN_ITSELF, 1]
    assert nulls(2, store) == nulls(2, history())


def test_several_at_once_find_the_same() -> None:
    store, other = history(), history()
    assert nulls(5, store, at_once=3) == nulls(5, other)
    assert store.null_searches("small") == other.null_searches("small")


def test_several_at_once_that_were_stopped_keep_what_ended_and_continue() -> None:
    store = history()
    with pytest.raises(Interrupted):
        nulls(6, store, NotedProblems(stop_after=7), at_once=2)
    kept = [one.number for one in store.null_searches("small")]
    assert 0 < len(kept) < 6
    assert nulls(6, store, at_once=2) == nulls(6, history())


def test_a_null_before_its_turn_does_not_count_yet() -> None:
    one, two, three, four = found(1.0, 3.0, 3.0, 3.0)
    assert said(OWN, one, three, four).count == 1
    assert said(OWN, four, two, one).null_figures == [3.0, 1.0]
    assert null_evolution_of([OWN, two], "now") is None


def test_sequential_stopping_is_the_same_for_several_at_once() -> None:
    # A figure that every null reaches, so that the tenth settles it.
    stores = history(), history()
    for store in stores:
        own = NullSearch(str(store.summaries()[0].digest), "", THE_RUN_ITSELF, {"sum_of_both": None}, UNIQUE)
        store.keep_null_search("small", own)
    found_alone, found_together = (
        nulls(30, store, sequential=True, at_once=many) for store, many in zip(stores, (1, 3), strict=True)
    )
    assert found_alone.nulls.count == 10
    assert found_together == found_alone
    assert stores[0].null_searches("small") == stores[1].null_searches("small")


def test_a_run_that_is_not_finished_has_no_nulls() -> None:
    store = history()
    unfinished = replace(store.summaries()[0], state="interrupted")
    with pytest.raises(ConfigError, match=r"run small is interrupted.*\n.*--resume small"):
        nulls(1, store, summary=unfinished)


def test_a_pruned_run_has_those_that_were_made_before() -> None:
    store = history()
    nulls(1, store)
    store._pruned = ("small",)
    assert nulls(2, store).nulls.count == 2
    fresh = WholeHistory("small")
    record_in(fresh, RUN)
    with pytest.raises(RunPruned):
        nulls(1, fresh)


def test_a_run_that_a_clock_ended_is_repeated_by_its_generations() -> None:
    store, evaluator = history(), NotedProblems()
    timed = EvolutionSettings(9, 50, minutes=0.001)
    spec = replace(RUN.plan.spec, settings=timed)
    nulls(1, store, evaluator, summary=replace(store.summaries()[0], spec=spec))
    assert len(evaluator.problems) == 2


def test_there_must_be_such_a_generator_and_a_null() -> None:
    with pytest.raises(ConfigError, match="did you mean block_shuffle"):
        NullsAsked(1, "block_shufle")
    with pytest.raises(ConfigError, match="at least 1"):
        NullsAsked(0)


OWN = NullSearch("now", "", THE_RUN_ITSELF, {"sum_of_both": 2.0}, 60)


def found(*figures: float | None, generator: str = "block_shuffle", digest: str = "now") -> list[NullSearch]:
    return [
        NullSearch(digest, generator, number, {"sum_of_both": figure}, 50)
        for number, figure in enumerate(figures, 1)
    ]


def said(*searches: NullSearch) -> NullEvolution:
    document = null_evolution_of(searches, "now")
    assert document is not None
    return document


def test_a_figure_above_all_of_nineteen_is_rare() -> None:
    document = said(OWN, *found(*[1.0] * 19))
    assert (document.p_value, document.smallest_p, document.reached) == (0.05, 0.05, 0)
    assert "in no case: chance alone rarely does (p = 0.05). That is no proof" in document.sentence


def test_a_figure_that_nulls_reach_is_none() -> None:
    document = said(OWN, *found(*[1.0] * 17, 2.0, 3.0))
    assert (document.p_value, document.reached) == (0.15, 2)
    assert "twice: chance alone does it too often (p = 0.15). No edge was found." in document.sentence
    assert document.null_figures[:3] == [3.0, 2.0, 1.0]


def test_few_nulls_say_that_they_are_few() -> None:
    assert "make at least 19" in said(OWN, *found(1.0, None)).sentence


def test_nulls_of_another_generator_or_of_the_run_before_it_was_continued_say_nothing() -> None:
    flips, old = found(9.0, 9.0, generator="sign_flip"), found(9.0, digest="then")
    assert said(OWN, *old, *flips, *found(1.0)).null_figures == [1.0]
    assert said(OWN, *old, *flips).generator == "sign_flip"
    assert null_evolution_of([OWN, *old], "now") is None
    assert null_evolution_of(found(1.0), "now") is None


def test_a_run_may_stop_its_nulls_once_chance_did_as_well_ten_times() -> None:
    store = history()
    own = NullSearch(str(store.summaries()[0].digest), "", THE_RUN_ITSELF, {"sum_of_both": None}, UNIQUE)
    store.keep_null_search("small", own)
    for one in found(*[1.0] * 30, digest=own.run_digest):
        store.keep_null_search("small", one)
    assert nulls(30, store, sequential=True).nulls.count == 10
    assert nulls(30, store).nulls.count == 30


def test_other_searches_of_the_market_correct_the_p_value() -> None:
    store = history()
    before = nulls(1, store).nulls
    assert (before.searches, before.p_corrected) == (1, before.p_value)
    for name in ("second", "third"):
        store.create(replace(RUN.plan.spec, run=name))
    after = nulls(1, store, summary=store.summaries()[-1]).nulls
    assert (after.searches, after.p_value) == (3, before.p_value)
    assert after.p_corrected == min(1.0, 3 * before.p_value)


def test_the_impatient_need_more_nulls() -> None:
    document = null_evolution_of([OWN, *found(*[1.0] * 19)], "now", others=[None] * 19)
    assert document is not None
    assert (document.p_value, document.p_corrected) == (0.05, 1.0)
    assert "below p = 1 after 20 searches of these candles, make at least 399." in document.sentence
    rare = null_evolution_of([OWN, *found(*[1.0] * 399)], "now", others=[None] * 19)
    assert rare is not None
    assert "rarely does (p = 0.05, corrected for 20 searches of these candles)" in rare.sentence
