"""A trade as freqtrade writes it, as one of ours; its database and its exports have the same names."""

from collections.abc import Mapping
from typing import Any

from genepool.backtest.live_trades import LiveTrade
from genepool.errors import DataError
from genepool.market.moments import nanoseconds

REQUIRED = ("pair", "open_date", "open_rate", "amount", "fee_open", "fee_close")
OPTIONAL = (
    "close_date",
    "close_rate",
    "is_open",
    "is_short",
    "funding_fees",
    "profit_abs",
    "close_profit_abs",
    "strategy",
)


def trade_of(row: Mapping[str, Any], where: str) -> LiveTrade:
    """Return a trade; ``where`` names file and row for messages.

    Fees are its rates on the notional at both ends, whatever currency they were taken in. freqtrade counts
    funding that was received as positive.

    Raises
    ------
    DataError
        When a column is missing or holds what it cannot.
    """
    if lacking := [name for name in REQUIRED if row.get(name) is None]:
        raise DataError(f"{where} has no {lacking[0]}: give a record of freqtrade's trades")
    open_ = bool(row.get("is_open")) or row.get("close_date") is None
    units, entry_price = _number(row, "amount", where), _number(row, "open_rate", where)
    exit_price = None if open_ else _number(row, "close_rate", where)
    fees = units * entry_price * _number(row, "fee_open", where)
    if exit_price is not None:
        fees += units * exit_price * _number(row, "fee_close", where)
    said = "close_profit_abs" if row.get("close_profit_abs") is not None else "profit_abs"
    try:
        return LiveTrade(
            _moment(row, "open_date", where),
            None if open_ else _moment(row, "close_date", where),
            -1 if row.get("is_short") else 1,
            units,
            entry_price,
            exit_price,
            fees,
            -_number(row, "funding_fees", where, 0.0),
            None if open_ or row.get(said) is None else _number(row, said, where),
            str(row["pair"]),
            str(row.get("strategy") or ""),
        )
    except ValueError as error:
        raise DataError(f"{where}, {error}: correct it, or leave the trade out") from error


def _number(row: Mapping[str, Any], name: str, where: str, otherwise: float | None = None) -> float:
    value = row.get(name)
    if value is None and otherwise is not None:
        return otherwise
    try:
        return float(value)  # type: ignore[arg-type] # what is no number is refused here
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}, {name}: {value!r} is no number") from error


def _moment(row: Mapping[str, Any], name: str, where: str) -> int:
    try:
        return nanoseconds(str(row[name]))
    except ValueError as error:
        raise DataError(f"{where}, {name}: {row[name]!r} is no time") from error
