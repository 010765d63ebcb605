"""What commands say of the file that they were given, and the header that a user gives to one without."""

import json
from pathlib import Path

import pytest

from tests.fakes.programs import here


@pytest.fixture
def without_header(tmp_path: Path) -> Path:
    path = tmp_path / "swapped.csv"
    rows = (f"{1_600_000_000_000 + i * 3_600_000},10,11,12,9,{5 + i},0.5,7" for i in range(400))
    path.write_text("\n".join(rows) + "\n")
    return path


COLUMNS = ("--columns", "time,open,close,high,low,volume,-,quote_volume")


def test_a_header_is_given_with_a_flag_that_the_refusal_names(tmp_path: Path, without_header: Path) -> None:
    refused = here(tmp_path, "data", "describe", str(without_header))
    assert (refused.code, "--columns time,open,close,high,low,volume" in refused.err) == (3, True)
    told = here(tmp_path, "data", "describe", str(without_header), *COLUMNS, "--json")
    document = json.loads(told.out)
    assert document["columns"] == ["open", "high", "low", "close", "volume"]
    assert document["unused"] == ["quote_volume"]


def test_backtest_names_columns_that_were_not_used(tmp_path: Path, without_header: Path) -> None:
    trade = ("backtest", "--strategy", "sma_trend_filter", "--data", str(without_header), *COLUMNS)
    told = here(tmp_path, *trade, "--symbol", "BTC", "--json")
    assert "columns that were not used: quote_volume" in told.err
    assert json.loads(told.out)
