"""Kinds of files that are not read, known by their first bytes and refused by name."""

from genepool.errors import InvalidCandles

_AS_TEXT = "save its candles as CSV or Parquet"
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", f"{_AS_TEXT}, in pandas with read_hdf(FILE).to_parquet(NEW)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (xls)", "save the sheet as CSV"),
    (b"SQLite format 3\0", "an SQLite database", _AS_TEXT),
    (b"\x93NUMPY", "a numpy array", _AS_TEXT),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give the file of candles"),
    (b"Rar!", "a RAR archive", "unpack it and give the file of candles"),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "unpack it and give the file of candles"),
    (b"\x04\x22\x4d\x18", "an LZ4 file", "unpack it and give the file of candles"),
    (b"ORC", "an ORC file", _AS_TEXT),
    (b"Obj\x01", "an Avro file", _AS_TEXT),
    (b"%PDF", "a PDF", _AS_TEXT),
    (b"\x89PNG", "a picture", "give a file of candles"),
    (b"<!DOCTYPE", "a web page", "download the file itself and give that"),
    (b"<!doctype", "a web page", "download the file itself and give that"),
    (b"<html", "a web page", "download the file itself and give that"),
)
_WITHIN: tuple[tuple[bytes, str, str], ...] = (
    (b"PAR1", "a Parquet file", "unpack it and give that"),
    (b"ARROW1", "a feather file", "unpack it and give that"),
    (b"\x1f\x8b", "a second gzip file", "unpack it once and give that"),
    (b"PK\x03\x04", "a second zip archive", "unpack it once and give that"),
    (b"BZh", "a second bzip2 file", "unpack it once and give that"),
    (b"\xfd7zXZ\0", "a second xz file", "unpack it once and give that"),
)
# A tar archive says so here, behind the name of its first file.
_TAR_AT, _TAR = 257, b"ustar"
# Enough first bytes to tell every kind.
ENOUGH = _TAR_AT + len(_TAR)


def refuse_foreign(source: str, first_bytes: bytes, packed: bool = False) -> None:
    """Refuse a file of a kind that is known and not read.

    Parameters
    ----------
    source
        Name of the file, for messages.
    first_bytes
        Of the file, or of what it unpacks to.
    packed
        Whether they come out of a packed file, in which only text is read.

    Raises
    ------
    InvalidCandles
        With the kind and what to do.
    """
    held = "holds" if packed else "is"
    for mark, kind, remedy in _KINDS + (_WITHIN if packed else ()):
        if first_bytes.startswith(mark):
            raise InvalidCandles(f"{source} {held} {kind}, which is not read: {remedy}")
    if first_bytes[_TAR_AT:].startswith(_TAR):
        raise InvalidCandles(
            f"{source} {held} a tar archive, which is not read: unpack it and give the file of candles"
        )
