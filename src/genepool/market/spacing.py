"""Judge how candles follow each other: their timeframe, their grid, and what is missing between them."""

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.arrays import BoolArray, IntArray
from genepool.market.candle_rules import CandleRules
from genepool.market.gaps import Calendar, Gaps, gaps_between
from genepool.market.periods import calendar_step, periods
from genepool.market.raw_columns import RawColumns, refuse
from genepool.market.sessions import learned
from genepool.market.timeframes import DAY, HOUR, SECOND, WEEK, timeframe_name, timeframe_nanoseconds, utc
from genepool.market.weekdays import open_weekdays, traded_days, weekday
from genepool.remedies import Flag, Remedy, by_flag, by_hand

_MOST_NAMED = 4
# A hole of fewer hours swallows no trading day: what lies in it is the market's own rest.
_HALF_A_DAY = 6 * HOUR


def chosen_step(raw: RawColumns, rules: CandleRules, source: str) -> int:
    """Return the timeframe in nanoseconds; the one asked for must be the commonest spacing.

    Raises
    ------
    InvalidCandles
        When it is no timeframe, or another one.
    """
    spacings, counts = np.unique(np.diff(raw.stamps), return_counts=True)
    commonest = calendar_step(raw.stamps, int(spacings[np.argmax(counts)]))
    if commonest % SECOND:
        raise InvalidCandles(
            f"{source}, row {raw.rows[1]}: candles are {commonest / SECOND:.9g} seconds apart, which is no "
            "timeframe: check the unit and the format of the stamps"
        )
    if rules.timeframe is None:
        return commonest
    asked = timeframe_nanoseconds(rules.timeframe)
    if asked != commonest:
        raise InvalidCandles(
            f"{source}, row {raw.rows[1]}: the commonest spacing is {timeframe_name(commonest)} and not "
            f"{rules.timeframe}",
            by_flag("give", "--timeframe", timeframe_name(commonest)),
            by_hand("give another file"),
        )
    return asked


def check_spacing(raw: RawColumns, step: int, calendar: Calendar, source: str) -> None:
    """Refuse candles that do not lie on the grid of their timeframe, in the market's own clock.

    Raises
    ------
    InvalidCandles
        With the first row that does not.
    """
    wrong = _off_grid(raw.stamps, step, calendar)
    if wrong.any():
        seconds = np.diff(raw.stamps)[np.argmax(wrong) - 1] / SECOND
        what = f"it opens {seconds:g} seconds after the candle before, no multiple of {timeframe_name(step)}"
        refuse(raw, wrong, source, what, by_hand("give stamps of one timeframe, in UTC"))


def _off_grid(stamps: IntArray, step: int, calendar: Calendar) -> BoolArray:
    sessions = learned(stamps, step) if calendar is Calendar.SESSIONS else None
    if sessions is None:
        return periods(stamps, step).wrong
    # A session may open at half past nine and have hours from ten on, or a break of an hour and a half.
    usual = np.isin(sessions.offset, sessions.slots)
    return np.append(False, np.diff(stamps) % step != 0) & ~usual


def checked_gaps(raw: RawColumns, step: int, calendar: Calendar, rules: CandleRules, source: str) -> Gaps:
    """Return the gaps, all of them explained by the calendar or allowed.

    Raises
    ------
    InvalidCandles
        When there is a longer one, with the days that it swallowed.
    """
    gaps = gaps_between(raw.stamps, step, calendar)
    wrong = np.flatnonzero(~gaps.expected & (gaps.missing > rules.max_gap))
    if len(wrong):
        after, missing = gaps.after[wrong], gaps.missing[wrong]
        what = _gap_sentence(raw, after, missing, (step, calendar), source)
        raise InvalidCandles(what, *_gap_remedies(int(missing.max()), step, calendar))
    return gaps


def _gap_sentence(
    raw: RawColumns, after: IntArray, missing: IntArray, kept: tuple[int, Calendar], source: str
) -> str:
    i, worst, (step, calendar) = int(after[0]), int(missing.max()), kept
    several = f" ({len(after):,} such gaps, the longest of {worst:,})" if len(after) > 1 else ""
    what = "1 candle is" if missing[0] == 1 else f"{missing[0]:,} candles are"
    long = calendar is not Calendar.CONTINUOUS and missing[0] * step >= _HALF_A_DAY and step < WEEK
    days = _days_without(raw.stamps, i) if long else ""
    return (
        f"{source}, row {raw.rows[i + 1]}: {what} missing between {utc(raw.stamps[i])} and "
        f"{utc(raw.stamps[i + 1])}{days}{several}"
    )


def _gap_remedies(worst: int, step: int, calendar: Calendar) -> list[Remedy]:
    accept = "accept this with"
    remedies = [by_flag(accept, "--max-gap", worst)]
    if calendar is Calendar.CONTINUOUS and step <= DAY:
        remedies.append(by_flag(accept, "--calendar", "weekdays", "if the market rests at weekends"))
    if step < DAY:
        remedies.append(Remedy("fill the gaps with", (Flag("--repair"), Flag("--fill", str(worst)))))
    return remedies


def _days_without(stamps: IntArray, i: int) -> str:
    """Name the trading days between two candles that have none."""
    between: IntArray = np.arange(stamps[i] // DAY + 1, stamps[i + 1] // DAY)
    trading = between[open_weekdays(traded_days(stamps))[weekday(between)]]
    if not len(trading):
        return ""
    names = [np.datetime64(int(day), "D").item().strftime("%A %Y-%m-%d") for day in trading[:_MOST_NAMED]]
    more = f" and {len(trading) - _MOST_NAMED:,} more" if len(trading) > _MOST_NAMED else ""
    return f", with nothing on {', '.join(names)}{more}"
