"""Judge columns before they become candles: refuse, or repair on request and say what was done.

Pure functions on arrays. Every refusal is one sentence that names the source, the row and a remedy.
"""

from dataclasses import dataclass, replace

import numpy as np

from genepool.errors import HistoryTooShort, InvalidCandles
from genepool.market.candle_rules import CandleRules, Repairs
from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray
from genepool.market.closed_hours import without_closed
from genepool.market.gaps import Calendar, Gaps, chosen_calendar
from genepool.market.own_rates import with_rates
from genepool.market.periods import end_of
from genepool.market.price_rows import widened, with_prices
from genepool.market.raw_columns import COLUMNS, RawColumns, refuse
from genepool.market.repairs import ordered, with_gaps_filled
from genepool.market.spacing import check_spacing, checked_gaps, chosen_step
from genepool.market.splits import split_adjusted
from genepool.market.timeframes import timeframe_name, utc
from genepool.market.volume import check_traded, with_volume
from genepool.remedies import by_hand, to_fill_in


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


def checked(raw: RawColumns, rules: CandleRules, source: str) -> Checked:
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
    step = chosen_step(raw, rules, source)
    raw, repairs = _without_unfinished(raw, repairs, rules, step)
    raw, repairs = without_closed(raw, repairs, rules, step)
    check_traded(raw, rules, source)
    _check_length(raw, rules, source)
    calendar = rules.calendar or chosen_calendar(raw.stamps, step)
    check_spacing(raw, step, calendar, source)
    if rules.repair and rules.fill:
        before = len(raw)
        raw = with_gaps_filled(raw, step, calendar, rules.fill)
        repairs = replace(repairs, candles_filled=len(raw) - before)
    gaps = checked_gaps(raw, step, calendar, rules, source)
    return Checked(raw, timeframe_name(step), calendar, repairs, gaps)


def _check_length(raw: RawColumns, rules: CandleRules, source: str) -> None:
    if len(raw) < max(rules.least, 2):
        raise HistoryTooShort(
            f"{source} has {len(raw)} candles and at least {max(rules.least, 2):,} are needed: "
            "give a longer history"
        )


def _checked_cells(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str
) -> tuple[RawColumns, Repairs]:
    raw, repairs = with_volume(raw, repairs, rules, source)
    raw = with_rates(raw, rules, source)
    for name in COLUMNS:
        column = getattr(raw, name)
        if column is not None:
            what = f"{name} is {{{name}}}, which is no finite number"
            refuse(raw, ~np.isfinite(column), source, what, by_hand("correct or delete the row"))
    for name in PRICE_COLUMNS:
        what = f"{name} is {{{name}}}: a price must be positive"
        refuse(raw, getattr(raw, name) <= 0, source, what, by_hand("correct or delete the row"))
    wrong = raw.high < raw.low
    what = "high {high} is below low {low}"
    name_columns = to_fill_in("name the columns with", "--column", "high=HEADER")
    refuse(raw, wrong, source, what, by_hand("correct the row"), name_columns)
    raw, repairs = widened(raw, repairs, rules, source)
    if not rules.drop_flat:
        check_traded(raw, rules, source)
    return raw, repairs


def _without_future(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str
) -> tuple[RawColumns, Repairs]:
    if rules.now is not None and raw.stamps[-1] > rules.now:
        i = int(np.searchsorted(raw.stamps, rules.now, side="right"))
        raise InvalidCandles(
            f"{source}, row {raw.rows[i]}: its stamp {utc(raw.stamps[i])} lies in the future",
            to_fill_in(
                "check the unit and the format of the stamps, and name the format with", "--time-format"
            ),
        )
    return raw, repairs


def _without_unfinished(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, step: int
) -> tuple[RawColumns, Repairs]:
    if rules.now is None or end_of(int(raw.stamps[-1]), step) <= rules.now:
        return raw, repairs
    return raw.take(slice(None, -1)), replace(repairs, unfinished_dropped=1)
