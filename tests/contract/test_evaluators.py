"""What every evaluator promises, run on this process and two workers; tests of Ray run it on a cluster."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import GenepoolError, Interrupted
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.ports import Evaluator
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies
from tests.fakes.own_strategies import crossing

Make = Callable[[], Evaluator]
EVALUATORS: dict[str, Make] = {
    "this process": lambda: LocalEvaluator(workers=1),
    "this process, one by one": lambda: LocalEvaluator(workers=1, batch_size=1),
    "two workers": lambda: LocalEvaluator(workers=2),
    "two workers, batches of three": lambda: LocalEvaluator(workers=2, batch_size=3),
}
# A problem beside the one that most tests are about.
OTHER = Problem.seal(synthetic_market("regimes", 5, candles=3_000), SplitRule(), CostModel(), "calmar")


def nobody(_: Sequence[Evaluation]) -> None:
    """Listen to no batch."""


@pytest.fixture(scope="module", params=EVALUATORS)
def evaluator(request: pytest.FixtureRequest) -> Iterator[Evaluator]:
    made = EVALUATORS[request.param]()
    yield made
    made.close()


class TestEvaluator:
    @pytest.fixture(scope="class")
    @staticmethod
    def problem() -> Problem:
        return Problem.seal(synthetic_market("regimes", candles=3_000), SplitRule(), CostModel(), "sharpe")

    @pytest.fixture(scope="class")
    @staticmethod
    def genomes() -> list[Genome]:
        quick = [strategy for strategy in seed_strategies().values() if not strategy.learning][:5]
        drawn = [
            quick[slot % len(quick)].random_genome(generator(7, Purpose.INITIAL_GENOME, slot=slot))
            for slot in range(20)
        ]
        return [*drawn, Genome("no_such_strategy", ())]

    @pytest.fixture(scope="class")
    @staticmethod
    def expected(problem: Problem, genomes: list[Genome]) -> list[Evaluation]:
        return Scorer(problem).evaluate(genomes)

    def test_the_same_bits_in_the_order_asked(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome], expected: list[Evaluation]
    ) -> None:
        assert repr(evaluator.evaluate(problem, genomes, nobody)) == repr(expected)

    def test_another_problem_has_its_own_scores_and_the_first_keeps_its(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome], expected: list[Evaluation]
    ) -> None:
        evaluations = evaluator.evaluate(OTHER, genomes, nobody)
        assert repr(evaluations) == repr(Scorer(OTHER).evaluate(genomes)) != repr(expected)
        assert repr(evaluator.evaluate(problem, genomes, nobody)) == repr(expected)

    def test_threads_that_ask_at_once_get_what_each_asked_for(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome], expected: list[Evaluation]
    ) -> None:
        heard: dict[str, list[Evaluation]] = {problem.digest: [], OTHER.digest: []}

        def ask(asked: Problem) -> list[Evaluation]:
            return evaluator.evaluate(asked, genomes, heard[asked.digest].extend)

        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(ask, [problem, OTHER])
        assert repr(first) == repr(expected)
        assert repr(second) == repr(Scorer(OTHER).evaluate(genomes))
        assert sorted(map(repr, heard[problem.digest])) == sorted(map(repr, first))
        assert sorted(map(repr, heard[OTHER.digest])) == sorted(map(repr, second))

    def test_own_strategies_reach_workers_that_know_the_problem_already(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome], expected: list[Evaluation]
    ) -> None:
        rng = generator(8, Purpose.INITIAL_GENOME)
        drawn = [*(crossing.random_genome(rng) for _ in range(6)), *genomes[:6]]
        with_own = replace(problem, own=(crossing,))
        assert repr(evaluator.evaluate(problem, genomes, nobody)) == repr(expected)
        evaluations = evaluator.evaluate(with_own, drawn, nobody)
        assert repr(evaluations) == repr(Scorer(with_own).evaluate(drawn))
        assert all(evaluation.scored for evaluation in evaluations)

    def test_a_failure_is_data(self, evaluator: Evaluator, problem: Problem, genomes: list[Genome]) -> None:
        *good, bad = evaluator.evaluate(problem, genomes[-3:], nobody)
        assert bad.scored is None
        assert bad.error
        assert all(evaluation.scored for evaluation in good)

    def test_every_evaluation_is_reported_once(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome]
    ) -> None:
        heard: list[Evaluation] = []
        evaluations = evaluator.evaluate(problem, genomes, heard.extend)
        assert sorted(map(repr, heard)) == sorted(map(repr, evaluations))

    def test_an_interruption_passes_on_and_the_evaluator_stays_usable(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome], expected: list[Evaluation]
    ) -> None:
        def stop(_: Sequence[Evaluation]) -> None:
            raise Interrupted("stopped by the test")

        with pytest.raises(Interrupted, match="stopped by the test"):
            evaluator.evaluate(problem, genomes, stop)
        assert repr(evaluator.evaluate(problem, genomes, nobody)) == repr(expected)

    def test_an_error_that_concerns_every_genome_is_raised_and_harms_no_later_request(
        self, evaluator: Evaluator, problem: Problem, genomes: list[Genome], expected: list[Evaluation]
    ) -> None:
        with pytest.raises(GenepoolError, match="no objective 'nonsense'"):
            evaluator.evaluate(replace(problem, objective="nonsense"), genomes, nobody)
        assert repr(evaluator.evaluate(problem, genomes, nobody)) == repr(expected)

    def test_nothing_asked_is_nothing_done(self, evaluator: Evaluator, problem: Problem) -> None:
        assert evaluator.evaluate(problem, [], nobody) == []

    def test_closing_twice_is_harmless(self, evaluator: Evaluator) -> None:
        evaluator.close()
        evaluator.close()
