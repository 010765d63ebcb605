"""Funding that is percent, prices, carried along or incomplete; and rates in the candles' own rows."""

from pathlib import Path

import numpy as np
import pytest

from genepool.adapters.files.importing import FundingOptions, ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.funding import plausible_rates
from genepool.market.provenance import DataSet

CASES = Path(__file__).parents[2] / "data" / "cases"
HOUR = 3_600 * 1_000_000_000
START = int(np.datetime64("2021-01-04T00:00", "ns").astype(np.int64))


def joined(candles: str, rates: str, **options: object) -> DataSet:
    funding = FundingOptions(CASES / rates, trim=True, **options)  # type: ignore[arg-type] # any option
    return import_file(CASES / candles, ImportOptions(funding=funding))


def own(folder: Path, rates: list[str], header: str = "funding", **options: object) -> DataSet:
    """Read hourly candles with a rate in each row."""
    rows = [f"time,open,high,low,close,volume,{header}"]
    for hour, rate in enumerate(rates):
        stamp = np.datetime64(START + hour * HOUR, "ns").astype("datetime64[s]")
        rows.append(f"{stamp}Z,100,101,99,100,1,{rate}")
    path = folder / "perp.csv"
    path.write_text("\n".join(rows))
    return import_file(path, ImportOptions(**options))  # type: ignore[arg-type] # any option


def paid(data: DataSet) -> float | None:
    return None if data.candles.funding is None else float(data.candles.funding.sum())


def test_funding_in_percent() -> None:
    with pytest.raises(
        InvalidCandles, match=r"funding rates of 0\.01 in the median.*--funding-scale.*100.*percent"
    ):
        joined("candles_for_funding.csv", "funding_in_percent.csv")
    data = joined("candles_for_funding.csv", "funding_in_percent.csv", scale=100.0)
    assert paid(data) == pytest.approx(0.01 * (0.0087 + 0.0123 - 0.0051 + 0.01 + 0.01))
    assert paid(joined("candles_for_funding.csv", "funding_in_percent.csv", scale=1.0)) == pytest.approx(
        100 * (paid(data) or 0)
    )


def test_mark_prices_as_funding() -> None:
    with pytest.raises(InvalidCandles, match="holds prices in high, low, close, so open is no funding rate"):
        joined("candles_below_one_dollar.csv", "mark_prices_as_funding.csv")


def test_funding_col(tmp_path: Path) -> None:
    rates = ["0.001" if hour % 8 == 0 else "0.0" for hour in range(250)]
    assert paid(own(tmp_path, rates)) == pytest.approx(0.032)
    columns = {"funding": "none"}
    assert paid(own(tmp_path, rates, reading=ReadingOptions(columns=columns))) is None


@pytest.mark.parametrize(
    "header", ["funding", "fundingRate", "funding_rate", "Funding Rate", "lastFundingRate"]
)
def test_any_usual_header_of_rates_is_used(tmp_path: Path, header: str) -> None:
    assert paid(own(tmp_path, ["0.0001", "0.0", "-0.0001", "0.0002"], header)) == pytest.approx(0.0002)


@pytest.mark.parametrize("header", ["rate", "funding_time", "fundings", "next_funding"])
def test_other_headers_are_not(tmp_path: Path, header: str) -> None:
    assert paid(own(tmp_path, ["0.0001", "0.0", "-0.0001", "0.0002"], header)) is None


def test_rates_only_in_their_own_rows_are_used(tmp_path: Path) -> None:
    rates = ["0.0001" if hour % 8 == 0 else "" for hour in range(100)]
    assert paid(own(tmp_path, rates)) == pytest.approx(0.0013)


def test_a_payment_that_is_missing_is_refused(tmp_path: Path) -> None:
    rates = ["0.0001" if hour % 8 == 0 and hour != 40 else "" for hour in range(100)]
    with pytest.raises(InvalidCandles, match=r"lacks 1 rates .* --column funding=none"):
        own(tmp_path, rates)


def test_rates_that_are_carried_along_are_refused_and_may_be_spread(tmp_path: Path) -> None:
    rates = [str(round(0.0001 + 0.00001 * (hour // 8 % 5), 6)) for hour in range(100)]
    with pytest.raises(
        InvalidCandles, match=r"changes only every 8 candles, .* --funding-scale 8 to pay each once"
    ):
        own(tmp_path, rates)
    once = paid(own(tmp_path, rates, rules=CandleRules(funding_scale=8.0)))
    assert once == pytest.approx(sum(map(float, rates)) / 8)
    assert paid(own(tmp_path, rates, rules=CandleRules(funding_scale=1.0))) == pytest.approx(
        sum(map(float, rates))
    )


def test_rates_of_every_hour_are_no_carried_ones(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rates = [f"{rate:.7f}" for rate in random.normal(0.00001, 0.00001, 100)]
    assert paid(own(tmp_path, rates)) == pytest.approx(sum(map(float, rates)))


def test_percent_in_the_candles_own_rows_is_refused_and_scaled(tmp_path: Path) -> None:
    rates = ["0.01" if hour % 8 == 0 else "0" for hour in range(100)]
    with pytest.raises(InvalidCandles, match="--funding-scale"):
        own(tmp_path, rates)
    assert paid(own(tmp_path, rates, rules=CandleRules(funding_scale=100.0))) == pytest.approx(0.0013)
    assert paid(own(tmp_path, [f"{rate}%" for rate in rates])) == pytest.approx(0.0013)


def test_the_scale_without_rates_is_refused() -> None:
    with pytest.raises(InvalidCandles, match="has no funding rates for --funding-scale"):
        import_file(CASES / "row_of_commas.csv", ImportOptions(rules=CandleRules(funding_scale=100.0)))


@pytest.mark.parametrize(
    ("every", "rate", "passes"),
    [
        (8, 0.0001, True),
        (8, 0.003, True),
        (8, 0.0031, False),
        (8, 0.01, False),
        (1, 0.0000125, True),
        (1, 0.00125, False),
        (4, 0.0001, True),
        (24, 0.003, True),
        (24, 0.01, False),
    ],
)
def test_rates_are_plausible_up_to_a_third_of_a_percent_in_eight_hours(
    every: int, rate: float, passes: bool
) -> None:
    stamps, rates = START + every * HOUR * np.arange(9), np.full(9, rate)
    if passes:
        assert plausible_rates(stamps, rates, None, "rates.csv") is rates
        return
    with pytest.raises(InvalidCandles, match=r"rates\.csv has funding rates of"):
        plausible_rates(stamps, rates, None, "rates.csv")


def test_one_wild_rate_among_usual_ones_passes() -> None:
    rates = np.full(9, 0.0001)
    rates[3] = -0.02
    assert plausible_rates(START + 8 * HOUR * np.arange(9), rates, None, "rates.csv") is rates


def test_one_rate_in_every_candle_is_asked_for(tmp_path: Path) -> None:
    rates = ["0.0001"] * 48
    with pytest.raises(InvalidCandles, match=r"0\.0001 in every candle.*--funding-scale 1 .*funding=none"):
        own(tmp_path, rates)
    assert paid(own(tmp_path, rates, rules=CandleRules(funding_scale=8.0))) == pytest.approx(48 * 0.0001 / 8)
    assert paid(own(tmp_path, ["0"] * 48)) == 0
