"""Evolution on a market without any edge is not believed; one with a strong edge is."""

from functools import partial

import pytest

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.pool.cached import CachedEvaluator
from genepool.pool.judging import Judged, judge
from genepool.pool.loop import Pool, evolve
from genepool.pool.planning import RunRequest, plan
from genepool.robustness.verdicts import Standing, standing
from tests.fakes.memory import EventLog, ManualClock, MemoryCache, MemoryStore
from tests.fakes.rankings import ranking_of
from tests.fakes.recorded import newborn

# Without the learning seeds, which cost most and find no more here.
SEEDS = (
    "bollinger_bands",
    "donchian_breakout",
    "ema_crossover",
    "nadaraya_watson",
    "rsi_filter",
    "sma_trend_filter",
    "volatility_scaling",
)


def judged(kind: str, seed: int, edge: float = 0.0) -> Judged:
    """Return what a whole search on a synthetic market amounts to."""
    request = RunRequest(
        run="search",
        seed=seed,
        data=kind,
        preset="all",
        candles=None,
        split=SplitRule(),
        costs=CostModel(),
        settings=EvolutionSettings(population_size=70, generations=8),
        objective="sharpe",
        strategies=SEEDS,
    )
    planned = plan(synthetic_market(kind, seed, 8_000, edge), request)
    store = MemoryStore()
    store.create(planned.spec)
    evaluator = CachedEvaluator(
        partial(LocalEvaluator(workers=1).evaluate, planned.problem), MemoryCache(), lambda _: None
    )
    engine = Engine(planned.strategies, planned.spec.settings, planned.spec.seed)
    evolve(planned.spec, Pool(engine, evaluator, store, EventLog(), ManualClock()))
    born = [individual for _, individual in newborn(store, "search")]
    return judge(planned.problem, ranking_of(born), store.trials(planned.spec.market_digest))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_search_on_noise_is_never_believed(seed: int) -> None:
    result = judged("noise", seed)
    assert result.evidence is not None
    assert result.board[0].fitness is not None
    assert result.board[0].fitness > 1  # the search did find what looks like an edge
    assert standing(result.evidence) in {Standing.LOST, Standing.LUCK, Standing.FEW_TRADES}


@pytest.mark.slow
def test_a_strong_planted_edge_is_believed() -> None:
    result = judged("planted", seed=1, edge=0.25)
    assert result.evidence is not None
    assert standing(result.evidence) is Standing.STANDS
