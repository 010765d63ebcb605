"""What a worker does with a batch."""

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.crews.scoring import unstarved
from genepool.strategies import seed_strategies


def test_a_genome_that_failed_for_want_of_memory_is_no_result() -> None:
    genome = seed_strategies()["rsi_filter"].genome({})
    failed = [
        Evaluation(genome, None, "a rule"),
        Evaluation(genome, None, "rsi_filter broke off with KeyError"),
    ]
    assert unstarved(failed) == failed
    with pytest.raises(MemoryError):
        unstarved([*failed, Evaluation(genome, None, "rsi_filter broke off with _ArrayMemoryError")])
