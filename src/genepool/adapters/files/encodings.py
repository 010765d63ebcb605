"""Which encoding a text is written in: by its mark, by its zeros, by what can be read at all."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.files.foreign import refuse_foreign
from genepool.adapters.files.packed import DAMAGED, is_packed, unpacked
from genepool.errors import InvalidCandles

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD_BYTES = 65_536
# A header longer than that is read to its end, as far as the csv module takes one cell.
_LONGEST_HEAD = 2 * _HEAD_BYTES - 1
# In UTF-16, every second byte of western text is zero.
_MOSTLY = 0.4
# No text holds these; that one ends the text in files of DOS.
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x19\x1b-\x1f]")
# Bytes fit several of these; the one in which the header names the columns is right.
_REGIONAL = {
    "gb18030": "GB18030",
    "cp950": "Big5",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "euc_jp": "EUC-JP",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
}
_SAID = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", **_REGIONAL}


@dataclass(frozen=True)
class TextHead:
    """The beginning of a text, and the encoding of the whole."""

    encoding: str
    text: str

    @property
    def said(self) -> str:
        """How the encoding is named where it was guessed; else empty."""
        return _SAID.get(self.encoding, "")


def read_head(path: Path, names_columns: Callable[[str], bool] = lambda _: False) -> TextHead:
    """Return the first lines of a text file, plain or packed.

    Parameters
    ----------
    path
        The file.
    names_columns
        Told the text as some encoding has it, says whether it holds the header that is looked for.

    Raises
    ------
    InvalidCandles
        When it is damaged, or no text.
    """
    try:
        with unpacked(path) as file:
            start = file.read(_HEAD_BYTES)
            start += file.readline(_LONGEST_HEAD - len(start)) if start else b""
    except DAMAGED as error:
        raise InvalidCandles(f"{path.name} is damaged or cut short: fetch or write it again") from error
    except OSError as error:
        raise InvalidCandles(no_table(path)) from error
    if is_packed(path):
        refuse_foreign(path.name, start, packed=True)
    encoding = _encoding(start)
    if encoding in {"", "cp1252"}:
        encoding = _regional(start, encoding, names_columns)
    text = _decoded(start, encoding) if encoding else None
    if text is None or _NO_TEXT.search(text):
        raise InvalidCandles(no_table(path))
    return TextHead(encoding, text)


def no_table(path: Path) -> str:
    """Return the sentence for what is no table at all."""
    return (
        f"{path.name}, row 1: this is neither text nor Parquet nor feather: give candles in one of these, "
        "text in UTF-8, UTF-16 or Windows-1252; in others with --columns or a header in its language"
    )


def _encoding(start: bytes) -> str:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[first::2].count(0), start[1 - first :: 2].count(0)
        if zeros > _MOSTLY * len(start[first::2]) and not others:
            return encoding
    return next((name for name in ("utf-8-sig", "cp1252") if _decoded(start, name) is not None), "")


def _regional(start: bytes, otherwise: str, names_columns: Callable[[str], bool]) -> str:
    """Return the encoding in which the text names its columns; the other one where none does.

    Columns that are named without a sign of the region prove nothing.
    """
    if names_columns(start.decode("ascii", errors="ignore")):
        return otherwise
    candidates = (otherwise, *_REGIONAL) if otherwise else tuple(_REGIONAL)
    for encoding in candidates:
        text = _decoded(start, encoding)
        if text is not None and not _NO_TEXT.search(text) and names_columns(text):
            return encoding
    return otherwise


def _decoded(start: bytes, encoding: str) -> str | None:
    """Return bytes as text, a sign that is cut at the end left out; None if they are not of the encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeError:
        return None
