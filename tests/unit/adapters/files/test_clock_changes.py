"""Stamps that a wall clock showed: named zones, hours that come twice or not at all, and what is inferred."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.clock_changes import localised, zone_of_clock_change
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.adapters.files.zones import zone_of_steady_clock
from genepool.market.candles import IntArray

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = 1_000_000_000


def instants(start: str, step: timedelta, count: int) -> IntArray:
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return np.array([round((first + step * i).timestamp()) * SECOND for i in range(count)])


def shown(stamps: IntArray, zone: str) -> IntArray:
    """Return what a clock of the zone showed, by Python's own rules."""
    clocks = [datetime.fromtimestamp(int(stamp) // SECOND, ZoneInfo(zone)) for stamp in stamps]
    return np.array([round(clock.replace(tzinfo=UTC).timestamp()) * SECOND for clock in clocks])


CHANGES = [
    ("Europe/Berlin", "2018-10-25", HOUR, 200),
    ("Europe/Berlin", "2018-03-20", HOUR, 200),
    ("Europe/Berlin", "2018-10-27T20:00", MINUTE, 500),
    ("Europe/London", "2018-10-25", HOUR, 200),
    ("America/New_York", "2018-03-09", HOUR, 200),
    ("America/New_York", "2018-01-01", HOUR, 9_000),
    ("Australia/Sydney", "2018-03-28", HOUR, 200),
    ("Europe/Berlin", "2018-10-25", HOUR * 4, 50),
    ("America/New_York", "2018-01-01", DAY, 400),
]


@pytest.mark.parametrize(("zone", "start", "step", "count"), CHANGES)
@pytest.mark.parametrize("newest_first", [False, True])
def test_a_named_clock_gives_back_the_instants(
    zone: str, start: str, step: timedelta, count: int, newest_first: bool
) -> None:
    stamps = instants(start, step, count)[:: -1 if newest_first else 1]
    assert localised(shown(stamps, zone), zone).stamps.tolist() == stamps.tolist()


@pytest.mark.parametrize(("zone", "start", "step", "count"), CHANGES)
@pytest.mark.parametrize("newest_first", [False, True])
def test_a_clock_that_is_set_is_seen_and_the_zone_that_is_offered_mends_it(
    zone: str, start: str, step: timedelta, count: int, newest_first: bool
) -> None:
    stamps = instants(start, step, count)[:: -1 if newest_first else 1]
    wall = shown(stamps, zone)
    found = zone_of_clock_change(wall, round(step / timedelta(seconds=1)) * SECOND)
    assert found is not None
    assert set(np.abs(np.diff(localised(wall, found[0]).stamps))) == {round(step.total_seconds()) * SECOND}


def test_stamps_in_utc_show_no_clock() -> None:
    assert zone_of_clock_change(instants("2018-01-01", HOUR, 9_000), 3_600 * SECOND) is None


def test_an_hour_without_candles_on_another_day_is_no_clock_change() -> None:
    stamps = np.delete(instants("2018-10-20", HOUR, 400), 100)
    assert zone_of_clock_change(stamps, 3_600 * SECOND) is None


def test_hours_that_need_a_decision_are_counted() -> None:
    wall = shown(instants("2018-10-27", HOUR, 72), "Europe/Berlin")
    both = localised(wall, "Europe/Berlin")
    assert (both.twice, both.once, both.missing) == (2, 0, 0)
    second = int(np.flatnonzero(np.diff(wall) == 0)[0]) + 1
    once = localised(np.delete(wall, second), "Europe/Berlin")
    assert (once.twice, once.once, once.missing) == (0, 1, 0)
    missing = localised(instants("2018-03-24", HOUR, 72), "Europe/Berlin")
    assert (missing.twice, missing.once, missing.missing) == (0, 0, 1)
    assert missing.sentences("Europe/Berlin") == [
        "stamps in hours that the clock of Europe/Berlin leaves out, read an hour later: 1"
    ]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Sydney"])
def test_the_zone_of_daily_candles_is_inferred_from_their_steady_clock(zone: str) -> None:
    days = [datetime(2018, 1, 1, tzinfo=ZoneInfo(zone)) + DAY * i for i in range(400)]
    stamps = np.array([round(day.timestamp()) * SECOND for day in days])
    assert zone_of_steady_clock(stamps, 86_400 * SECOND) == zone
    assert zone_of_steady_clock(instants("2018-01-01", DAY, 400), 86_400 * SECOND) == ""


def zone_read(folder: Path, stamps: list[str]) -> str:
    path = folder / "prices.csv"
    path.write_text("time,open,high,low,close\n" + "".join(f"{stamp},1,2,1,2\n" for stamp in stamps))
    raw, understood = read_candles(path, ReadingOptions())
    assert raw.zone == understood.zone
    return raw.zone


@pytest.mark.parametrize(
    ("offsets", "zone"),
    [
        (("-05:00", "-04:00"), "America/New_York"),
        (("+0000", "+0100"), "Europe/London"),
        (("+03:00", "+03:00"), "Etc/GMT-3"),
        (("+05:30", "+05:30"), "Asia/Kolkata"),
        (("+00:00", "+00:00"), ""),
        (("Z", "Z"), ""),
        (("", ""), ""),
    ],
)
def test_offsets_in_the_file_tell_the_zone(tmp_path: Path, offsets: tuple[str, str], zone: str) -> None:
    stamps = [f"2018-01-{day:02d}T00:00:00{offsets[0]}" for day in range(1, 31)]
    stamps += [f"2018-07-{day:02d}T00:00:00{offsets[1]}" for day in range(1, 31)]
    assert zone_read(tmp_path, stamps) == zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("America/New_York", "America/New_York"), ("+03:00", "Etc/GMT-3"), ("UTC", ""), (None, "")],
)
def test_the_zone_of_typed_times_is_kept(tmp_path: Path, typed: str | None, zone: str) -> None:
    times = pd.date_range("2018-01-01", periods=9, freq="h", tz=typed)
    prices = dict.fromkeys(("open", "high", "low", "close"), 1.0)
    pd.DataFrame({"time": times, **prices}).to_parquet(tmp_path / "prices.parquet")
    raw, _ = read_candles(tmp_path / "prices.parquet", ReadingOptions())
    assert raw.zone == zone


def test_a_named_zone_moves_no_stamp_that_has_its_own(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("time,open,high,low,close\n1531000800,1,2,1,2\n1531004400,1,2,1,2\n")
    raw, understood = read_candles(path, ReadingOptions(timezone="America/New_York"))
    assert raw.stamps[0] == 1_531_000_800 * SECOND
    assert raw.zone == "America/New_York"
    assert "--timezone America/New_York moves none of them" in understood.notes[0]
