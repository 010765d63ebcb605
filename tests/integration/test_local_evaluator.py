"""Workers that die, users who stop, and what worker processes inherit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from genepool.adapters.local.evaluator import LOCAL_RULES, LocalEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer
from genepool.errors import ConfigError, GenepoolError, Interrupted
from genepool.scheduling.rules import DispatchRules
from tests.fakes import scorers

ROOT = Path(__file__).resolve().parents[2]


def nobody(_: Sequence[Evaluation]) -> None:
    """Listen to no batch."""


class Crewed:
    """Makes evaluators with two workers and closes them."""

    def __init__(self) -> None:
        self._made: list[LocalEvaluator] = []

    def __call__(
        self,
        batch_size: int | None = None,
        make_scorer: MakeScorer = scorers.named,
        rules: DispatchRules = LOCAL_RULES,
    ) -> LocalEvaluator:
        self._made.append(LocalEvaluator(2, batch_size, make_scorer, rules))
        return self._made[-1]

    def close(self) -> None:
        for evaluator in self._made:
            evaluator.close()


@pytest.fixture
def crewed() -> Iterator[Crewed]:
    made = Crewed()
    yield made
    made.close()


def test_two_workers_answer_in_the_order_asked(crewed: Crewed) -> None:
    genomes = scorers.numbered(50)
    evaluations = crewed(batch_size=4).evaluate(scorers.tiny_problem("arithmetic"), genomes, nobody)
    assert [evaluation.genome for evaluation in evaluations] == genomes
    assert [evaluation.fitness for evaluation in evaluations] == [number / 105 for number in range(50)]


@pytest.mark.slow
def test_a_genome_that_kills_its_worker_fails_and_harms_no_other(crewed: Crewed) -> None:
    genomes = scorers.numbered(30)
    heard: list[Evaluation] = []
    evaluations = crewed(batch_size=5).evaluate(scorers.tiny_problem("deadly"), genomes, heard.extend)
    failed = [evaluation for evaluation in evaluations if evaluation.scored is None]
    assert [evaluation.genome.values["number"] for evaluation in failed] == [scorers.POISON]
    assert failed[0].error == "the worker process died each time that it evaluated this genome"
    assert failed[0].lost
    assert len(heard) == len(genomes)


@pytest.mark.slow
def test_a_worker_that_dies_by_chance_costs_nobody_anything(
    crewed: Crewed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEADLY_ONCE", str(tmp_path / "died"))
    evaluations = crewed(batch_size=5).evaluate(
        scorers.tiny_problem("deadly_once"), scorers.numbered(30), nobody
    )
    assert (tmp_path / "died").exists()
    assert [evaluation.fitness for evaluation in evaluations] == [number / 105 for number in range(30)]


@pytest.mark.slow
def test_workers_that_cannot_even_start_end_the_run_with_advice(crewed: Crewed) -> None:
    with pytest.raises(GenepoolError, match="--workers 1"):
        crewed(make_scorer=scorers.BrokenStart()).evaluate(
            scorers.tiny_problem(), scorers.numbered(3), nobody
        )


def test_after_an_interruption_running_batches_are_reported_and_no_other_starts(crewed: Crewed) -> None:
    genomes = scorers.numbered(200)
    heard: list[Evaluation] = []

    def stop(evaluations: Sequence[Evaluation]) -> None:
        heard.extend(evaluations)
        raise Interrupted("stopped by the test")

    with pytest.raises(Interrupted, match="stopped by the test"):
        crewed(batch_size=2).evaluate(scorers.tiny_problem("arithmetic"), genomes, stop)
    # One batch was finished, at most two more were handed out.
    assert 2 <= len(heard) <= 6


def test_candles_are_read_only_in_workers_as_they_are_in_the_parent(crewed: Crewed) -> None:
    evaluations = crewed().evaluate(scorers.tiny_problem("read_only"), scorers.numbered(4), nobody)
    assert [evaluation.fitness for evaluation in evaluations] == [1.0] * 4


def test_workers_inherit_thread_caps_and_the_parent_keeps_its_environment(
    crewed: Crewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    evaluations = crewed().evaluate(scorers.tiny_problem("thread_caps"), scorers.numbered(4), nobody)
    assert [evaluation.fitness for evaluation in evaluations] == [1.0] * 4
    assert "OPENBLAS_NUM_THREADS" not in os.environ


CTRL_C_PROGRAM = """
import signal
from genepool.adapters.local.evaluator import LocalEvaluator
from tests.fakes import scorers

heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(1))
print("ready", flush=True)
evaluator = LocalEvaluator(2, 1, scorers.named)
evaluations = evaluator.evaluate(scorers.tiny_problem("telling"), scorers.numbered(60), lambda _: None)
evaluator.close()
print(bool(heard), sum(evaluation.scored is not None for evaluation in evaluations))
"""


@pytest.mark.slow
def test_ctrl_c_is_left_to_the_parent_even_while_workers_start() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CTRL_C_PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        for _ in range(20):
            time.sleep(0.05)
            os.killpg(program.pid, signal.SIGINT)
        out, err = program.communicate(timeout=60)
    assert out.splitlines()[-1] == "True 60", err
    assert "KeyboardInterrupt" not in err


@pytest.mark.slow
def test_workers_stay_for_the_next_problem_and_keep_a_bounded_number_of_files(
    crewed: Crewed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    evaluator, processes = crewed(), set()
    for number in range(12):
        problem = scorers.tiny_problem(f"told_process#{number}")
        processes |= {one.fitness for one in evaluator.evaluate(problem, scorers.numbered(8), nobody)}
    assert 1 <= len(processes) <= 2
    assert len(list(tmp_path.rglob("*.npz"))) == 8
    evaluator.close()
    assert list(tmp_path.rglob("*.npz")) == []


@pytest.mark.parametrize(("workers", "batch_size"), [(0, None), (2, 0)])
def test_no_workers_and_empty_batches_are_refused(workers: int, batch_size: int | None) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        LocalEvaluator(workers, batch_size)


@pytest.mark.slow
def test_a_worker_that_hangs_is_killed_and_only_its_genome_fails(crewed: Crewed) -> None:
    impatient = DispatchRules(deadline_floor=0.5, first_deadline=0.6, kill_factor=2.5)
    evaluator = crewed(make_scorer=scorers.StandIn(scorers.hanging), rules=impatient)
    evaluations = evaluator.evaluate(scorers.tiny_problem(), scorers.numbered(30), nobody)
    (failed,) = [one for one in evaluations if one.scored is None]
    assert failed.genome.values["number"] == scorers.POISON
    assert failed.error == "the worker hung each time that it evaluated this genome"


@pytest.mark.slow
def test_threads_with_problems_of_their_own_share_the_same_processes(crewed: Crewed) -> None:
    evaluator = crewed(batch_size=1)
    problems = [scorers.tiny_problem(f"told_process#{number}") for number in range(2)]

    def processes(problem: Problem) -> set[float | None]:
        return {one.fitness for one in evaluator.evaluate(problem, scorers.numbered(20), nobody)}

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(processes, problems)
    assert len(first | second) <= 2
