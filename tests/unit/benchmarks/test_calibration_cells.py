"""Cells of the calibration: which there are, their seeds, and one of them measured from end to end."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.calibration.__main__ import main
from benchmarks.calibration.cells import Cell, Experiment, cells
from benchmarks.calibration.measuring import Source, measured
from benchmarks.calibration.scales import SCALES, Counts, Search, Setup
from benchmarks.calibration.working import measured_by
from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.evolution.settings import EvolutionSettings
from genepool.market.default_costs import CRYPTO
from genepool.market.synthetic import synthetic_market
from genepool.robustness.search_statistics import STATISTICS

# The seeds look back up to 1,196 candles: with fewer in sample those of the longest memory are left out.
NO_OTHERS = ("--noise-runs", "0", "--planted-runs", "0")
ROOT = Path(__file__).resolve().parents[3]
TINY = Setup("quick", 3, Search(1_300, EvolutionSettings(12, 2), nulls=2, user_runs=2, user_nulls=3))
# What a node of a cluster does, which holds the package, numpy, numba and Ray.
ON_A_NODE = """
import sys
from benchmarks.calibration.cells import Cell, Experiment
from benchmarks.calibration.errand import makings, measured_there
from benchmarks.calibration.scales import Search, Setup
from genepool.evolution.settings import EvolutionSettings
setup = Setup("quick", 3, Search(1_300, EvolutionSettings(12, 2), nulls=2))
measured_there(Cell(Experiment.PLANTED, "funding", 1, 2.0), setup, None, makings())
others = {"structlog", "pandas", "pyarrow", "deap", "sqlalchemy", "typer", "rich", "jinja2", "pydantic"}
print(sorted(others & set(sys.modules)))
"""


def test_there_are_as_many_cells_as_are_asked_for_and_each_has_its_name() -> None:
    found = cells(SCALES["full"].counts, ["btcusd_1h"])
    assert Counter(cell.experiment for cell in found) == {
        Experiment.NOISE: 7 * 200,
        Experiment.PLANTED: 16 * 40,
        Experiment.USER: 40,
        Experiment.REAL: 1,
    }
    assert len({cell.key for cell in found}) == len(found)


def test_what_is_stopped_early_has_some_of_each_kind() -> None:
    found = cells(Counts(noise=5, planted=3, users=2), ["btcusd_1h"])
    assert {(one.kind, one.sharpe) for one in found[: 7 + 16 + 1 + 1]} == {
        (one.kind, one.sharpe) for one in found
    }


def test_kinds_can_be_left_out() -> None:
    assert "garch" not in {one.kind for one in cells(Counts(2, 2, 2), ["x"], ["garch"])}


def test_seeds_differ_by_base_kind_and_number_and_not_by_the_strength_of_an_edge() -> None:
    base = Cell(Experiment.PLANTED, "momentum", 1, 0.5)
    assert base.seed(1) == replace(base, sharpe=2.0).seed(1)
    others = [replace(base, number=2), replace(base, kind="reversion"), Cell(Experiment.NOISE, "momentum", 1)]
    assert len({base.seed(1), base.seed(2), *(one.seed(1) for one in others)}) == 5


def test_results_of_other_searches_or_seeds_never_share_a_file() -> None:
    setups = [TINY, replace(TINY, seed_base=4), replace(TINY, search=replace(TINY.search, nulls=3))]
    assert len({one.file_name for one in setups}) == 3


@pytest.mark.parametrize(
    "cell",
    [
        Cell(Experiment.PLANTED, "momentum", 1, 2.0),
        Cell(Experiment.USER, "normal"),
        Cell(Experiment.REAL, "regimes"),
    ],
    ids=lambda cell: cell.experiment.value,
)
def test_a_cell_tells_every_judgement_and_is_equal_when_repeated(cell: Cell) -> None:
    real = Source(synthetic_market("regimes", 1, 1_300), CRYPTO.costs)
    source = real if cell.experiment is Experiment.REAL else None
    with closing(LocalEvaluator(1)) as evaluator:
        first, again = (measured(cell, TINY, source, evaluator) for _ in range(2))
    told = json.loads(json.dumps(first))
    assert told["key"] == cell.key
    assert told["candles"] == 1_300
    assert told["trials"] >= told.pop("nulls_made") > 0
    asked = {"sum_of_both"} if cell.experiment is Experiment.USER else set(STATISTICS)
    assert set(told["p"]) == set(told["rare"]) == asked
    assert set(told["rungs"]) == {"traded", "paid", "survived", "stable", "examined"}
    assert set(told["checks"]) == {"neighbourhood", "cost_stress", "one_candle_late"}
    assert 1.0 <= told["effective_trials"] <= 60.0
    timed = {"search_s", "judging_s", "null_s", "seconds"}
    assert {name: told[name] for name in told.keys() - timed} == {
        name: again[name] for name in told.keys() - timed
    }


def test_the_best_of_twenty_runs_counts_the_trials_of_all_of_them() -> None:
    with closing(LocalEvaluator(1)) as evaluator:
        one = measured(Cell(Experiment.NOISE, "normal"), TINY, None, evaluator)
        user = measured(Cell(Experiment.USER, "normal"), TINY, None, evaluator)
    assert user["searches"] == 2
    assert one["searches"] == 1
    assert user["trials"] > one["trials"]


@pytest.mark.slow
def test_a_cell_needs_no_more_than_a_node_of_a_cluster_holds() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", ON_A_NODE], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert shown.stdout == "[]\n", shown.stderr


def test_no_cell_is_begun_when_it_is_late() -> None:
    assert list(measured_by(1, [Cell(Experiment.NOISE, "normal")], TINY, {}, lambda: True)) == []


def test_the_command_continues_where_it_was_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = replace(SCALES["quick"], search=TINY.search)
    monkeypatch.setattr("benchmarks.calibration.__main__.SCALES", {"quick": tiny})
    flags = ["--only", "user", "--real", "--workers", "1", "--print", "--results", str(tmp_path)]
    assert main([*flags, "--users", "1", *NO_OTHERS]) == 0
    assert "1 cells, 1 to measure" in capsys.readouterr().out
    lines = next(tmp_path.glob("*.jsonl")).read_bytes()
    assert main([*flags, "--users", "2", *NO_OTHERS]) == 0
    out = capsys.readouterr().out
    assert "2 cells, 1 to measure" in out
    assert "All 2 cells were measured." in out
    assert next(tmp_path.glob("*.jsonl")).read_bytes().startswith(lines)


def test_an_unknown_data_set_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--share", "nobody_1d", "--results", str(tmp_path)]) == 2
    assert "error: there is no file and no data set 'nobody_1d'" in capsys.readouterr().err
