"""Plug-in discovery, derived generators, the indicator bank and the digest of a run."""

import dataclasses
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest

from genepool import objectives
from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.history import GenerationRecord, RunSpec, leaderboard, run_digest
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.plugins import discover
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy


def test_discovery_finds_modules_in_order_and_passes_machinery_over() -> None:
    found = discover(import_module("genepool.strategies"), "STRATEGY", Strategy)
    assert list(found) == sorted(found)
    assert all(name == plugin.name for name, plugin in found.items())
    assert not any(name.startswith("_") for name in found)


def test_a_module_that_forgot_its_export_is_an_error() -> None:
    with pytest.raises(TypeError, match="must export NOTHING"):
        discover(objectives, "NOTHING", Strategy)


@pytest.mark.parametrize("other", [(8, 1, 0), (7, 2, 0), (7, 1, 1)])
def test_every_part_of_the_key_changes_the_stream(other: tuple[int, int, int]) -> None:
    seed, generation, slot = other
    ours = generator(7, Purpose.MUTATION, 1, 0).random(4)
    assert not np.array_equal(ours, generator(seed, Purpose.MUTATION, generation, slot).random(4))


def test_purposes_do_not_share_a_stream() -> None:
    streams = {generator(7, purpose).random() for purpose in Purpose}
    assert len(streams) == len(Purpose)


def test_the_stream_of_a_key_is_pinned() -> None:
    assert generator(7, Purpose.MUTATION, 3, 5).integers(1_000, size=4).tolist() == [711, 418, 323, 541]


@pytest.fixture
def bank() -> IndicatorBank:
    ones = np.ones(100)
    return IndicatorBank(
        Candles("T", "1h", np.arange(100) * 3_600 * 10**9, ones, ones, ones, ones), budget=2_400
    )


def scaled(bank: IndicatorBank, factor: float) -> FloatArray:
    return bank.candles.close * factor


def test_a_row_is_computed_once_and_cannot_be_written_to(bank: IndicatorBank) -> None:
    row = bank(scaled, 2.0)
    assert bank(scaled, 2.0) is row
    assert not row.flags.writeable


def test_the_bank_drops_the_row_unused_for_longest(bank: IndicatorBank) -> None:
    first, second = bank(scaled, 1.0), bank(scaled, 2.0)
    bank(scaled, 3.0)
    assert bank(scaled, 1.0) is first
    bank(scaled, 4.0)
    assert bank(scaled, 1.0) is first
    assert bank(scaled, 2.0) is not second


def test_a_run_specification_survives_json() -> None:
    spec = RunSpec(
        run="r",
        seed=1,
        data="d",
        data_digest="x",
        market_digest="m",
        preset="all",
        problem_digest="p",
        symbol="S",
        timeframe="1h",
        candles=10,
        split=SplitRule(),
        costs=CostModel(),
        settings=EvolutionSettings(),
        objective="sharpe",
        strategies=("a", "b"),
        left_out=(("c", "no funding"),),
    )
    assert RunSpec.from_json(spec.to_json()) == spec


def failed(name: str) -> Individual:
    genome = Genome(name, ())
    return Individual(Candidate(genome, "initial"), Evaluation(genome, None, "broken"), born=0)


def digest_of(population: Population) -> str:
    return run_digest([GenerationRecord(population, (), 0.0)])


def test_a_failed_genome_is_in_the_digest_but_not_on_the_leaderboard() -> None:
    population = Population(0, (failed("a"), failed("b")))
    assert leaderboard(population.individuals) == []
    assert digest_of(population) != digest_of(Population(0, (failed("a"),)))


def test_the_digest_sees_the_order_of_individuals() -> None:
    there = Population(0, (failed("a"), failed("b")))
    back = dataclasses.replace(there, individuals=there.individuals[::-1])
    assert digest_of(there) != digest_of(back)


def test_importing_the_package_imports_no_numpy() -> None:
    code = "import sys, genepool, genepool.cli; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
