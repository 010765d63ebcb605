"""How often null evolution believes noise, how often it sees a planted edge, and what a null costs.

A market is 8,000 generated candles; a search is 7 seeds, a population of 70, 8 generations; each market has
19 nulls by each generator. One JSON line a market and generator, then how many have p <= 0.05:

    python -m benchmarks.bench_nulls noise --markets 10
    python -m benchmarks.bench_nulls planted --edge 0.1 --markets 10
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.evolution.settings import EvolutionSettings
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.pool.null_search import null_search, whole_search
from genepool.pool.planning import Plan, RunRequest, plan
from genepool.ports import Evaluator
from genepool.robustness.null_markets import null_markets
from genepool.robustness.null_test import as_good, is_rare, p_value

CANDLES, NULLS = 8_000, 19
SETTINGS = EvolutionSettings(70, 8)
SEEDS = (
    "bollinger_bands", "donchian_breakout", "ema_crossover", "nadaraya_watson", "rsi_filter",
    "sma_trend_filter", "volatility_scaling",
)  # fmt: skip


def planned(kind: str, edge: float, seed: int) -> Plan:
    """Plan the search of a generated market."""
    market = synthetic_market(kind, seed, CANDLES, edge)
    rules = SplitRule(), CostModel(), SETTINGS, "sharpe", SEEDS
    return plan(market, RunRequest("bench", seed, "generated", "all", None, *rules))


def measured(one: Plan, evaluator: Evaluator) -> Iterator[tuple[str, dict[str, float], float, float]]:
    """Yield generator, p-value of each statistic, and CPU seconds of the search and of one null."""
    began = time.process_time()
    found = whole_search(one.problem, one.strategies, SETTINGS, one.spec.seed, evaluator, lambda: False)
    own, searched = found.figures(one.problem.candles_per_year), time.process_time() - began
    for name, market in null_markets().items():
        began = time.process_time()
        draw = market.prepare(one.problem.candles)
        nulls = [
            null_search(one, SETTINGS, "", draw, name, number, evaluator, lambda: False)
            for number in range(1, NULLS + 1)
        ]
        shares = {
            statistic: p_value(as_good(figure, [null.figures[statistic] for null in nulls]), NULLS)
            for statistic, figure in own.items()
        }
        yield name, shares, searched, (time.process_time() - began) / NULLS


def main() -> None:
    """Measure, and print a line each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("kind", choices=["noise", "planted", "regimes"])
    asked.add_argument("--edge", type=float, default=0.0)
    asked.add_argument("--markets", type=int, default=10)
    asked.add_argument("--seed-base", type=int, default=1_000)
    flags = asked.parse_args()
    rare: Counter[tuple[str, str]] = Counter()
    with closing(LocalEvaluator(1)) as evaluator:
        for seed in range(flags.seed_base, flags.seed_base + flags.markets):
            for name, shares, search, null in measured(planned(flags.kind, flags.edge, seed), evaluator):
                rare.update((name, statistic) for statistic, share in shares.items() if is_rare(share))
                line = {"seed": seed, "generator": name, "p": shares, "search_s": search, "null_s": null}
                print(json.dumps(line), flush=True)
    for (name, statistic), count in sorted(rare.items()):
        print(f"{name:<22}{statistic:<24}{count} of {flags.markets}")


if __name__ == "__main__":
    main()
