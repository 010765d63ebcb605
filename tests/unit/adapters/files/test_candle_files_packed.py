"""Packed files, encodings, and kinds of files that are refused by name."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from genepool.adapters.files.limits import TextLimits
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.packed import unpacked
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles

CASES = Path(__file__).parents[3] / "data/cases"
TEXT = "open_time,open,high,low,close,volume\n" + "".join(
    f"{1569146400000 + 3600000 * i},10011.74,10026.69,9986.12,10000,{i + 1}\n" for i in range(20)
)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def written(folder: Path, content: bytes, name: str = "prices.bin") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read_candles(path, ReadingOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_text_is_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    raw, _ = read_candles(written(tmp_path, pack(TEXT.encode())), ReadingOptions())
    assert (len(raw), raw.open[0], raw.rows[0]) == (20, 10011.74, 2)


def test_xz_in_several_streams_is_read(tmp_path: Path) -> None:
    half = len(TEXT) // 2
    parts = lzma.compress(TEXT[:half].encode()) + b"\0" * 4 + lzma.compress(TEXT[half:].encode())
    assert len(read_candles(written(tmp_path, parts), ReadingOptions())[0]) == 20


@pytest.mark.parametrize("beside", [{}, {"__MACOSX/._BTCUSDT-1h.csv": b"\0\1", ".DS_Store": b"\0"}])
def test_binance_month(tmp_path: Path, beside: dict[str, bytes]) -> None:
    path = written(tmp_path, zipped({"BTCUSDT-1h-2019-09.csv": TEXT.encode(), **beside}), "month.zip")
    raw, understood = read_candles(path, ReadingOptions())
    assert (len(raw), raw.close[0]) == (20, 10000.0)
    assert "comma between cells" in understood.layout


def locked() -> bytes:
    content = bytearray(zipped({"a.csv": TEXT.encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def of_a_later_version() -> bytes:
    content = bytearray(zipped({"a.csv": TEXT.encode()}))
    for mark, at in ((b"PK\x03\x04", 4), (b"PK\x01\x02", 6)):
        content[content.index(mark) + at] = 99
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (of_a_later_version(), "is packed in a way that is not read: unpack it and give what it holds"),
        (
            zipped({"a.csv": b"1", "b.csv": b"2"}),
            "archive with 2 files (a.csv, b.csv): unpack it and give one",
        ),
        (
            zipped({f"{i}.csv": b"1" for i in range(9)}),
            "archive with 9 files (0.csv, 1.csv, 2.csv, 3.csv, 4.csv",
        ),
        (zipped({"folder/": b""}), "archive with no file"),
        (zipped({f"{i}" * 60: b"" for i in range(9_000)}), "archive of thousands of files"),
        (
            zipped({"[Content_Types].xml": b"<", "xl/workbook.xml": b"<"}),
            "an Excel workbook (xlsx), which is not",
        ),
        (zipped({"mimetype": b"application/vnd.oasis", "content.xml": b""}), "is an OpenDocument file"),
        (
            zipped({"a.csv": TEXT.encode()}, zipfile.ZIP_LZMA),
            "packed in a way that is not read: unpack it and",
        ),
        (locked(), "locked with a password: unpack it and give a.csv"),
        (zipped({"a.parquet": b"PAR1" + b"\0" * 20}), "holds a Parquet file, which is not read: unpack it"),
        (zipped({"a.csv": TEXT.encode()})[:-30], "damaged or cut short"),
        (gzip.compress(gzip.compress(TEXT.encode())), "holds a second gzip file"),
        (bz2.compress(TEXT.encode())[:-20], "damaged or cut short"),
        (lzma.compress(TEXT.encode())[:-20], "damaged or cut short"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 64, "is an HDF5 file, which is not read: save its candles as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "is an Excel workbook (xls)"),
        (b"SQLite format 3\0" + b"\0" * 64, "is an SQLite database"),
        (b"a.csv" + b"\0" * 252 + b"ustar\0", "is a tar archive"),
        (gzip.compress(b"a.csv" + b"\0" * 252 + b"ustar\0"), "holds a tar archive"),
        (b"<!DOCTYPE html><html></html>", "is a web page, which is not read: download the file itself"),
        (b"\x28\xb5\x2f\xfd" + b"\0" * 64, "is a zstd file, which is not read: unpack it"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(written(tmp_path, content))


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress, lambda text: zipped({"a.csv": text})])
def test_every_packed_file_may_hold_only_so_many_times_its_size(
    tmp_path: Path, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = TextLimits(unpacked_freely=20_000, ratio=2)
    monkeypatch.setattr("genepool.adapters.files.csv_table.TextLimits", lambda: small)
    path = written(tmp_path, pack((TEXT + TEXT.splitlines()[1] + "\n" * 50_000).encode()))
    assert "more than 20,000 characters stand before it" in refusal(path)


def test_xz_that_asks_for_more_memory_than_is_given_is_refused(tmp_path: Path) -> None:
    huge = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}]
    path = written(tmp_path, lzma.compress(TEXT.encode(), filters=huge))
    assert "takes more than 100,000,000 bytes to unpack: unpack it and give that" in refusal(path)


def test_xz_is_unpacked_little_by_little(tmp_path: Path) -> None:
    with unpacked(written(tmp_path, lzma.compress(b"0" * 5_000_000))) as file:
        assert len(file.read1(1_000)) <= 65_536  # type: ignore[attr-defined] # a buffered reader has it


def test_windows1252() -> None:
    raw, understood = read_candles(CASES / "windows1252.csv", ReadingOptions())
    assert (raw.open[0], raw.close[0]) == (10011.74, 10000.0)
    assert "Windows-1252" in understood.layout


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "utf-32"])
def test_unicode_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    raw, understood = read_candles(written(tmp_path, TEXT.encode(encoding)), ReadingOptions())
    assert len(raw) == 20
    assert ("UTF-16" in understood.layout) == (encoding in {"utf-16-le", "utf-16-be"})


def test_umlauts_packed_in_utf16_are_read(tmp_path: Path) -> None:
    text = TEXT.replace("open,", "Eröffnung,", 1).replace("open_time", "Datum", 1)
    raw, _ = read_candles(written(tmp_path, gzip.compress(text.encode("utf-16-le"))), ReadingOptions())
    assert raw.open[0] == 10011.74
