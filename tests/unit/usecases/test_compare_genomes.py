"""Runs and genomes beside each other, without HTTP."""

import pytest

from genepool.errors import ConfigError, GenomeNotFound
from genepool.usecases.compare_genomes import MOST, RunComparison, compare, named_genome
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import BredRun, bred_run, failed_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory


def open_run(name: str) -> PastRun:
    runs: dict[str, BredRun] = {
        "small": bred_run("small"),
        "large": bred_run("large", size=30),
        "hopeless": failed_run(),
    }
    history = WholeHistory()
    record_in(history, runs[name])
    return PastRun(runs[name].summary, history, NamedCandles({}))


def compared(*words: str) -> RunComparison:
    return compare([named_genome(word) for word in words], open_run)


def test_settings_are_parted_by_whether_they_differ() -> None:
    found = compared("small", "large")
    assert {one.name: one.values for one in found.differing} == {"settings: population_size": [24, 30]}
    equal = {one.name: one.values for one in found.equal}
    assert equal["split: folds"] == [4, 4]
    assert not {name for name in equal if "digest" in name or name == "run"}


def test_genomes_of_one_run_differ_in_no_setting() -> None:
    found = compared("small", "small/2", f"small/{open_run('small').at(3).genome.fingerprint}")
    assert found.differing == []
    assert [one.genome.rank for one in found.runs if one.genome] == [1, 2, 3]


def test_each_run_brings_its_curve() -> None:
    (small, _) = compared("small", "large").runs
    best = [max(one.fitness or 0 for one in each.individuals) for each in bred_run("small").populations]
    assert small.curve == best


def test_a_run_without_a_scored_genome_is_shown_without_one() -> None:
    assert [one.genome for one in compared("hopeless", "hopeless").runs] == [None, None]
    with pytest.raises(GenomeNotFound):
        compared("small", "hopeless/2")


@pytest.mark.parametrize("word", ["small/best", "small/-1", "small/1/2", "small/²"])
def test_a_word_that_names_no_genome_is_refused(word: str) -> None:
    with pytest.raises(ConfigError, match="names no genome"):
        named_genome(word)


def test_more_than_can_be_seen_are_refused() -> None:
    with pytest.raises(ConfigError, match="choose up to 8"):
        compared(*["small"] * (MOST + 1))
