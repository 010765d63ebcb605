"""What ``evolve``, ``backtest`` and ``describe`` say of candles that look wrong."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from genepool.cli import backtest, data
from genepool.errors import ConfigError

CASES = Path(__file__).parents[1] / "data" / "cases"
TRADER = ("--strategy", "sma_trend_filter", "--gene", "period=10")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    backtest.register(app)
    data.register(app)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def shares(folder: Path) -> Path:
    """Write forty days of a share whose price falls to a quarter overnight."""
    rows = ["Date,Open,High,Low,Close,Volume"]
    for day in range(40):
        price = (400 if day < 25 else 100) * (1 + 0.002 * (day % 3))
        date = np.datetime64("2024-01-01") + day
        rows.append(f"{date},{price},{price * 1.01},{price * 0.99},{price},0")
    path = folder / "shares.csv"
    path.write_text("\n".join(rows))
    return path


def test_split_unadjusted_is_said_by_backtest_and_describe(tmp_path: Path) -> None:
    path = shares(tmp_path)
    traded = run("backtest", "--data", path, *TRADER, "--json")
    assert traded.exit_code == 0, traded.exception
    assert "which looks like a 4:1 split that the prices do not hold" in traded.stderr
    assert "--splits" not in traded.stderr
    assert "volume is 0 in every row, which is no volume: it was left out" in traded.stderr
    assert json.loads(traded.stdout)["symbol"] == "shares"
    described = json.loads(run("data", "describe", path, "--json").stdout)
    assert described["split_jumps"] == 1


def test_weekend_flats_are_offered_to_be_left_out() -> None:
    path = CASES / "weekend_flats.csv.gz"
    traded = run("backtest", "--data", path, "--allow-zero-volume", *TRADER, "--json")
    assert "95 candles are flat and without volume in hours when weekend_flats is closed" in traded.stderr
    assert "--drop-flat" in traded.stderr
    traded = run("backtest", "--data", path, "--drop-flat", *TRADER, "--json")
    assert "flat candles of closed hours that were left out: 95" in traded.stderr
    assert "traded on" not in traded.stderr


def test_what_is_kept_is_not_described_again(tmp_path: Path) -> None:
    assert run("data", "import", shares(tmp_path), "--symbol", "S").exit_code == 0
    traded = run("backtest", "--data", "S_1d", *TRADER, "--json")
    assert "4:1 split" in traded.stderr
    assert "no volume" not in traded.stderr


def test_thousands_commas_tab_is_read_as_the_flag_says() -> None:
    path = CASES / "thousands_commas_tab.csv"
    for flag, highest in (("comma", 10_077), (",", 10_077)):
        assert (
            json.loads(run("data", "describe", path, "--thousands", flag, "--json").stdout)["highest"]
            == highest
        )
    assert (
        json.loads(run("data", "describe", path, "--decimal", "comma", "--json").stdout)["highest"] == 10.077
    )


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--thousands", "x"), "--thousands is 'x': give comma, point, apostrophe or space"),
        (("--decimal", "space"), "--decimal is 'space': give comma or point"),
        (("--decimal", "comma", "--thousands", ","), "--decimal and --thousands are both comma"),
        (("--funding-scale", "0"), "--funding-scale is 0.0: give a positive number"),
    ],
)
def test_flags_that_mean_nothing_are_refused(flags: tuple[str, ...], words: str) -> None:
    error = run("data", "describe", CASES / "thousands_commas_tab.csv", *flags).exception
    assert isinstance(error, ConfigError)
    assert words in str(error)


def test_funding_in_percent_is_scaled_by_the_flag() -> None:
    rates = ("--funding", CASES / "funding_in_percent.csv", "--trim-to-funding")
    told = run(
        "data", "describe", CASES / "candles_for_funding.csv", *rates, "--funding-scale", "100", "--json"
    )
    assert json.loads(told.stdout)["funding_paid"] == pytest.approx(0.000359)
