"""Every seed decides what it decided when its baseline was blessed, to the last bit.

A rule that is changed on purpose gets a higher ``version`` and a new baseline:
``python -m pytest tests/golden --update-golden``.
"""

import hashlib
import json
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies

BASELINES = Path(__file__).parent / "strategies"
MARKET_DIGEST = "ef83a27aa2ce5bb2c261abf49e9b453c430b0a4950372907c0ef198b9aa971d4"
GENOMES = 3
FEWEST_CHANGES = 5

SEEDS = pytest.mark.parametrize("strategy", seed_strategies().values(), ids=lambda strategy: strategy.name)


def decisions(strategy: Strategy, genome: Genome, bank: IndicatorBank) -> dict[str, Any]:
    """Return what is pinned: its own genes, how often the exposure changes, and its digest."""
    exposure = strategy.exposure(bank, genome.values)
    return {
        "genes": {gene.name: genome.values[gene.name] for gene in strategy.genes},
        "changes": int(np.count_nonzero(np.diff(exposure))),
        "exposure_sha256": hashlib.sha256(exposure.astype("<f8").tobytes()).hexdigest(),
    }


def blessed(strategy: Strategy, bank: IndicatorBank) -> dict[str, Any]:
    """Return a new baseline: the default genome and drawn ones that trade."""
    drawn = (strategy.random_genome(generator(0, Purpose.BENCHMARK, slot=slot)) for slot in count())
    found = (decisions(strategy, genome, bank) for genome in drawn)
    trading = (decision for decision in found if decision["changes"] >= FEWEST_CHANGES)
    first = decisions(strategy, strategy.genome(), bank)
    return {
        "strategy": strategy.name,
        "version": strategy.version,
        "genomes": [first, *islice(trading, GENOMES - 1)],
    }


@pytest.fixture(scope="module")
def golden_bank(golden_market: Candles) -> IndicatorBank:
    return IndicatorBank(golden_market)


def test_the_market_itself_is_the_blessed_one(golden_market: Candles) -> None:
    assert golden_market.digest == MARKET_DIGEST


@SEEDS
def test_a_seed_decides_what_it_decided(
    strategy: Strategy, golden_bank: IndicatorBank, *, update_golden: bool
) -> None:
    path = BASELINES / f"{strategy.name}.json"
    if update_golden:
        BASELINES.mkdir(exist_ok=True)
        path.write_text(json.dumps(blessed(strategy, golden_bank), indent=2) + "\n")
    assert path.exists(), f"{strategy.name} has no baseline: bless one with --update-golden"
    baseline = json.loads(path.read_text())
    assert baseline["version"] == strategy.version
    assert len(baseline["genomes"]) == GENOMES
    for pinned in baseline["genomes"]:
        assert decisions(strategy, strategy.genome(pinned["genes"]), golden_bank) == pinned
        assert pinned["changes"] >= FEWEST_CHANGES


def test_no_baseline_has_outlived_its_seed() -> None:
    assert {path.stem for path in BASELINES.iterdir()} == set(seed_strategies())
