"""Candles are read from Python by the command line's own rules."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

import genepool as gp
from genepool.adapters.files.catalogue import find_candles
from genepool.errors import ConfigError, InvalidCandles
from genepool.notebook.reading_flags import ReadingFlags
from genepool.reading.flags import FileFlags

SAMPLE = find_candles("btcusd_1h", Path("nowhere"))


def tail(count: int) -> pd.DataFrame:
    return gp.read("btcusd_1h").frame.tail(count)


def test_every_reading_flag_of_the_command_line_is_a_keyword() -> None:
    assert ReadingFlags.__optional_keys__ == {field.name for field in fields(FileFlags)}


def test_a_file_is_read_as_the_command_line_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    tail(300).reset_index().rename(columns={"time": "Opened"}).to_csv(file, index=False, sep=";")
    market = gp.read(file, symbol="OWN", column={"time": "Opened"}, allow_zero_volume=True)
    assert market.reading == ("--allow-zero-volume", "--symbol", "OWN", "--column", "time=Opened")
    assert (market.symbol, market.timeframe, len(market)) == ("OWN", "1h", 300)
    assert (market.candles.close == SAMPLE.close[-300:]).all()


def test_a_frame_gives_the_bits_that_it_holds_and_is_left_as_it_was() -> None:
    frame = tail(400)
    before = frame.copy()
    market = gp.candles(frame, symbol="BTCUSD", timeframe="1h", allow_zero_volume=True)
    assert market.candles.digest == SAMPLE.slice(len(SAMPLE) - 400, len(SAMPLE)).digest
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(market.frame, frame, check_freq=False)


def test_a_frame_with_a_column_of_times_in_any_zone_is_taken_too() -> None:
    frame = tail(400).tz_convert("Europe/Berlin").reset_index(names="timestamp")
    market = gp.candles(frame, symbol="BTCUSD", allow_zero_volume=True)
    assert market.candles.digest == SAMPLE.slice(len(SAMPLE) - 400, len(SAMPLE)).digest


def test_a_row_that_cannot_be_traded_on_is_named() -> None:
    frame = tail(400)
    frame.iloc[7, frame.columns.get_loc("high")] = 1.0
    with pytest.raises(InvalidCandles, match=r"dataframe\.feather, row 8: high 1"):
        gp.candles(frame, symbol="BTCUSD", allow_zero_volume=True)


def test_what_is_no_frame_and_a_flag_that_there_is_not_are_refused() -> None:
    with pytest.raises(ConfigError, match="this is a list"):
        gp.candles([1, 2], symbol="X")
    with pytest.raises(ConfigError, match="no reading flag 'seperator'"):
        gp.read("prices.csv", seperator=";")  # type: ignore[call-arg] # the mistake that is tested
    with pytest.raises(ConfigError, match="--repair says how a file is read"):
        gp.read("btcusd_1h", repair=True)
