"""The genomes and candles of the certificates' table, and the file that it is collected in."""

import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from typing_extensions import override

from genepool.adapters.files.catalogue import find_data
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.ports.export_targets import ExportedChampion
from genepool.strategies import seed_strategies
from genepool.usecases.certify_champion import Certificate
from genepool.usecases.exported_champion import rules_in_words
from genepool.usecases.parity_samples import with_made_up_funding

VARIANTS: dict[str, dict[str, float]] = {
    "plain": {},
    "stop and target": {"atr_stop": 2.0, "atr_target": 4.0},
    "volatility and trend": {"volatility_target": 0.3, "trend_filter": 100.0},
    "long only": {"direction": 1.0},
}


class Case(NamedTuple):
    """One genome of the table."""

    strategy: str
    variant: str

    @override
    def __str__(self) -> str:
        return f"{self.strategy}-{self.variant.replace(' ', '_')}"


ALL_CASES = [Case(strategy, variant) for strategy in seed_strategies() for variant in VARIANTS]
# What ``pytest.mark.parametrize`` takes.
CASES = ("case", ALL_CASES)


def exported(case: Case) -> ExportedChampion:
    """Return a genome as targets take it: default genes, and the variant's risk genes."""
    strategy = seed_strategies()[case.strategy]
    genome = strategy.genome(VARIANTS[case.variant])
    return ExportedChampion(
        run="certify",
        rank=1,
        strategy=strategy.name,
        strategy_version=strategy.version,
        genes=genome.values,
        fingerprint=genome.fingerprint,
        lookback=strategy.total_lookback(genome.values),
        rules=rules_in_words(strategy, genome.values),
        symbol="BTCUSD",
        timeframe="1h",
        costs=CostModel(taker_fee=0.001, maker_fee=0.001),
        candles_per_year=8760.0,
        trials=1,
        verdict="a genome of textbook values, which nobody judged",
        version=version("genepool"),
    )


@cache
def _shipped() -> Candles:
    return find_data("btcusd_1h", Path("nowhere")).candles


def market(case: Case, count: int) -> Candles:
    """Return the newest shipped candles, with funding that was made up for the seed that needs some."""
    candles = _shipped().slice(len(_shipped()) - count, len(_shipped()))
    return with_made_up_funding(candles) if case.strategy == "funding_rate_carry" else candles


def assert_equal(certificate: Certificate) -> None:
    """Assert that there are trades, and that all are the same."""
    shown = [one for sample in certificate.samples.values() for one in sample.parity.differences][:5]
    assert certificate.different == 0, shown
    assert certificate.trades > 0, "nothing was traded, so nothing is proved"


def note(target: str, case: Case, found: Certificate | None, refused: str = "") -> None:
    """Add a row to the table of GENEPOOL_CERTIFY_TABLE, where that names a file."""
    if not (file := os.environ.get("GENEPOOL_CERTIFY_TABLE")):
        return
    if found is None:
        told = f"refused: {refused} | |"
    else:
        told = (
            " | ".join(
                f"{one.parity.equal} of {one.parity.trades}" for _, one in sorted(found.samples.items())
            )
            + " |"
        )
    with Path(file).open("a", encoding="utf-8") as table:
        table.write(f"| {target} | `{case.strategy}` | {case.variant} | {told}\n")
