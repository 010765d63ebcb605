"""What trading costs goes by the kind of market; the user is asked for an unknown kind."""

from pathlib import Path

import pytest

from tests.fakes.programs import Said, here

SMALL = (
    "--population-size", "4", "--generations", "1", "--strategies", "rsi_filter",
    "--mode", "local", "--workers", "1", "--no-report",
)  # fmt: skip
EVERY_COST = ("--fee-bps", "3", "--maker-fee-bps", "1", "--slippage-bps", "2", "--spread-bps", "0")


def candles(folder: Path, name: str, count: int = 2_400, start: int = 1_600_000_000, price: int = 100) -> str:
    rows = [
        f"{start + 3_600 * k},{price + k % 7},{price + 9},{price - 9},{price + k % 5}" for k in range(count)
    ]
    (folder / name).write_text("\n".join(["date,open,high,low,close", *rows]))
    return name


def evolved(folder: Path, *flags: str) -> Said:
    return here(folder, "evolve", *flags, *SMALL)


def words(said: Said) -> str:
    return " ".join((said.out + said.err).replace("│", "").split())


def test_a_market_of_no_known_kind_is_asked_for_and_the_remedy_works(tmp_path: Path) -> None:
    refused = evolved(tmp_path, "--data", candles(tmp_path, "foo.csv"))
    assert refused.code == 2
    assert "what trading foo costs is not known" in words(refused)
    assert "say --market crypto|perpetual|forex|share|index|future" in words(refused)
    done = evolved(tmp_path, "--data", "foo.csv", "--market", "future")
    assert "taker fee 0.5 bps, maker fee 0.5 bps, slippage 0.5 bps, spread 1 bps (usual for future)" in words(
        done
    )
    wrong = evolved(tmp_path, "--data", "foo.csv", "--market", "bonds")
    assert (wrong.code, "choose crypto, perpetual" in words(wrong)) == (2, True)


def test_what_is_said_of_every_cost_asks_for_no_kind(tmp_path: Path) -> None:
    done = evolved(tmp_path, "--data", candles(tmp_path, "foo.csv"), *EVERY_COST, "--name", "own")
    assert "taker fee 3 bps, maker fee 1 bps, slippage 2 bps (your own)" in words(done)
    assert evolved(tmp_path, "--data", "foo.csv", *EVERY_COST[2:]).code == 2


def test_a_brokers_suffix_changes_nothing(tmp_path: Path) -> None:
    done = evolved(tmp_path, "--data", candles(tmp_path, "prices.csv"), "--symbol", "EURUSD.m")
    assert "costs spread 1 bps (usual for forex)" in words(done)


def test_an_import_remembers_the_kind_that_was_said_and_a_run_may_say_another(tmp_path: Path) -> None:
    told = here(
        tmp_path, "data", "import", candles(tmp_path, "foo.csv"), "--market", "Share", "--json"
    ).document
    assert told["market"] == "share"
    assert "(usual for share)" in words(evolved(tmp_path, "--data", "foo_1h"))
    assert "(usual for crypto)" in words(evolved(tmp_path, "--data", "foo_1h", "--market", "crypto"))


def test_describe_says_what_is_usual_or_that_it_is_not_known(tmp_path: Path) -> None:
    candles(tmp_path, "foo.csv")
    assert "costs not known: evolve wants --market" in words(here(tmp_path, "data", "describe", "foo.csv"))
    assert here(tmp_path, "data", "describe", "foo.csv", "--json").document["market"] is None
    told = words(here(tmp_path, "data", "describe", "foo.csv", "--symbol", "ETHUSDT"))
    assert "taker fee 5 bps, maker fee 2 bps, slippage 1 bps (usual for crypto" in told


@pytest.mark.parametrize(
    ("data", "market"), [("btcusd_1h", "crypto"), ("eurusd_1h", "forex"), ("synthetic:noise", "crypto")]
)
def test_what_is_shipped_says_its_own_market(tmp_path: Path, data: str, market: str) -> None:
    assert here(tmp_path, "data", "describe", data, "--json").document["market"] == market


def test_backtest_has_costs_of_its_own_and_says_what_is_usual(tmp_path: Path) -> None:
    trade = ("backtest", "--strategy", "rsi_filter", "--data", candles(tmp_path, "EURUSD.csv"))
    told = words(here(tmp_path, *trade))
    assert "costs taker fee 5 bps, maker fee 2 bps;" in told
    assert "(by default; usual for forex: spread 1 bps)" in told
    assert "(your own; usual for forex: spread 1 bps)" in words(here(tmp_path, *trade, "--fee-bps", "5"))
    usual = here(tmp_path, *trade, "--market", "forex", "--json").document["costs"]
    assert (usual["taker_fee"], usual["maker_fee"], usual["spread"]) == (0.0, 0.0, 1e-4)
    said = here(tmp_path, *trade, "--fee-bps", "1", "--json").document["costs"]
    assert (said["taker_fee"], said["maker_fee"], said["spread"]) == (1e-4, 1e-4, 0.0)


class TestReplacing:
    def imported(self, folder: Path, *flags: str) -> Said:
        return here(folder, "data", "import", *flags, "--symbol", "BTC")

    def test_more_of_the_same_market_replaces_what_was_there_and_says_so(self, tmp_path: Path) -> None:
        assert self.imported(tmp_path, candles(tmp_path, "a.csv", count=100)).code == 0
        again = self.imported(tmp_path, candles(tmp_path, "b.csv", count=150))
        assert "They take the place of 100 candles" in words(again)
        assert "of a.csv" in words(again)
        assert "take the place" not in words(self.imported(tmp_path, "b.csv"))

    @pytest.mark.parametrize("other", [{"price": 90}, {"start": 1_500_000_000}], ids=["prices", "years"])
    def test_another_markets_candles_want_a_flag(self, tmp_path: Path, other: dict[str, int]) -> None:
        assert self.imported(tmp_path, candles(tmp_path, "a.csv", count=100)).code == 0
        refused = self.imported(tmp_path, candles(tmp_path, "b.csv", count=100, **other))
        assert refused.code == 3
        assert "BTC_1h holds 100 candles from" in words(refused)
        assert "put these in their place with --replace" in words(refused)
        assert here(tmp_path, "data", "describe", "BTC_1h", "--json").document["source"] == "a.csv"
        replaced = self.imported(tmp_path, "b.csv", "--replace", "--json").document
        assert (replaced["source"], "of a.csv" in replaced["replaced"]) == ("b.csv", True)

    def test_a_name_that_hides_a_sample_wants_the_flag_too(self, tmp_path: Path) -> None:
        flags = ("data", "import", candles(tmp_path, "a.csv", count=100), "--symbol", "btcusd")
        assert "btcusd_1h holds 20,111 candles" in words(here(tmp_path, *flags))
        assert here(tmp_path, *flags, "--replace").code == 0

    def test_a_damaged_file_holds_nothing_that_could_be_lost(self, tmp_path: Path) -> None:
        assert self.imported(tmp_path, candles(tmp_path, "a.csv", count=100)).code == 0
        kept = tmp_path / "home" / "candles" / "BTC_1h.parquet"
        kept.write_bytes(kept.read_bytes()[:-9])
        assert self.imported(tmp_path, "a.csv").code == 0
