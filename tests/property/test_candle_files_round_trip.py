"""Whatever layout candles are written in, the same candles are read: to the last bit."""

import csv
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.adapters.files.candle_store import save
from genepool.adapters.files.catalogue import find_candles
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import Candles
from genepool.market.provenance import DataSet, Provenance

HOUR = 3_600
PRICES = st.floats(min_value=1e-9, max_value=1e12, allow_nan=False, width=64)


def text_time(pattern: str) -> Callable[[int], str]:
    return lambda second: datetime.fromtimestamp(second, UTC).strftime(pattern)


TIMES: list[Callable[[int], str]] = [
    *(lambda second, scale=scale: str(second * scale) for scale in (1, 10**3, 10**6, 10**9)),
    *map(
        text_time,
        [
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%SZ",
            "%Y-%m-%d %I-%p",
            "%d.%m.%Y %H:%M:%S.000",
            "%Y.%m.%d %H:%M",
            "%Y%m%d %H%M%S",
            "%d/%m/%Y %H:%M",
            "%m/%d/%Y %I:%M %p",
            "%Y-%m-%d %H:%M:%S+00:00",
        ],
    ),
]
HEADERS = [
    ("date", "open", "high", "low", "close", "volume"),
    ("Open time", "Open", "High", "Low", "Close", "Volume"),
    ("TIMESTAMP", "O", "H", "L", "C", "V"),
    ("<DATE>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<TICKVOL>"),
]


@dataclass(frozen=True)
class Layout:
    """One way to write candles down."""

    delimiter: str
    headers: tuple[str, ...]
    order: tuple[int, ...]
    time: Callable[[int], str]
    newest_first: bool
    junk: tuple[str, ...]
    mark: bool
    extra: bool


LAYOUTS = st.builds(
    Layout,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    headers=st.sampled_from(HEADERS),
    order=st.permutations(range(6)).map(tuple),
    time=st.sampled_from(TIMES),
    newest_first=st.booleans(),
    junk=st.sampled_from([(), ("Times are UTC",), ("# remark", "", "a,b;c|d")]),
    mark=st.booleans(),
    extra=st.booleans(),
)


@st.composite
def markets(draw: st.DrawFn) -> Candles:
    """Return 30 to 60 hourly candles with prices of any size."""
    # 13 hours apart for two weeks and more: day and month cannot be exchanged unnoticed.
    count = draw(st.integers(30, 60))
    start = draw(st.integers(400_000, 480_000)) * HOUR
    drawn = draw(st.lists(st.lists(PRICES, min_size=4, max_size=4), min_size=count, max_size=count))
    prices = np.sort(np.array(drawn), axis=1)
    volume = np.array(draw(st.lists(st.floats(1e-6, 1e15), min_size=count, max_size=count)))
    stamps = (start + 13 * HOUR * np.arange(count)) * 10**9
    low, open_, close, high = prices.T
    return Candles("ANY", "13h", stamps, open_, high, low, close, volume)


def written(candles: Candles, layout: Layout, path: Path) -> None:
    seconds = (candles.stamps // 10**9).tolist()
    assert candles.volume is not None
    columns = [column.tolist() for column in (candles.open, candles.high, candles.low, candles.close)]
    columns = [[layout.time(second) for second in seconds], *columns, candles.volume.tolist()]
    headers = [layout.headers[i] for i in layout.order] + ["note"] * layout.extra
    rows = [[*row, *["x"] * layout.extra] for row in zip(*(columns[i] for i in layout.order), strict=True)]
    text = StringIO()
    writer = csv.writer(text, delimiter=layout.delimiter)
    writer.writerows([headers, *(rows[::-1] if layout.newest_first else rows)])
    lines = "".join(f"{line}\n" for line in layout.junk)
    path.write_text(lines + text.getvalue(), encoding="utf-8-sig" if layout.mark else "utf-8")


@pytest.mark.slow
@settings(derandomize=True, deadline=None, max_examples=100)
@given(candles=markets(), layout=LAYOUTS)
def test_csv_in_any_layout_reads_back_to_the_same_digest(candles: Candles, layout: Layout) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.csv"
        written(candles, layout, path)
        read = import_file(path, ImportOptions(symbol="ANY", rules=CandleRules(timeframe="13h")))
    assert read.candles.digest == candles.digest
    assert bool(read.provenance.repairs) == layout.newest_first


@settings(derandomize=True, deadline=None, max_examples=30)
@given(candles=markets(), synthetic=st.booleans())
def test_the_store_reads_back_to_the_same_digest(candles: Candles, synthetic: bool) -> None:
    kept = Candles(**{**vars(candles), "synthetic": synthetic})
    with tempfile.TemporaryDirectory() as folder:
        path = save(DataSet(kept, Provenance("test")), Path(folder))
        read = find_candles(str(path), Path(folder))
    assert read.digest == candles.digest
    assert read.synthetic == synthetic
