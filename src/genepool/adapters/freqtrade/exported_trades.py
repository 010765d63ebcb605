"""Trades that freqtrade exported: results of a backtest, zipped or not, or what its API says of trades."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from genepool.adapters.freqtrade.trade_records import trade_of
from genepool.backtest.live_trades import LiveTrade
from genepool.errors import DataError

_LARGEST = 500_000_000
_WANTED = "give freqtrade's results of a backtest, or its list of trades"


def read_exported_trades(file: Path) -> list[LiveTrade]:
    """Return the trades of an export, by time of entry; the trades of several strategies stand together.

    Raises
    ------
    DataError
        When it is no such export, or a trade cannot be.
    """
    try:
        document = json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON: {_WANTED}") from error
    trades = [
        trade_of({"strategy": strategy, **row}, f"{file}, {strategy and f'{strategy}, '}trade {number}")
        for strategy, rows in _lists(document, file)
        for number, row in enumerate(_rows(rows, file), 1)
    ]
    return sorted(trades, key=lambda trade: trade.entry)


def _lists(document: Any, file: Path) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(document, list):
        yield "", document
    elif isinstance(document, Mapping) and isinstance(document.get("strategy"), Mapping):
        for name, results in document["strategy"].items():
            yield str(name), results.get("trades") if isinstance(results, Mapping) else None
    elif isinstance(document, Mapping) and "trades" in document:
        yield "", document["trades"]
    else:
        raise DataError(f"{file} holds no trades: {_WANTED}")


def _rows(rows: Any, file: Path) -> list[Mapping[str, Any]]:  # noqa: ANN401 - as above
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise DataError(f"{file} holds no list of trades: {_WANTED}")
    return rows


def _text(file: Path) -> bytes:
    if file.stat().st_size > _LARGEST:
        raise DataError(f"{file} is larger than {_LARGEST:,} bytes: export fewer trades")
    if not (whole := file.read_bytes()).startswith(b"PK"):
        return whole
    try:
        with ZipFile(file) as packed:
            inner = [one for one in packed.infolist() if one.filename.endswith(".json")]
            results = [one for one in inner if not one.filename.endswith("_config.json")]
            if len(results) != 1:
                raise DataError(f"{file} holds {len(results)} files of results: {_WANTED}")
            if results[0].file_size > _LARGEST:
                raise DataError(f"{file} unpacks to more than {_LARGEST:,} bytes: export fewer trades")
            return packed.read(results[0])
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{file} cannot be unpacked: {error}") from error
