"""What the program says of champions that users were misled by; each test is named after its case."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from genepool.market.candles import FloatArray
from tests.fakes.programs import Said, here

QUIET = ("--mode", "local", "--no-report", "--workers", "1")
BTC = ("evolve", "--data", "btcusd_1h", "--candles", "3000", *QUIET)


def written(file: Path, returns: FloatArray) -> str:
    close = 100 * np.exp(np.cumsum(returns))
    opened = np.r_[100, close[:-1]]
    columns = {
        "time": pd.date_range("2021-01-04", periods=len(close), freq="1h").strftime("%Y-%m-%dT%H:%M:%SZ"),
        "open": opened,
        "high": np.maximum(opened, close) * 1.0005,
        "low": np.minimum(opened, close) * 0.9995,
        "close": close,
        "volume": 1.0,
    }
    pd.DataFrame(columns).to_csv(file, index=False)
    return str(file)


def document(folder: Path, *arguments: str) -> dict[str, Any]:
    return here(folder, *arguments).document


def flowing(said: Said) -> str:
    """Return what a command printed, without the frames and line breaks of its tables."""
    assert said.code == 0, said.err
    return re.sub(r"[│\s]+", " ", said.out)


def test_case_7_slide_one_bet_on_a_slide_is_no_better_than_being_short_throughout(tmp_path: Path) -> None:
    draw = np.random.default_rng(11)
    slide = draw.normal(0, 0.004, 3_000)
    slide[1_300:] = draw.normal(-0.0008, 0.002, 1_700)
    found = document(
        tmp_path, "evolve", *QUIET, "--json", "--population-size", "40", "--generations", "2",
        "--data", written(tmp_path / "slide.csv", slide), "--symbol", "SLIDE", "--market", "crypto",
        "--seed", "1",
        "--strategies", "donchian_breakout",
    )  # fmt: skip
    assert found["benchmark"] == "short_and_hold"
    short = found["short_and_hold"]["walk_forward"]
    assert short["sharpe"] == pytest.approx(40.5, abs=0.1)
    assert short["total_return"] == pytest.approx(0.771, abs=0.001)
    assert found["standing"] not in {"stands", "luck"}
    champion = found["leaderboard"][0]["walk_forward"]
    assert champion["trades"] < found["fewest_trades"]
    assert found["deflation"].startswith("No better than holding")
    assert f"over {champion['trades']:.0f} trades" in found["deflation"]
    assert "than the +77.1% of shorting and holding there" in found["deflation"]


def test_case_8_ledger_1200_and_1201_tries_on_the_same_candles_count_together(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).normal(0, 0.01, 1_201)
    shorter = written(tmp_path / "ledger_1200.csv", noise[:1_200])
    longer = written(tmp_path / "ledger_1201.csv", noise)
    later = written(tmp_path / "later.csv", np.random.default_rng(6).normal(0, 0.01, 1_200))

    def bred(data: str, symbol: str, seed: int) -> dict[str, Any]:
        return document(
            tmp_path, "evolve", *QUIET, "--json", "--population-size", "10", "--generations", "1",
            "--strategies", "donchian_breakout", "--data", data, "--symbol", symbol, "--market", "crypto",
            "--seed", str(seed),
        )  # fmt: skip

    # Two seeds may draw the same genome: that is one try.
    counts = [
        bred(data, symbol, seed)["trials"]
        for seed, (data, symbol) in enumerate(
            [(shorter, "LED"), (shorter, "LED"), (longer, "LED"), (shorter, "LED2")], start=1
        )
    ]
    assert counts[0] == 10
    assert all(before + 5 < after <= before + 10 for before, after in pairwise(counts))
    other = bred(later, "LED", 5)
    assert other["trials"] == 10
    assert "genomes were tried on other data of LED 1h" in other["trials_not_counted"]


@pytest.fixture(scope="module")
def w6(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    folder = tmp_path_factory.mktemp("w6")
    said = here(
        folder, *BTC, "--population-size", "20", "--generations", "3", "--seed", "8", "--name", "w6",
        "--json", "--strategies", "ema_crossover,donchian_breakout,rsi_filter,bollinger_bands",
    )  # fmt: skip
    return folder, said


def test_case_9_the_champion_is_said_by_what_it_was_chosen_and_of_how_many(w6: tuple[Path, Said]) -> None:
    folder, said = w6
    found = said.document
    assert found["champion"]["chosen_by"] == "the worse of in-sample and walk-forward score"
    assert found["champion"]["fingerprint"] == found["leaderboard"][0]["fingerprint"]
    assert (found["genomes"], found["trials"]) == (60, 60)
    assert "trials in sample" not in found["deflation"]
    shown = flowing(here(folder, "show", "w6"))
    assert "first of this run's 60 genomes by the worse of in-sample and walk-forward score" in shown


def test_case_10_the_log_and_the_list_of_runs_mean_the_same_champion(w6: tuple[Path, Said]) -> None:
    folder, said = w6
    lines = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]
    last = [line for line in lines if line["event"] == "generation_finished"][-1]
    champion = said.document["champion"]
    assert last["champion"] == champion["fingerprint"]
    assert last["champion_score"] == pytest.approx(champion["selection_score"], abs=1e-6)
    assert last["best"] > last["champion_score"], "else this case would show nothing"
    assert re.search(r"in-sample\s.*best", here(folder, "runs").out, re.DOTALL)


def test_case_11_where_nobody_can_earn_the_fees_nothing_did_better_than_doing_nothing(tmp_path: Path) -> None:
    found = document(
        tmp_path, *BTC, "--fee-bps", "300", "--population-size", "30", "--generations", "3", "--seed", "1",
        "--strategies", "donchian_breakout,bollinger_bands,stochastic_oscillator", "--json",
    )  # fmt: skip
    assert found["leaderboard"][0]["walk_forward"]["trades"] == 0
    assert found["deflation"].startswith("No genome that traded did better than doing nothing")
    assert "Sharpe of 0.0" not in found["deflation"]


def test_case_12_holding_inside_the_folds_and_over_their_span_are_told_apart(tmp_path: Path) -> None:
    costs = ("--population-size", "2", "--generations", "1", "--strategies", "donchian_breakout")
    shown = flowing(here(tmp_path, *BTC, *costs, "--name", "folds"))
    assert "-14.1%" in shown[shown.index("buy and hold") :]
    assert "over the whole span" in shown
    found = json.loads(here(tmp_path, "show", "folds", "--json").out)
    hold = found["buy_and_hold"]
    whole = document(
        tmp_path, "backtest", "--data", "btcusd_1h", "--candles", "3000", "--start", "1464", "--stop", "2400",
        "--strategy", "sma_trend_filter", "--slippage-bps", "1", "--json",
    )  # fmt: skip
    assert hold["walk_forward"]["total_return"] == pytest.approx(-0.141, abs=0.001)
    assert hold["walk_forward_whole"]["total_return"] == pytest.approx(-0.044, abs=0.001)
    assert whole["buy_and_hold"]["total_return"] == pytest.approx(
        hold["walk_forward_whole"]["total_return"], abs=1e-9
    )


def test_what_a_report_tries_around_the_champion_is_counted_once(tmp_path: Path) -> None:
    arguments = [one for one in BTC if one != "--no-report"]
    few = (
        "--population-size",
        "6",
        "--generations",
        "1",
        "--strategies",
        "donchian_breakout",
        "--name",
        "map",
    )
    found = document(tmp_path, *arguments, *few, "--json")
    extra = re.search(r"All (\d+) genomes evaluated", Path(found["report"]).read_text(encoding="utf-8"))
    assert extra is not None
    assert (found["genomes"], found["trials"]) == (6, 6 + int(extra[1]))
    assert here(tmp_path, "report", "map").code == 0
    assert json.loads(here(tmp_path, "show", "map", "--json").out)["trials"] == found["trials"]
