"""Real worker processes keep to the share of the machine that they are given, and follow another one."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.local.machine import read_machine, usable_cores
from genepool.backtest.evaluation import Evaluation
from genepool.errors import Interrupted
from genepool.genome import Genome
from genepool.ports import Event, NodesMeasured
from tests.fakes import scorers

SECONDS = 5.0


def idle_seconds() -> float:
    """Return how long the machine's cores had nothing to do, all told; none where it does not tell."""
    try:
        return int(Path("/proc/stat").read_text().split()[4]) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def processor_seconds() -> float:
    """Return the CPU time of this process and of those children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@pytest.mark.slow
@pytest.mark.timed
def test_processes_use_the_share_that_they_are_given() -> None:
    problem, cores = scorers.tiny_problem("spinning"), usable_cores(read_machine())
    told = list[Event]()
    evaluator = LocalEvaluator(max(2, int(cores)), None, scorers.named, share=0.5, watcher=told.append)
    genomes = [Genome("strategy_1", (("number", 20_000.0 + k),)) for k in range(int(1_000 * cores))]
    before, idle, began = processor_seconds(), idle_seconds(), time.monotonic()

    def until_it_is_time(_: Sequence[Evaluation]) -> None:
        if time.monotonic() >= began + SECONDS:
            raise Interrupted("measured")

    with pytest.raises(Interrupted):
        evaluator.evaluate(problem, genomes, until_it_is_time)
    evaluator.close()
    wall = cores * (time.monotonic() - began)
    used = (processor_seconds() - before) / wall
    # Over five seconds the batches under way at the end are worth more than over a minute.
    assert used < 0.6
    # Where others keep all cores busy there is less than the share to be had.
    assert used > 0.4 or idle_seconds() - idle < 0.1 * wall
    measured = [event.nodes[0] for event in told if isinstance(event, NodesMeasured)]
    assert all(node.share == 0.5 and node.used < 0.65 for node in measured)
