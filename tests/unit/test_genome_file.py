"""A genome file is read whole, or refused in one sentence that names the field."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genepool.adapters.export.genome_file import read_genome
from genepool.errors import ConfigError
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.usecases.genome_document import genome_document
from tests.fakes.bred_runs import bred_run

CASES = Path(__file__).parents[1] / "data/cases"
RIGHT = json.loads((CASES / "eur_champion.json").read_text())


def refusal(folder: Path, text: str) -> str:
    (folder / "genome.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_genome(folder / "genome.json")
    return str(caught.value)


def test_what_an_export_says_reads_back(tmp_path: Path) -> None:
    run = bred_run()
    spec, champion = run.plan.spec, run.judged.board[0]
    (tmp_path / "genome.json").write_text(json.dumps(genome_document(1, champion, run.summary).as_json()))
    read = read_genome(tmp_path / "genome.json")
    assert (read.strategy, dict(read.genes)) == (champion.genome.strategy, champion.genome.values)
    assert read.fingerprint == champion.genome.fingerprint
    assert (read.costs, read.split, read.missing_costs) == (spec.costs, spec.split, ())
    assert read.data is not None
    assert (read.data.source, read.data.digest, read.data.candles) == (spec.data, spec.data_digest, 2_600)
    assert read.candles_per_year == run.plan.problem.candles.candles_per_year
    assert read.problem_digest == run.plan.problem.digest


def test_an_older_file_lacks_some_of_it() -> None:
    read = read_genome(CASES / "eur_champion.json")
    assert read.costs == CostModel(taker_fee=0, maker_fee=0, spread=1e-4)
    assert read.split == SplitRule()
    assert (read.candles_per_year, read.problem_digest) == (None, None)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"schema": "genepool/genome/9"}, "update genepool, or export the genome with this version"),
        ({"schema": "genepool/run/1"}, "give a genome that genepool exported"),
        ({"schema": None}, "give a genome that genepool exported"),
        ({"strategy": 7}, "strategy is '7', which is no text"),
        ({"genes": [1]}, "genes is '[1]', which is no object"),
        ({"genes": {"period": None}}, "gene period is None, which is no number"),
        ({"genes": {"period": True}}, "gene period is True, which is no number"),
        (
            {"costs": {**RIGHT["costs"], "taker_fee": "5 bps"}},
            "costs.taker_fee is '5 bps', which is no number",
        ),
        ({"costs": {**RIGHT["costs"], "taker_fee": 5}}, "taker_fee is 5: give a fraction"),
        ({"costs": {**RIGHT["costs"], "spread": float("nan")}}, "costs.spread is 'nan', which is no number"),
        ({"costs": {**RIGHT["costs"], "stamp_duty": 0.005}}, "knows no cost 'stamp_duty'"),
        ({"split": {**RIGHT["split"], "folds": 2.5}}, "split.folds is '2.5', which is no whole number"),
        ({"split": {**RIGHT["split"], "folds": None}}, "split.folds is missing"),
        ({"split": {**RIGHT["split"], "holdout": 2}}, "holdout is 2: give a share"),
        ({"data": {"source": "eurusd_1h"}}, "data lacks its source, digest, symbol, timeframe or candles"),
        ({"candles_per_year": 0}, "candles_per_year is '0', which is no positive number"),
        ({"strategy_version": 1.5}, "strategy_version is '1.5', which is no whole number"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, members: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal(tmp_path, json.dumps({**RIGHT, **members}))


def test_a_member_that_stands_twice_has_two_readings(tmp_path: Path) -> None:
    text = '{"schema": "genepool/genome/1", "strategy": "a", "genes": {"fast": 3, "fast": 4}}'
    assert "names 'fast' twice" in refusal(tmp_path, text)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '"genepool/genome/1"', "[" * 100_000])
def test_no_genome_file_is_refused(tmp_path: Path, text: str) -> None:
    assert "give a genome that genepool exported" in refusal(tmp_path, text)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.sampled_from(sorted(RIGHT)), _VALUES)
def test_whatever_a_member_holds_is_read_or_refused(tmp_path: Path, name: str, value: object) -> None:
    (tmp_path / "genome.json").write_text(json.dumps({**RIGHT, name: value}), encoding="utf-8")
    try:
        assert read_genome(tmp_path / "genome.json").strategy
    except ConfigError as error:
        assert "genome.json" in str(error)  # noqa: PT017 - most values are refused, some are not
