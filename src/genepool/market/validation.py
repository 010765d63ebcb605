"""Judge columns before they become candles: refuse, or repair on request and say what was done.

Pure functions on arrays. Every refusal is one sentence that names the source, the row and a remedy.
"""

from dataclasses import dataclass, replace

import numpy as np

from genepool.errors import HistoryTooShort, InvalidCandles
from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray, IntArray
from genepool.market.closed_hours import without_closed
from genepool.market.gaps import Calendar, Gaps, chosen_calendar, gaps_between
from genepool.market.own_rates import with_rates
from genepool.market.price_rows import widened, with_prices
from genepool.market.raw_columns import COLUMNS, RawColumns, refuse
from genepool.market.repairs import ordered, with_gaps_filled
from genepool.market.rules import Repairs, Rules
from genepool.market.splits import split_adjusted
from genepool.market.timeframes import SECOND, timeframe_name, timeframe_nanoseconds, utc
from genepool.market.volume import check_traded, with_volume


@dataclass(frozen=True, eq=False)
class Checked:
    """Columns that passed, their timeframe and calendar, what was repaired and which gaps remain."""

    columns: RawColumns
    timeframe: str
    calendar: Calendar
    repairs: Repairs
    gaps: Gaps

    def candles(self, symbol: str, funding: FloatArray | None = None) -> Candles:
        """Return the columns as candles of a symbol; a funding column given here replaces the source's."""
        held = self.columns
        return Candles(
            symbol=symbol,
            timeframe=self.timeframe,
            stamps=held.stamps,
            open=held.open,
            high=held.high,
            low=held.low,
            close=held.close,
            volume=held.volume,
            funding=held.funding if funding is None else funding,
        )


def checked(raw: RawColumns, rules: Rules, source: str) -> Checked:
    """Return columns that can be traded on.

    Parameters
    ----------
    raw
        Columns in the order of their source.
    rules
        What is asked of them, and whether they may be repaired.
    source
        Name of the file or venue, for messages.

    Raises
    ------
    InvalidCandles
        When a row breaks a rule; the sentence names source, row and remedy.
    HistoryTooShort
        When there are fewer candles than asked.
    """
    raw, repairs = with_prices(raw, Repairs(), rules, source)
    _check_length(raw, rules, source)
    raw, repairs = _checked_cells(raw, repairs, rules, source)
    raw, repairs = ordered(raw, repairs, rules, source)
    raw, repairs = split_adjusted(raw, repairs, rules, source)
    raw, repairs = _without_future(raw, repairs, rules, source)
    step = _step(raw, rules, source)
    raw, repairs = _without_unfinished(raw, repairs, rules, step)
    raw, repairs = without_closed(raw, repairs, rules, step)
    check_traded(raw, rules, source)
    _check_length(raw, rules, source)
    calendar = rules.calendar or chosen_calendar(raw.stamps)
    _check_spacing(raw, step, source)
    if rules.repair and rules.fill:
        before = len(raw)
        raw = with_gaps_filled(raw, step, calendar, rules.fill)
        repairs = replace(repairs, candles_filled=len(raw) - before)
    gaps = _checked_gaps(raw, step, calendar, rules, source)
    return Checked(raw, timeframe_name(step), calendar, repairs, gaps)


def _check_length(raw: RawColumns, rules: Rules, source: str) -> None:
    if len(raw) < max(rules.least, 2):
        raise HistoryTooShort(
            f"{source} has {len(raw)} candles and at least {max(rules.least, 2):,} are needed: "
            "give a longer history"
        )


def _checked_cells(
    raw: RawColumns, repairs: Repairs, rules: Rules, source: str
) -> tuple[RawColumns, Repairs]:
    raw, repairs = with_volume(raw, repairs, rules, source)
    raw = with_rates(raw, rules, source)
    for name in COLUMNS:
        column = getattr(raw, name)
        if column is not None:
            what = f"{name} is {{{name}}}, which is no finite number"
            refuse(raw, ~np.isfinite(column), source, what, "correct or delete the row")
    for name in PRICE_COLUMNS:
        what = f"{name} is {{{name}}}: a price must be positive"
        refuse(raw, getattr(raw, name) <= 0, source, what, "correct or delete the row")
    wrong = raw.high < raw.low
    what = "high {high} is below low {low}"
    refuse(raw, wrong, source, what, "correct the row, or name the columns with --column high=HEADER")
    raw, repairs = widened(raw, repairs, rules, source)
    if not rules.drop_flat:
        check_traded(raw, rules, source)
    return raw, repairs


def _without_future(
    raw: RawColumns, repairs: Repairs, rules: Rules, source: str
) -> tuple[RawColumns, Repairs]:
    if rules.now is not None and raw.stamps[-1] > rules.now:
        i = int(np.searchsorted(raw.stamps, rules.now, side="right"))
        raise InvalidCandles(
            f"{source}, row {raw.rows[i]}: its stamp {utc(raw.stamps[i])} lies in the future: "
            "check the unit and the format of the stamps, and name the format with --time-format"
        )
    return raw, repairs


def _step(raw: RawColumns, rules: Rules, source: str) -> int:
    """Return the timeframe in nanoseconds; the one asked for must be the commonest spacing."""
    spacings, counts = np.unique(np.diff(raw.stamps), return_counts=True)
    commonest = int(spacings[np.argmax(counts)])
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
            f"{rules.timeframe}: give --timeframe {timeframe_name(commonest)}, or another file"
        )
    return asked


def _without_unfinished(
    raw: RawColumns, repairs: Repairs, rules: Rules, step: int
) -> tuple[RawColumns, Repairs]:
    if rules.now is None or int(raw.stamps[-1]) + step <= rules.now:
        return raw, repairs
    return raw.take(slice(None, -1)), replace(repairs, unfinished_dropped=1)


def _check_spacing(raw: RawColumns, step: int, source: str) -> None:
    spacing = np.diff(raw.stamps)
    wrong = np.append(False, spacing % step != 0)
    if wrong.any():
        seconds = spacing[np.argmax(wrong) - 1] / SECOND
        what = f"it opens {seconds:g} seconds after the candle before, no multiple of {timeframe_name(step)}"
        refuse(raw, wrong, source, what, "give stamps of one timeframe, in UTC")


def _checked_gaps(raw: RawColumns, step: int, calendar: Calendar, rules: Rules, source: str) -> Gaps:
    gaps = gaps_between(raw.stamps, step, calendar)
    wrong = np.flatnonzero(~gaps.expected & (gaps.missing > rules.max_gap))
    if len(wrong):
        raise InvalidCandles(_gap_sentence(raw, gaps.after[wrong], gaps.missing[wrong], calendar, source))
    return gaps


def _gap_sentence(
    raw: RawColumns, after: IntArray, missing: IntArray, calendar: Calendar, source: str
) -> str:
    i, worst = int(after[0]), int(missing.max())
    several = f" ({len(after):,} such gaps, the longest of {worst:,})" if len(after) > 1 else ""
    rest = "" if calendar is Calendar.WEEKDAYS else ", --calendar weekdays if the market rests at weekends"
    what = "1 candle is" if missing[0] == 1 else f"{missing[0]:,} candles are"
    return (
        f"{source}, row {raw.rows[i + 1]}: {what} missing between {utc(raw.stamps[i])} and "
        f"{utc(raw.stamps[i + 1])}{several}: accept this with --max-gap {worst}{rest}, "
        "or fill short gaps with --repair --fill N"
    )
