"""A column of splits: applied, already in the prices, or refused; and jumps that look like one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.provenance import DataSet
from genepool.market.splits import split_jumps
from genepool.market.synthetic import synthetic_market
from genepool.usecases.market_doubts import doubts_of

CASES = Path(__file__).parents[2] / "data" / "cases"
APPLE = CASES / "split_unadjusted.csv"


def read(path: Path, columns: dict[str, str] | None = None, splits: bool = False) -> DataSet:
    options = ReadingOptions(columns=columns or {})
    return import_file(path, ImportOptions(reading=options, rules=CandleRules(splits=splits)))


def shares(
    folder: Path, ratio: float, written: str, prices_hold_it: bool, header: str = "Stock Splits"
) -> Path:
    """Write ten days, with a split before the sixth."""
    before = 100.0 if prices_hold_it else 100.0 * ratio
    rows = [f"Date,Open,High,Low,Close,Volume,{header}"]
    for day in range(1, 11):
        price = (before if day < 6 else 100.0) * (1 + 0.002 * (day % 3))
        split = written if day == 6 else "0.0"
        rows.append(f"2024-03-{day:02d},{price},{price * 1.01},{price * 0.99},{price},1000,{split}")
    path = folder / "shares.csv"
    path.write_text("\n".join(rows))
    return path


def test_split_unadjusted() -> None:
    with pytest.raises(
        InvalidCandles, match=r"row 6: a split of 4 that the prices before it do not hold .*--splits"
    ):
        read(APPLE)
    data = read(APPLE, splits=True)
    candles = data.candles
    assert candles.volume is not None
    assert candles.close[4] == 499.23 / 4
    assert candles.volume[4] == pytest.approx(4 * 46_907_479)
    assert candles.close[-1] == 120.96
    assert "splits that were applied to the prices before them: 1" in data.provenance.repairs


def test_a_jump_that_looks_like_a_split_is_named_where_no_column_tells_of_it() -> None:
    data = read(APPLE, columns={"splits": "none"})
    (jump,) = split_jumps(data.candles)
    assert (jump.ratio, jump.before, jump.after) == (4.0, 499.23, 127.58)
    assert "from 499.23 to 127.58 at 2020-08-31 00:00 UTC, which looks like a 4:1 split" in jump.sentence(
        "AAPL"
    )


def test_a_column_of_splits_is_offered_only_where_the_file_has_one() -> None:
    data = read(APPLE, columns={"splits": "none"})
    assert "--splits --column splits=split_coefficient" in " ".join(doubts_of(data, read_now=True))
    bare = replace(data, provenance=replace(data.provenance, unused=()))
    assert "--splits" not in " ".join(doubts_of(bare, read_now=True))


def test_splits_that_the_prices_hold_already_are_said_and_not_applied(tmp_path: Path) -> None:
    path = shares(tmp_path, 4, "4.0", prices_hold_it=True)
    for splits in (False, True):
        data = read(path, splits=splits)
        assert data.candles.close[0] == pytest.approx(100, rel=0.01)
        assert data.provenance.repairs == ("splits that the prices hold already: 1",)


@pytest.mark.parametrize(
    ("ratio", "written"),
    [
        (4.0, "4.0"),
        (0.1, "0.1"),
        (1.5, "3:2"),
        (20.0, "20/1"),
        (4.0, "4 for 1"),
        (4.0, "4-for-1"),
        (1.05, "1.05"),
    ],
)
def test_any_ratio_is_applied_to_the_prices_before_it(tmp_path: Path, ratio: float, written: str) -> None:
    path = shares(tmp_path, ratio, written, prices_hold_it=False, header="split_factor")
    with pytest.raises(InvalidCandles, match="--splits"):
        read(path)
    candles = read(path, splits=True).candles
    assert candles.close == pytest.approx([100 * (1 + 0.002 * (day % 3)) for day in range(1, 11)])
    assert candles.volume is not None
    assert candles.volume[[0, -1]] == pytest.approx([1000 * ratio, 1000])


def test_two_splits_multiply(tmp_path: Path) -> None:
    rows = ["Date,Open,High,Low,Close,Volume,splits"]
    for day, price, split in ((1, 600, 0), (2, 300, 2), (3, 100, 3), (4, 100, 1)):
        rows.append(f"2024-03-0{day},{price},{price},{price},{price},10,{split}")
    path = tmp_path / "shares.csv"
    path.write_text("\n".join(rows))
    candles = read(path, splits=True).candles
    assert candles.close.tolist() == [100.0] * 4
    assert candles.volume is not None
    assert candles.volume.tolist() == [60.0, 30.0, 10.0, 10.0]


@pytest.mark.parametrize("written", ["-1", "inf", "many"])
def test_what_is_no_ratio_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(InvalidCandles, match="row 7"):
        read(shares(tmp_path, 4, written, prices_hold_it=False), splits=True)


def test_the_flag_without_a_column_is_refused() -> None:
    with pytest.raises(InvalidCandles, match="has no column of splits for --splits"):
        read(CASES / "row_of_commas.csv", splits=True)


def test_splits_that_the_prices_hold_only_in_part_are_refused(tmp_path: Path) -> None:
    rows = ["Date,Open,High,Low,Close,Volume,splits"]
    for day, price, split in ((1, 200, 0), (2, 100, 2), (3, 100, 3), (4, 100, 1)):
        rows.append(f"2024-03-0{day},{price},{price},{price},{price},10,{split}")
    path = tmp_path / "shares.csv"
    path.write_text("\n".join(rows))
    with pytest.raises(InvalidCandles, match="row 4: the prices hold this split of 3, but not all others"):
        read(path)


@pytest.mark.parametrize("kind", ["noise", "regimes"])
def test_markets_without_splits_raise_no_doubt(kind: str) -> None:
    assert split_jumps(synthetic_market(kind, 3, 2_000, 0.0)) == []


def test_a_crash_within_candles_is_no_split() -> None:
    candles = synthetic_market("noise", 3, 500, 0.0)
    close = candles.close.copy()
    close[250:] /= 2
    opens = np.append(candles.open[0], close[:-1])
    crashed = type(candles)(
        "C",
        "1h",
        candles.stamps,
        opens,
        np.maximum(opens, close),
        np.minimum(opens, close),
        close,
    )
    assert split_jumps(crashed) == []


@pytest.mark.parametrize("written", ["1:4", "0.25"])
def test_a_ratio_the_other_way_round_is_refused(tmp_path: Path, written: str) -> None:
    path = shares(tmp_path, 4.0, written, prices_hold_it=False)
    for splits in (False, True):
        with pytest.raises(InvalidCandles, match=r"the prices go the other way, as for one of 4"):
            read(path, splits=splits)
