"""Every seed trades what it traded, and a small run ends as it ended, when they were blessed.

A rule of the simulator, the measures or the engine that is changed on purpose gets a higher
``ENGINE_VERSION`` and new baselines: ``make golden``.
"""

import hashlib
import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.backtest.detailed import backtest
from genepool.backtest.problem import ENGINE_VERSION
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Pool, evolve
from genepool.pool.planning import RunRequest, plan
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.memory import EventLog, ManualClock, MemoryCache, MemoryStore
from tests.fakes.recorded import newborn

BASELINES = Path(__file__).parent / "backtests"
RUN = Path(__file__).parent / "run.json"
COSTS = CostModel(slippage=0.0001, slippage_atr_share=0.02, spread=0.0002, max_leverage=3.0)
# Each seed is pinned as it comes, and with every risk gene at work.
RISK = {"atr_stop": 2.0, "atr_target": 5.0, "trend_filter": 300.0, "volatility_target": 0.6}


def traded(strategy: Strategy, genes: dict[str, float], market: Candles) -> dict[str, Any]:
    """Return what is pinned: measures to the last bit, and a digest of the ordered trades."""
    result = backtest(market, strategy.genome(genes), COSTS)
    trades = result.trades
    rows = zip(
        trades.entry_stamps.tolist(), trades.exit_stamps.tolist(), trades.sides.tolist(),
        trades.results.tolist(), trades.reasons, strict=True,
    )  # fmt: skip
    digest = hashlib.sha256(json.dumps([[*map(str, row)] for row in rows]).encode()).hexdigest()
    return {"genes": genes, "measures": asdict(result.measures), "trades_sha256": digest}


def blessed(strategy: Strategy, market: Candles) -> dict[str, Any]:
    return {
        "strategy": strategy.name,
        "version": strategy.version,
        "engine_version": ENGINE_VERSION,
        "backtests": [traded(strategy, genes, market) for genes in ({}, RISK)],
    }


def as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


@pytest.mark.parametrize("strategy", seed_strategies().values(), ids=lambda strategy: strategy.name)
def test_a_seed_trades_what_it_traded(
    strategy: Strategy, golden_market: Candles, *, update_golden: bool
) -> None:
    path, now = BASELINES / f"{strategy.name}.json", as_json(blessed(strategy, golden_market))
    if update_golden:
        path.write_text(now)
    assert path.exists(), f"{strategy.name} has no baseline: bless one with `make golden`"
    assert now == path.read_text()
    assert all(pinned["measures"]["trades"] >= 1 for pinned in json.loads(now)["backtests"])


def test_no_baseline_has_outlived_its_seed() -> None:
    assert {path.stem for path in BASELINES.iterdir()} == set(seed_strategies())


def run_of_all_seeds(market: Candles) -> dict[str, Any]:
    request = RunRequest(
        run="golden", seed=5, data="golden", preset="all", candles=None, split=SplitRule(), costs=COSTS,
        settings=EvolutionSettings(population_size=42, generations=4), objective="sharpe",
    )  # fmt: skip
    planned = plan(market, request)
    store = MemoryStore()
    store.create(planned.spec)
    evaluator = CachedEvaluator(
        partial(LocalEvaluator(workers=1).evaluate, planned.problem), MemoryCache(), lambda _: None
    )
    engine = Engine(planned.strategies, planned.spec.settings, planned.spec.seed)
    outcome = evolve(planned.spec, Pool(engine, evaluator, store, EventLog(), ManualClock()))
    return {
        "engine_version": ENGINE_VERSION,
        "strategies": list(planned.strategies),
        "evaluations": len(newborn(store, "golden")),
        "run_digest": outcome.digest,
    }


def test_a_run_of_all_seeds_ends_as_it_ended(golden_market: Candles, *, update_golden: bool) -> None:
    now = as_json(run_of_all_seeds(golden_market))
    if update_golden:
        RUN.write_text(now)
    assert now == RUN.read_text()
    assert json.loads(now)["strategies"] == list(seed_strategies())
