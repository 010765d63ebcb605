"""No file of this project, and none whose name the program composes, has a name that Windows refuses."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from genepool.adapters.exchange.downloaded_pages import DownloadedPages
from genepool.adapters.files.candle_store import store_name
from genepool.errors import InvalidCandles
from genepool.market.candles import Candles
from genepool.usecases.start_run import fresh_name
from tests.fakes.windows_names import refused, unfit

ROOT = Path(__file__).resolve().parents[4]
SYMBOLS = [
    *["BTC/USDT", "BTC/USDT:USDT-261225", "BRK.B", "CON", "nul"],
    *["^GSPC", "EUR|USD?", 'a"b<c>*\\d', "币安/U"],
]
REFUSED = [
    *["a:b", "a?", "what*", 'say"', "a|b", "<a>", "a\\b"],
    *["CON", "nul", "Aux.txt", "com1.csv", "lpt9", "end.", "end "],
]
TAKEN = ["console", "nul_1h.parquet", "com10", ".env", "a b", "auxiliary.py", "com.py"]


@pytest.mark.parametrize("name", REFUSED)
def test_the_rule_knows_what_windows_refuses(name: str) -> None:
    assert refused(name)


@pytest.mark.parametrize("name", TAKEN)
def test_the_rule_lets_pass_what_windows_takes(name: str) -> None:
    assert not refused(name)


def test_names_that_differ_in_capitals_alone_are_one_name() -> None:
    assert unfit([PurePosixPath("docs/A.md"), PurePosixPath("Docs/b.md")]) == ["Docs", "docs"]


def test_every_file_of_the_project_can_be_checked_out() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout: there is no list of the project's files")
    paths = [PurePosixPath(name) for name in listed.stdout.split("\0") if name]
    assert len(paths) > 500
    assert unfit(paths) == []


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_symbol_becomes_a_name(symbol: str) -> None:
    stamp = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    candles = Candles(symbol, "1h", *([[0]] + [[1.0]] * 4))  # type: ignore[arg-type] # only its name is read
    pages = DownloadedPages.of(Path("home"), "binance", symbol, "1h")._folder
    names = [f"{store_name(symbol, '1h')}.parquet", pages.name, fresh_name(candles, stamp, set())]
    assert [name for name in names if refused(name)] == []


def test_a_symbol_of_which_no_name_is_left_is_refused() -> None:
    with pytest.raises(InvalidCandles, match="at least one letter or digit"):
        store_name("...", "1h")
