"""Stand-ins for the backtest, importable by worker processes; a genome's number says what happens."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NoReturn, TypeAlias

import numba
import numpy as np
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer, Scores
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.strategies import seed_strategies

# Scores a batch: the problem, its genomes, and a warm indicator bank.
Score: TypeAlias = Callable[[Problem, Sequence[Genome], IndicatorBank], list[Evaluation]]

POISON = 13.0
NOTHING = Measures(**dict.fromkeys((field.name for field in fields(Measures)), 0.0))


class StandingScorer:
    """Scores a problem's genomes by a plain function.

    Parameters
    ----------
    problem
        What genomes are scored against.
    score
        Scores a batch, given the problem and a warm indicator bank.
    """

    def __init__(self, problem: Problem, score: Score) -> None:
        self._problem = problem
        self._score = score
        self._bank = IndicatorBank(problem.candles)

    @property
    def held_bytes(self) -> int:
        return self._bank.held_bytes

    def evaluate(self, genomes: Sequence[Genome]) -> list[Evaluation]:
        return self._score(self._problem, genomes, self._bank)


@dataclass(frozen=True, slots=True)
class StandIn:
    """``MakeScorer`` that scores every problem by one function."""

    score: Score

    def __call__(self, problem: Problem) -> StandingScorer:
        return StandingScorer(problem, self.score)


def named(problem: Problem) -> Scores:
    """Score by the function of this module that the problem's objective names, else as the product does."""
    score = globals().get(problem.objective.split("#")[0])
    return Scorer(problem) if score is None else StandingScorer(problem, score)


class BrokenStart:
    """``MakeScorer`` that ends every process that it is sent to."""

    def __call__(self, problem: Problem) -> Scores:
        return named(problem)

    def __reduce__(self) -> tuple[Callable[[int], NoReturn], tuple[int]]:  # type: ignore[explicit-override] # Python 3.11 has none
        return os._exit, (7,)


def numbered(count: int) -> list[Genome]:
    """Return genomes whose only gene counts them, under three strategies' names."""
    return [Genome(f"strategy_{k % 3}", (("number", float(k)),)) for k in range(count)]


def tiny_problem(objective: str = "sharpe") -> Problem:
    """Return a problem of six candles."""
    prices = np.arange(100.0, 106.0)
    stamps = np.arange(6) * 3_600_000_000_000
    candles = Candles("SYNTHETIC-TINY", "1h", stamps, prices, prices, prices, prices, synthetic=True)
    return Problem(candles, (0, 3), ((3, 6),), CostModel(), objective)


def scored(genome: Genome, score: float) -> Evaluation:
    """Return an evaluation with this score and empty measures."""
    return Evaluation(genome, Scored((score,), (score,), NOTHING, NOTHING, (), ()))


def arithmetic(_problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Score by the genome's number and the candles."""
    closes = bank(_closes)
    return [scored(genome, genome.values["number"] / float(closes[-1])) for genome in genomes]


def read_only(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Score 1 when the worker's candles cannot be written to, as in the parent."""
    frozen = not (problem.candles.close.flags.writeable or bank.candles.close.flags.writeable)
    return [scored(genome, float(frozen)) for genome in genomes]


def thread_caps(_problem: Problem, genomes: Sequence[Genome], _bank: IndicatorBank) -> list[Evaluation]:
    """Score by the number of threads that OpenBLAS may use in this process."""
    return [scored(genome, float(os.environ.get("OPENBLAS_NUM_THREADS", "0"))) for genome in genomes]


def deadly(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Kill the worker whenever a poisonous genome is in the batch."""
    if any(genome.values["number"] == POISON for genome in genomes):
        os.kill(os.getpid(), signal.SIGKILL)
    return arithmetic(problem, genomes, bank)


def deadly_once(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Kill the worker that first sees the poisonous genome, as a passing lack of memory would."""
    marker = Path(os.environ["DEADLY_ONCE"])
    if any(genome.values["number"] == POISON for genome in genomes) and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return arithmetic(problem, genomes, bank)


def told_process(_problem: Problem, genomes: Sequence[Genome], _bank: IndicatorBank) -> list[Evaluation]:
    """Score by the process that evaluates."""
    return [scored(genome, float(os.getpid())) for genome in genomes]


def telling(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Print the process id; a genome whose number is above 100 then sleeps for as many seconds."""
    os.write(1, f"{os.getpid()}\n".encode())
    for genome in genomes:
        time.sleep(genome.values["number"] if genome.values["number"] > 100 else 0.05)
    return arithmetic(problem, genomes, bank)


def sleepy(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Take as many milliseconds as the genome's number has in its thousands, without a core."""
    time.sleep(sum(genome.values["number"] // 1_000 for genome in genomes) / 1_000)
    return arithmetic(problem, genomes, bank)


def spinning(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Keep a core busy for as many milliseconds as the genome's number has in its thousands."""
    until = time.process_time() + sum(genome.values["number"] // 1_000 for genome in genomes) / 1_000
    while time.process_time() < until:
        pass
    return arithmetic(problem, genomes, bank)


def mixed(_problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Take 7 ms for a learning genome and 0.2 ms for another, without a core."""
    seeds = seed_strategies()
    time.sleep(sum(0.007 if seeds[genome.strategy].learning else 0.0002 for genome in genomes))
    closes = bank(_closes)
    return [scored(genome, float(closes[-1])) for genome in genomes]


def hanging(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Never end whenever a poisonous genome is in the batch."""
    while any(genome.values["number"] == POISON for genome in genomes):
        time.sleep(60)
    return arithmetic(problem, genomes, bank)


def raising(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Raise whenever a poisonous genome is in the batch."""
    if any(genome.values["number"] == POISON for genome in genomes):
        raise ValueError
    return arithmetic(problem, genomes, bank)


def greedy(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Take four gigabytes, and write to them, whenever a poisonous genome is in the batch."""
    if any(genome.values["number"] == POISON for genome in genomes):
        pieces = [np.ones(2**26, dtype=np.uint8) for _ in range(64)]
        assert len(pieces) == 64
    return arithmetic(problem, genomes, bank)


def most_threads(_problem: Problem, genomes: Sequence[Genome], _bank: IndicatorBank) -> list[Evaluation]:
    """Score by the largest number of threads that a numeric library of this process may use."""
    pools = [pool["num_threads"] for pool in threadpool_info()]
    most = max([numba.get_num_threads(), *pools])
    return [scored(genome, float(most) if pools else 0.0) for genome in genomes]


def _closes(bank: IndicatorBank) -> FloatArray:
    return bank.candles.close.copy()
