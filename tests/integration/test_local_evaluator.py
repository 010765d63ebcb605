"""Workers that die, users who stop, and what worker processes inherit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.local.worker import Score
from genepool.backtest.evaluation import Evaluation
from genepool.errors import ConfigError, GenepoolError, Interrupted
from tests.fakes import scorers

ROOT = Path(__file__).resolve().parents[2]


def nobody(_: Sequence[Evaluation]) -> None:
    """Listen to no batch."""


class Crewed:
    """Makes evaluators with two workers and closes them."""

    def __init__(self) -> None:
        self._made: list[LocalEvaluator] = []

    def __call__(self, score: Score, batch_size: int | None = None) -> LocalEvaluator:
        self._made.append(LocalEvaluator(scorers.tiny_problem(), 2, batch_size, score))
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
    evaluations = crewed(scorers.arithmetic, batch_size=4).evaluate(genomes, nobody)
    assert [evaluation.genome for evaluation in evaluations] == genomes
    assert [evaluation.fitness for evaluation in evaluations] == [number / 105 for number in range(50)]


@pytest.mark.slow
def test_a_genome_that_kills_its_worker_fails_and_harms_no_other(crewed: Crewed) -> None:
    genomes = scorers.numbered(30)
    heard: list[Evaluation] = []
    evaluations = crewed(scorers.deadly, batch_size=5).evaluate(genomes, heard.extend)
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
    evaluations = crewed(scorers.deadly_once, batch_size=5).evaluate(scorers.numbered(30), nobody)
    assert (tmp_path / "died").exists()
    assert [evaluation.fitness for evaluation in evaluations] == [number / 105 for number in range(30)]


@pytest.mark.slow
def test_workers_that_cannot_even_start_end_the_run_with_advice(crewed: Crewed) -> None:
    with pytest.raises(GenepoolError, match="--workers 1"):
        crewed(scorers.broken).evaluate(scorers.numbered(3), nobody)


def test_after_an_interruption_running_batches_are_reported_and_no_other_starts(crewed: Crewed) -> None:
    genomes = scorers.numbered(200)
    heard: list[Evaluation] = []

    def stop(evaluations: Sequence[Evaluation]) -> None:
        heard.extend(evaluations)
        raise Interrupted("stopped by the test")

    with pytest.raises(Interrupted, match="stopped by the test"):
        crewed(scorers.arithmetic, batch_size=2).evaluate(genomes, stop)
    # One batch was finished, at most two more were handed out.
    assert 2 <= len(heard) <= 6


def test_candles_are_read_only_in_workers_as_they_are_in_the_parent(crewed: Crewed) -> None:
    evaluations = crewed(scorers.read_only).evaluate(scorers.numbered(4), nobody)
    assert [evaluation.fitness for evaluation in evaluations] == [1.0] * 4


def test_workers_inherit_thread_caps_and_the_parent_keeps_its_environment(
    crewed: Crewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    evaluations = crewed(scorers.thread_caps).evaluate(scorers.numbered(4), nobody)
    assert [evaluation.fitness for evaluation in evaluations] == [1.0] * 4
    assert "OPENBLAS_NUM_THREADS" not in os.environ


CTRL_C_PROGRAM = """
import signal
from genepool.adapters.local.evaluator import LocalEvaluator
from tests.fakes import scorers

heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(1))
print("ready", flush=True)
evaluator = LocalEvaluator(scorers.tiny_problem(), 2, 1, scorers.telling)
evaluations = evaluator.evaluate(scorers.numbered(60), lambda _: None)
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


@pytest.mark.parametrize(("workers", "batch_size"), [(0, None), (2, 0)])
def test_no_workers_and_empty_batches_are_refused(workers: int, batch_size: int | None) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        LocalEvaluator(scorers.tiny_problem(), workers, batch_size)
