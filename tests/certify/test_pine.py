"""Every seed that Pine can express, traded by TradingView's rules in PyneCore."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from genepool.adapters.export.targets.pine import TARGET
from genepool.adapters.export.whole_folder import write_texts
from genepool.backtest.detailed import Backtest, backtest
from genepool.market.moments import nanoseconds, timestamp
from genepool.strategies import seed_strategies
from genepool.usecases.parity_samples import SHAKEN, parity_samples
from tests.certify.conftest import Certified, interpreter
from tests.fakes.certified import ALL_CASES, CASES, Case, exported, market

# Averages over fills whose weights are sizes.
AVERAGES = {"entry_price", "exit_price", "gross"}
SCALED = frozenset(
    [
        "atr_stop_loss",
        "donchian_breakout",
        "ema_crossover",
        "ichimoku_cloud",
        "sma_trend_filter",
        "stochastic_oscillator",
    ]
)
RESIZED = [
    case
    for case in ALL_CASES
    if case.strategy == "volatility_scaling"
    or (case.strategy in SCALED and case.variant == "volatility and trend")
]
# A stop is rounded to a tick from an entry that was rounded to one; ticks are a millionth here.
TOLERANCE = 1e-9


def _shaken(case: Case) -> Backtest:
    champion = exported(case)
    candles = parity_samples(market(case, 3_000), champion.lookback)[SHAKEN]
    genome = seed_strategies()[case.strategy].genome(champion.genes)
    return backtest(candles, genome, champion.costs)


@pytest.mark.parametrize(*CASES, ids=str)
def test_pine_trades_as_we_do_but_for_averages_of_trades_that_change_size(
    case: Case, certified: Certified
) -> None:
    certificate = certified("pine", case)

    trades = _shaken(case).trades
    resized = {
        timestamp(stamp)
        for stamp, fills in zip(trades.entry_stamps.tolist(), trades.fills.tolist(), strict=True)
        if fills > 2
    }
    unexplained = [
        (name, one)
        for name, sample in certificate.samples.items()
        for one in sample.parity.differences
        if name != SHAKEN or one.entry_time not in resized or one.what not in AVERAGES
    ]
    assert unexplained == []
    assert certificate.trades > 0


@pytest.mark.parametrize("case", RESIZED, ids=str)
def test_every_fill_of_a_trade_that_changes_size_has_our_time_and_price(case: Case, tmp_path: Path) -> None:
    python = interpreter("pine")
    champion = exported(case)
    candles = parity_samples(market(case, 3_000), champion.lookback)[SHAKEN]
    write_texts(tmp_path, {**TARGET.files(champion), **TARGET.proof(champion, candles)})

    subprocess.run([python, "prove.py"], cwd=tmp_path, check=True, capture_output=True)

    proof = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    theirs = [
        sorted((nanoseconds(time), price) for time, price in trade["fills"])
        for trade in proof["trades"]
        if trade["closed"]
    ]
    ours = list(_fills(_shaken(case)))
    assert max(map(len, ours)) > 2
    assert len(theirs) == len(ours)
    for here, there in zip(ours, theirs, strict=True):
        assert [time for time, _ in there] == [time for time, _ in here]
        assert [price for _, price in there] == pytest.approx([price for _, price in here], rel=TOLERANCE)


def _fills(result: Backtest) -> Iterator[list[tuple[int, float]]]:
    fills = result.fills
    for trade, reason in enumerate(result.trades.reasons, start=1):
        if reason != "end":
            of_it = fills.trades == trade
            yield sorted(zip(fills.stamps[of_it].tolist(), fills.prices[of_it].tolist(), strict=True))
