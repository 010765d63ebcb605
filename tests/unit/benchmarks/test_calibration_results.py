"""Results of the calibration survive whatever stops it."""

from pathlib import Path

import pytest

from benchmarks.calibration.results import Results
from genepool.errors import ConfigError

ONE, OTHER = ({"key": key, "kind": "normal", "source": None} for key in ("noise/normal/1", "noise/normal/2"))


def test_lines_read_back_by_the_name_of_their_cell(tmp_path: Path) -> None:
    results = Results(tmp_path / "deep" / "results.jsonl")
    assert results.read() == {}
    results.append(ONE)
    results.append(OTHER)
    assert results.read() == {"noise/normal/1": ONE, "noise/normal/2": OTHER}


def test_a_torn_last_line_is_not_there_and_is_cut_off_before_the_next_is_written(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    results.append(ONE)
    with results.path.open("ab") as file:
        file.write(b'{"key": "noise/normal/2", "ki')
    assert list(results.read()) == ["noise/normal/1"]
    with results.alone():
        results.append(OTHER)
    assert results.read() == {"noise/normal/1": ONE, "noise/normal/2": OTHER}


def test_a_file_of_nothing_but_a_torn_line_is_emptied(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    results.path.write_bytes(b'{"key"')
    results.repair()
    assert results.path.read_bytes() == b""


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    results.path.write_bytes(b'no line\n{"key": "a"}\n')
    with pytest.raises(ConfigError, match=r"line 1 of .*results\.jsonl is no result: delete that line"):
        results.read()


def test_two_processes_do_not_write_at_once(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    refused = pytest.raises(ConfigError, match="another process writes to")
    with results.alone(), refused, Results(results.path).alone():
        pass


def test_what_was_measured_on_other_real_candles_counts_no_more(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    results.append(ONE)
    results.append({"key": "real/btc/1", "kind": "btc", "source": "then"})
    assert list(results.of({"btc": "then"})) == ["noise/normal/1", "real/btc/1"]
    assert list(results.of({"btc": "now"})) == ["noise/normal/1"]
