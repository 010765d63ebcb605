"""The clock of a funding file: that of the candles' file, another one, or asked for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from genepool.adapters.files.importing import import_file
from genepool.errors import ConfigError, InvalidCandles
from genepool.market.provenance import DataSet
from genepool.reading.flags import FileFlags
from genepool.reading.options import file_options

BERLIN = "Europe/Berlin"
HOUR = timedelta(hours=1)
AUTUMN, SUMMER = datetime(2023, 10, 25, tzinfo=UTC), datetime(2023, 7, 3, tzinfo=UTC)


def hourly(begin: datetime, days: int) -> list[datetime]:
    return [begin + HOUR * i for i in range(24 * days)]


def stamped(times: list[datetime], zone: str | None) -> list[str]:
    """Write times as a zone's clock shows them, without its name; in seconds where there is none."""
    if zone is None:
        return [str(int(time.timestamp())) for time in times]
    return [f"{time.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for time in times]


def candles(folder: Path, begin: datetime, zone: str | None, days: int = 9) -> Path:
    path = folder / "perp.csv"
    rows = [f"{stamp},100,101,99,100,5" for stamp in stamped(hourly(begin, days), zone)]
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows))
    return path


def rates(folder: Path, begin: datetime, zone: str | None, every: int = 8, days: int = 9) -> Path:
    """Write rates that tell their hour: 0.0001 for the first, 0.0002 for the next."""
    times = hourly(begin, days)[::every]
    path = folder / "rates.csv"
    rows = [f"{stamp},{(i + 1) / 10_000:.4f}" for i, stamp in enumerate(stamped(times, zone))]
    path.write_text("time,funding_rate\n" + "\n".join(rows))
    return path


def joined(path: Path, funding: Path, **flags: object) -> DataSet:
    asked = FileFlags(funding=funding, funding_scale=1, trim_to_funding=True, **flags)  # type: ignore[arg-type] # any flag
    return import_file(path, file_options(asked))


def charged(data: DataSet) -> list[int]:
    """Return the hours of the day, in UTC, at which something is charged."""
    held = data.candles
    assert held.funding is not None
    return sorted({int(hour) for hour in held.stamps[held.funding != 0] // 3_600_000_000_000 % 24})


def test_wall_clock_rates_are_read_in_the_zone_of_wall_clock_candles(tmp_path: Path) -> None:
    data = joined(
        candles(tmp_path, AUTUMN, BERLIN, 4), rates(tmp_path, AUTUMN, BERLIN, days=4), timezone=BERLIN
    )
    assert charged(data) == [0, 8, 16]
    assert f"funding: stamps read as the wall clock of {BERLIN}" in data.provenance.repairs


def test_hours_that_come_twice_are_told_apart_and_counted(tmp_path: Path) -> None:
    path, funding = candles(tmp_path, AUTUMN, BERLIN), rates(tmp_path, AUTUMN, BERLIN, every=1)
    data = joined(path, funding, timezone=BERLIN)
    twice = f"funding: stamps in hours that the clock of {BERLIN} shows twice, told apart by their order: 2"
    assert twice in data.provenance.repairs
    assert data.candles.funding is not None
    assert np.allclose(np.diff(data.candles.funding), 1e-4)


def test_an_hour_that_stands_there_once_is_counted(tmp_path: Path) -> None:
    data = joined(candles(tmp_path, AUTUMN, BERLIN), rates(tmp_path, AUTUMN, BERLIN), timezone=BERLIN)
    assert any("stand there only once" in said for said in data.provenance.repairs)
    assert charged(data) == [0, 8, 16]


@pytest.mark.parametrize("every", [1, 8])
def test_rates_in_utc_beside_wall_clock_candles_are_asked_about(tmp_path: Path, every: int) -> None:
    path, funding = candles(tmp_path, AUTUMN, BERLIN), rates(tmp_path, AUTUMN, "UTC", every)
    with pytest.raises(InvalidCandles, match=rf"--funding-timezone {BERLIN} or --funding-timezone UTC$"):
        joined(path, funding, timezone=BERLIN)
    assert charged(joined(path, funding, timezone=BERLIN, funding_timezone="UTC"))[:2] == [0, every]


def test_rates_on_the_hours_of_their_period_are_asked_about_without_a_change_of_clocks(
    tmp_path: Path,
) -> None:
    with pytest.raises(InvalidCandles, match="may be in UTC or in"):
        joined(candles(tmp_path, SUMMER, BERLIN), rates(tmp_path, SUMMER, "UTC"), timezone=BERLIN)


def test_wall_clock_rates_beside_candles_in_utc_are_asked_about(tmp_path: Path) -> None:
    path, funding = candles(tmp_path, SUMMER, None), rates(tmp_path, SUMMER, BERLIN)
    with pytest.raises(InvalidCandles, match="name no zone"):
        joined(path, funding, timezone=BERLIN)
    assert charged(joined(path, funding, funding_timezone=BERLIN)) == [0, 8, 16]


def test_rates_that_show_a_change_of_clocks_are_never_taken_as_utc(tmp_path: Path) -> None:
    path, funding = candles(tmp_path, AUTUMN, None), rates(tmp_path, AUTUMN, BERLIN)
    with pytest.raises(InvalidCandles, match=rf"rates\.csv, row \d+: .*--funding-timezone {BERLIN}"):
        joined(path, funding)


def test_rates_that_name_their_zone_are_moved_by_no_flag(tmp_path: Path) -> None:
    path, funding = candles(tmp_path, SUMMER, BERLIN), rates(tmp_path, SUMMER, None)
    assert charged(joined(path, funding, timezone=BERLIN)) == [0, 8, 16]
    told = joined(path, funding, timezone=BERLIN, funding_timezone=BERLIN).provenance.repairs
    assert any("--funding-timezone moves none of them" in said for said in told)


def test_rates_and_candles_in_utc_need_no_flag(tmp_path: Path) -> None:
    assert charged(joined(candles(tmp_path, AUTUMN, "UTC"), rates(tmp_path, AUTUMN, "UTC"))) == [0, 8, 16]


def test_late_stamps_of_a_venue_show_their_clock_too(tmp_path: Path) -> None:
    funding = rates(tmp_path, AUTUMN, "UTC")
    funding.write_text(funding.read_text().replace(":00,", ":00:00.007,"))
    path = candles(tmp_path, AUTUMN, BERLIN)
    with pytest.raises(InvalidCandles, match="--funding-timezone UTC"):
        joined(path, funding, timezone=BERLIN)


def test_a_zone_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--funding-timezone is 'Berlin', which is no zone"):
        joined(tmp_path / "a.csv", tmp_path / "b.csv", funding_timezone="Berlin")


def test_a_zone_of_funding_needs_a_file_of_it() -> None:
    with pytest.raises(ConfigError, match="add --funding FILE"):
        file_options(FileFlags(funding_timezone="UTC"))
