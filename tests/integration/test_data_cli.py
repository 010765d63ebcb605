"""``genepool data``: what it prints, what it keeps, and what it says when it cannot."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from genepool.cli.data import register
from genepool.errors import ConfigError, InvalidCandles

HEADER = "Date,Open,High,Low,Close,Volume\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


def document(*arguments: str | Path) -> Any:  # noqa: ANN401 - JSON
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def rows(hours: list[int], close: float = 10.5) -> str:
    return "".join(f"2024-01-{1 + h // 24:02d} {h % 24:02d}:00,10,11,9,{close},5\n" for h in hours)


def prices(folder: Path, text: str, name: str = "ETHUSD.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + text)
    return path


def test_import_keeps_the_candles_under_their_name(tmp_path: Path, home: Path) -> None:
    told = document("import", prices(tmp_path, rows(list(range(48)))), "--symbol", "ETH", "--licence", "CC0")
    assert (told["name"], told["candles"], told["timeframe"], told["licence"]) == ("ETH_1h", 48, "1h", "CC0")
    assert (home / "candles" / "ETH_1h.parquet").is_file()
    again = document("describe", "eth_1H")
    assert again == told


def test_import_tells_people_what_to_type_next(tmp_path: Path, home: Path) -> None:
    result = run("import", prices(tmp_path, rows(list(range(48)))))
    assert result.exit_code == 0
    assert "use it with --data ETHUSD_1h" in result.stdout
    assert home.is_dir()


def test_repairs_are_refused_unless_asked_for_and_then_told(tmp_path: Path, home: Path) -> None:
    path = prices(tmp_path, rows([0, 1, 2, 5, 4, 4, 9, *range(10, 48)]))
    refused = run("import", path)
    assert isinstance(refused.exception, InvalidCandles)
    assert not home.exists()
    told = document("import", path, "--repair", "--fill", "4")
    assert told["repairs"] == [
        "rows out of order that were sorted: 3",
        "exact duplicates that were dropped: 1",
        "missing candles that were filled, flat and without volume: 4",
    ]
    assert (told["candles"], told["zero_volume"]) == (48, 4)


def test_describe_says_what_was_understood_of_a_file_and_keeps_nothing(tmp_path: Path, home: Path) -> None:
    told = document("describe", prices(tmp_path, rows(list(range(48)))))
    assert told["usable"]
    assert told["columns"] == ["open", "high", "low", "close", "volume"]
    assert told["read_from"]["time"] == "Date"
    assert (told["first"], told["last"]) == ("2024-01-01 00:00 UTC", "2024-01-02 23:00 UTC")
    assert not home.exists()


def test_describe_says_what_was_understood_of_a_file_that_it_refuses(tmp_path: Path, home: Path) -> None:
    result = run("describe", prices(tmp_path, rows([0, 1, 2, 4, 5])), "--json")
    assert isinstance(result.exception, InvalidCandles)
    told = json.loads(result.stdout)
    assert not told["usable"]
    assert told["problem"] == str(result.exception)
    assert (told["candles"], told["last"]) == (5, "2024-01-01 05:00 UTC")
    assert not home.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 300])
def test_describe_refuses_rubbish_with_a_document_too(tmp_path: Path, home: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.csv"
    path.write_bytes(content)
    result = run("describe", path, "--json")
    assert isinstance(result.exception, InvalidCandles)
    assert not json.loads(result.stdout)["usable"]
    assert not home.exists()


def test_describe_marks_synthetic_candles(home: Path) -> None:
    assert document("describe", "synthetic:noise:candles=500")["synthetic"]
    assert "synthetic: generated, no real market" in run("describe", "synthetic:noise:candles=500").stdout
    assert not home.exists()


def test_describe_shows_where_a_sample_comes_from(home: Path) -> None:
    told = document("describe", "btcusd_1h")
    assert told["licence"] == "Apache-2.0"
    assert "Coinbase" in told["source"]
    assert not told["synthetic"]
    shown = run("describe", "btcusd_1h").stdout
    assert "Apache-2.0" in shown
    assert told["digest"][:40] in shown
    assert not home.exists()


def test_funding_is_joined_and_described(tmp_path: Path, home: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("time,fundingRate\n" + "".join(f"{1704067200 + 28800 * i},0.0001\n" for i in range(7)))
    path = prices(tmp_path, rows(list(range(48))))
    told = document("import", path, "--funding", rates)
    assert told["funding"] == {
        "source": "rates.csv",
        "period": "8h",
        "rates": 6,
        "missing": 0,
        "longest_gap": 0,
    }
    assert told["funding_paid"] == pytest.approx(0.0006)
    assert "funding" in told["columns"]
    assert "6 rates every 8h" in run("describe", "ETHUSD_1h").stdout
    assert home.is_dir()


def test_list_names_samples_and_imports(tmp_path: Path, home: Path) -> None:
    document("import", prices(tmp_path, rows(list(range(48)))), "--symbol", "ETH")
    (home / "candles" / "BAD_1h.parquet").write_bytes(b"PAR1")
    entries = {entry["name"]: entry for entry in document("list")}
    assert {"btcusd_1h", "eurusd_1h", "ETH_1h", "BAD_1h"} == set(entries)
    assert entries["ETH_1h"]["candles"] == 48
    assert "damaged" in entries["BAD_1h"]["problem"]
    assert run("list").exit_code == 0


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--calendar", "lunar"], "--calendar is 'lunar'"),
        (["--column", "opne=x"], "names no known column"),
        (["--where", "venue"], "give NAME=VALUE"),
        (["--price-scale", "0"], "give a positive number"),
        (["--delimiter", "ab"], "give one sign"),
        (["--timeframe", "1y"], "timeframe '1y' is not understood"),
        (["--max-funding-gap", "3"], "add --funding FILE"),
    ],
)
def test_impossible_flags_are_refused(tmp_path: Path, home: Path, flags: list[str], words: str) -> None:
    result = run("import", prices(tmp_path, rows(list(range(48)))), *flags)
    assert isinstance(result.exception, ConfigError)
    assert words in str(result.exception)
    assert not home.exists()


@pytest.mark.parametrize("command", ["import", "describe", "list", "download"])
def test_every_command_explains_itself(command: str) -> None:
    assert run(command, "--help").exit_code == 0


@pytest.mark.parametrize("data", ["btcusd_1h", "synthetic:noise"])
def test_a_timeframe_that_named_data_do_not_have_is_refused(data: str, home: Path) -> None:
    result = run("describe", data, "--timeframe", "4h")
    assert isinstance(result.exception, InvalidCandles)
    assert f"{data} holds 1h candles and not 4h" in str(result.exception)
    assert run("describe", data, "--timeframe", "60m").exit_code == 0
    assert not home.exists()


def test_jitter_of_milliseconds_is_named_to_the_digit(tmp_path: Path, home: Path) -> None:
    text = "".join(f"{1_706_486_400_000 + i * 3_600_001},10,11,9,10.5,5\n" for i in range(5))
    result = run("import", prices(tmp_path, text))
    assert "candles are 3600.001 seconds apart" in str(result.exception)
    assert not home.exists()


def test_a_synthetic_market_beyond_all_memory_is_refused(home: Path) -> None:
    result = run("describe", "synthetic:noise:candles=99999999999")
    assert isinstance(result.exception, ConfigError)
    assert "2 to 1,000,000 candles" in str(result.exception)
    assert not home.exists()


@pytest.mark.parametrize(
    ("flag", "value"), [("--time-format", "%Q"), ("--time-format", "%"), ("--price-scale", "inf")]
)
def test_a_flag_that_is_no_format_or_number_is_named(
    tmp_path: Path, home: Path, flag: str, value: str
) -> None:
    result = run("import", prices(tmp_path, rows(list(range(48)))), flag, value)
    assert isinstance(result.exception, ConfigError)
    assert flag in str(result.exception)
    assert not home.exists()
