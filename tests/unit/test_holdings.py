"""A run remembers the champions that it is kept apart from; one without is written as ever."""

from dataclasses import replace

from genepool.history import HeldGenome, Holdings, RunSpec
from genepool.market.costs import CostModel
from genepool.market.grown import Extent
from tests.fakes.histories import a_spec

GOLD = HeldGenome(
    "gold", 3, "ema_crossover", (("fast", 12.0), ("slow", 48.0)), "gold.csv", ("--repair",),
    Extent("GOLD", "1h", "a" * 64, 4_000, 7), 3_200, CostModel(),
)  # fmt: skip


def test_champions_are_read_back_as_they_were_written() -> None:
    spec = replace(a_spec(), holdings=Holdings(0.3, (GOLD, replace(GOLD, rank=1))))
    assert RunSpec.from_json(spec.to_json()) == spec
    assert [one.name for one in spec.holdings.genomes] == ["gold:3", "gold"] if spec.holdings else False


def test_a_run_without_any_is_written_as_runs_always_were() -> None:
    assert "holdings" not in a_spec().to_json()
    assert RunSpec.from_json(a_spec().to_json()) == a_spec()
