"""What the benchmark of other engines asks of them, and what it tells of those that are not there."""

import numpy as np
import pytest

from benchmarks import bench_peers
from benchmarks.bench_peers import OURS, WORKS, Measured, table
from benchmarks.peers import genepool_engine
from benchmarks.peers.signals import Indicators, signals
from benchmarks.peers.work import genomes, market
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.bollinger import bollinger_distance
from genepool.indicators.channels import highest, lowest
from genepool.indicators.momentum import rsi
from genepool.indicators.moving_averages import ema

PEER = "vectorbt, numba engine"


def test_signals_of_each_genome_open_as_many_positions_as_the_scorer_where_no_stop_is_hit() -> None:
    candles, asked = market(3_000), genomes("B", 8)
    bank = IndicatorBank(candles)
    of = Indicators(
        ema=lambda n: bank(ema, n),
        rsi=lambda n: bank(rsi, n),
        mean=lambda n: candles.close - bank(bollinger_distance, n),
        deviation=lambda _: np.ones(len(candles)),
        highest=lambda n: bank(highest, n),
        lowest=lambda n: bank(lowest, n),
    )
    trades = genepool_engine.evaluate(candles, asked).trades
    boundary = round(len(candles) * 0.99)
    for genome, opened in zip(asked, trades, strict=True):
        entries, exits = signals(candles, genome, of)
        assert not (entries & exits).any()
        assert entries[: boundary - 1].sum() == opened, genome


def test_a_ratio_is_that_of_a_round_and_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_peers, "missing", lambda: ["raptorbt, one thread"])
    slow, fast = [Measured(seconds, 300.0, []) for seconds in (2.0, 6.0, 3.0)], [Measured(0.1, 30.0, [])] * 3
    lines = list(table({(WORKS[0], OURS): fast, (WORKS[0], PEER): slow}, {("A", PEER): 1.0}))
    assert lines[3] == f"| A, 1,000 genomes | 10,000 | {PEER} | 30 | 20 to 60 | 300 | 100% |"
    assert lines[4] == "| all | | raptorbt, one thread | not installed | | | |"
