"""The calibration on a real Ray cluster: the lines of local processes, whatever stops it and goes away."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ray

from benchmarks.calibration import errand
from benchmarks.calibration.__main__ import main
from benchmarks.calibration.cells import Cell, Experiment
from benchmarks.calibration.lines import Line
from benchmarks.calibration.measuring import Source
from benchmarks.calibration.scales import SCALES, Search, Setup
from benchmarks.calibration.spreading import MACHINE, RUNTIME_ENV, measured_on
from benchmarks.calibration.working import measured_by
from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.probe import numeric_fingerprint
from genepool.errors import ShortfallError
from genepool.evolution.settings import EvolutionSettings
from genepool.market.default_costs import CRYPTO
from genepool.market.synthetic import synthetic_market
from tests.fakes.ray_clusters import TestCluster, ray_nodes

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
TINY = Setup("quick", 3, Search(1_300, EvolutionSettings(12, 2), nulls=2, user_runs=2, user_nulls=3))
CELLS = [
    Cell(Experiment.REAL, "regimes"),
    Cell(Experiment.NOISE, "normal"),
    Cell(Experiment.PLANTED, "funding", 1, 2.0),
    Cell(Experiment.NOISE, "shuffled_bitcoin"),
]
TIMED = {"search_s", "judging_s", "null_s", "seconds"}
# Each of its cells takes a second or so: something is left of them when the first one was measured.
COMMAND = (
    *("--only", "noise", "--noise-runs", "1", "--planted-runs", "0", "--users", "0", "--real"),
    *("--candles", "1300", "--nulls", "1", "--seed-base", "4", "--print"),
)


@pytest.fixture(scope="module")
def nodes() -> Iterator[TestCluster]:
    # Compiles every kernel where no program of this version ran yet: else each worker would, all at once.
    numeric_fingerprint()
    with ray_nodes({"one": (2, "cpu")}) as started:
        yield started


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    candles = synthetic_market("regimes", 1, 1_300)
    return dict.fromkeys(["regimes", "shuffled_bitcoin"], Source(candles, CRYPTO.costs))


def plain(line: Line) -> Line:
    return {name: value for name, value in json.loads(json.dumps(line)).items() if name not in TIMED}


def by_key(text: str) -> dict[str, Line]:
    return {line["key"]: line for line in map(json.loads, text.splitlines())}


def cpus(asked: Callable[[], Any]) -> float:
    return float(asked().get("CPU", 0.0))


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.1)


def until_one_is_measured(lines: Iterable[str]) -> str:
    """Return what a program says up to its first cell; in between Ray may tell of a node that died before."""
    told = ""
    for line in lines:
        told += line
        if " of 6 " in line:
            break
    return told


def test_lines_are_those_of_local_processes(nodes: TestCluster, sources: dict[str, Source]) -> None:
    spread = {line["key"]: plain(line) for line in measured_on(nodes.address, CELLS, TINY, sources)}
    here = {line["key"]: plain(line) for line in measured_by(1, CELLS, TINY, sources)}
    assert spread == here
    assert len(here) == len(CELLS)
    assert not ray.is_initialized()


def test_the_benchmarks_travel_with_the_program(
    nodes: TestCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ray has workers look where the program is called, too: on another machine there is nothing.
    monkeypatch.chdir(tmp_path)

    def where() -> str:
        import benchmarks.calibration  # noqa: PLC0415 - on the worker

        return str(benchmarks.calibration.__file__)

    with closing(Cluster(nodes.address, RUNTIME_ENV)):
        found = Path(ray.get(ray.remote(where).remote()))
    assert "py_modules_files" in found.parts
    assert not list(found.parents[1].glob("bench_*.py"))


def test_no_cell_is_begun_when_it_is_late(nodes: TestCluster) -> None:
    assert list(measured_on(nodes.address, CELLS, TINY, {}, lambda: True)) == []


def test_a_node_with_another_package_is_refused(nodes: TestCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.calibration.spreading.makings", lambda: "another")
    with pytest.raises(ShortfallError, match=r"node .* holds another GenePool than this machine"):
        list(measured_on(nodes.address, CELLS[1:2], TINY, {}))
    assert errand.makings() == errand.makings() != "another"


def test_a_cell_whose_node_dies_is_measured_on_another(nodes: TestCluster) -> None:
    # Of cells that take seconds, so that the node goes while it is at work.
    long = replace(TINY, search=replace(TINY.search, settings=EvolutionSettings(60, 6), nulls=9))
    cells = [Cell(Experiment.NOISE, "normal", number) for number in range(1, 9)]
    gone = nodes.add("two", 1)
    with closing(measured_on(nodes.address, cells, long, {})) as lines:
        measured = [next(lines)]
        until(lambda: cpus(ray.cluster_resources) == 3)
        measured.append(next(lines))
        until(lambda: cpus(ray.available_resources) == 0)
        nodes.remove(gone)
        assert sorted(line["number"] for line in [*measured, *lines]) == list(range(1, 9))


def test_what_a_killed_program_measured_is_kept_and_the_next_measures_the_rest(
    nodes: TestCluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = [*COMMAND, "--cluster", nodes.address, "--results", str(tmp_path)]
    command = [sys.executable, "-m", "benchmarks.calibration", *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        told = until_one_is_measured(program.stdout)
        program.send_signal(signal.SIGKILL)
    assert "6 cells, 6 to measure" in told
    (file,) = tmp_path.glob("*.jsonl")
    kept = file.read_text(encoding="utf-8").rpartition("\n")[0]
    begun = len(by_key(kept))
    assert 1 <= begun < 6
    assert main(flags) == 0
    out = capsys.readouterr().out
    assert f"6 cells, {6 - begun} to measure" in out
    assert "All 6 cells were measured." in out
    lines = file.read_text(encoding="utf-8")
    assert lines.startswith(kept)
    assert {line["machine"] for line in by_key(lines).values()} == {MACHINE}


def test_an_interrupt_leaves_nothing_at_work(nodes: TestCluster, tmp_path: Path) -> None:
    command = [*COMMAND, "--cluster", "--results", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.calibration", *command],
        cwd=ROOT,
        env=os.environ | {"GENEPOOL_RAY_ADDRESS": nodes.address},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        told = until_one_is_measured(program.stdout)
        program.send_signal(signal.SIGINT)
        _, error = program.communicate(timeout=60)
    assert "1 of 6" in told
    assert program.returncode == 130
    assert "the same command continues" in error
    with closing(Cluster(nodes.address)):
        until(lambda: cpus(ray.available_resources) == cpus(ray.cluster_resources) == 2)


def test_without_an_address_it_says_what_to_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GENEPOOL_RAY_ADDRESS", raising=False)
    assert main([*COMMAND, "--cluster", "--results", str(tmp_path)]) == 2
    assert "no cluster is configured: give --cluster" in capsys.readouterr().err


def test_nothing_to_measure_asks_no_cluster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = replace(SCALES["quick"], search=TINY.search)
    monkeypatch.setattr("benchmarks.calibration.__main__.SCALES", {"quick": tiny})
    none = ["--noise-runs", "0", "--planted-runs", "0", "--users", "0", "--real"]
    assert main([*none, "--cluster", "127.0.0.1:9", "--print", "--results", str(tmp_path)]) == 0
    assert "0 cells, 0 to measure" in capsys.readouterr().out
