"""Files that are packed: gzip, bzip2, xz, and zip with one file of candles in it."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from genepool.errors import InvalidCandles

GZIP, BZIP2, XZ, ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"PK\x03\x04"
# What unpacking raises where a file is damaged or cut short.
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)
# What `xz -9` asks for, with room; a file may ask for gigabytes.
_XZ_MEMORY = 100_000_000
_PIECE = 65_536
# The table of an archive's contents, which is read at once.
_MOST_AT_ONCE = 1_000_000
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_CANDLES = frozenset({".csv", ".tsv", ".json", ".jsonl"})
_NOTES = frozenset({"", ".txt", ".md", ".pdf", ".html", ".htm", ".rtf", ".url"})
_LISTED = 5


def is_packed(path: Path) -> bool:
    """Say whether a file is packed in a way that is read."""
    with path.open("rb") as probe:
        return probe.read(6).startswith((GZIP, BZIP2, XZ, ZIP))


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Yield the bytes that a file holds, unpacked little by little; a plain file as it is.

    Raises
    ------
    InvalidCandles
        When it is an archive of several files, locked, or packed in a way that is not read.
    """
    with path.open("rb") as file:
        first = file.read(6)
        file.seek(0)
        if first.startswith(GZIP):
            with gzip.GzipFile(fileobj=file) as plain:
                yield cast("BinaryIO", plain)
        elif first.startswith(BZIP2):
            with bz2.BZ2File(file) as unzipped:
                yield cast("BinaryIO", unzipped)
        elif first.startswith(XZ):
            yield cast("BinaryIO", io.BufferedReader(_Xz(file, path.name), _PIECE))
        elif first.startswith(ZIP):
            watched = cast("IO[bytes]", _InSmallReads(file, path.name))
            try:
                with zipfile.ZipFile(watched) as archive, _only_member(path.name, archive) as member:
                    yield cast("BinaryIO", member)
            except NotImplementedError as error:
                # What zipfile says of a newer version of the format, or of an encryption that it cannot undo.
                raise InvalidCandles(
                    f"{path.name} is packed in a way that is not read: unpack it and give what it holds"
                ) from error
        else:
            yield file


class _Xz(io.RawIOBase):
    """Unpacks xz without more memory than it says; the standard library's file sets no limit."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        self._file = file
        self._source = source
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)

    def readable(self) -> bool:  # type: ignore[explicit-override] # Python 3.11 has none
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[explicit-override, override] # it gets no other
        piece = b""
        while not piece:
            packed = self._packed()
            if packed is None:
                return 0
            piece = self._piece(packed, len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _piece(self, packed: bytes, most: int) -> bytes:
        try:
            return self._unpacker.decompress(packed, most)
        except lzma.LZMAError as error:
            if "Memory" not in str(error):
                raise
            raise InvalidCandles(
                f"{self._source} takes more than {_XZ_MEMORY:,} bytes to unpack: unpack it and give that"
            ) from error

    def _packed(self) -> bytes | None:
        """Return what to unpack next; None at the end of the file."""
        if not self._unpacker.eof:
            packed = self._file.read(_PIECE) if self._unpacker.needs_input else b""
            if self._unpacker.needs_input and not packed:
                raise EOFError("the file is cut short")
            return packed
        # Streams may follow each other, with zeros between them.
        rest = (self._unpacker.unused_data or self._file.read(_PIECE)).lstrip(b"\0")
        if not rest:
            return None
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)
        return rest


class _InSmallReads(io.BufferedReader):
    """Refuses to read a long table of contents, which the standard library reads in one go."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        super().__init__(cast("io.RawIOBase", file))
        self._source = source

    def read(self, size: int | None = -1) -> bytes:  # type: ignore[explicit-override] # as above
        if size is not None and size > _MOST_AT_ONCE:
            raise InvalidCandles(
                f"{self._source} is an archive of thousands of files: unpack it and give one"
            )
        return super().read(size)


def _only_member(source: str, archive: zipfile.ZipFile) -> IO[bytes]:
    names = archive.namelist()
    _refuse_office(source, names)
    members = [item for item in archive.infolist() if not (item.is_dir() or _is_leftover(item.filename))]
    members = _candles_among(members)
    if len(members) != 1:
        listed = ", ".join(item.filename for item in members[:_LISTED])
        more = ", ..." if len(members) > _LISTED else ""
        held = f"{len(members):,} files ({listed}{more})" if members else "no file"
        raise InvalidCandles(f"{source} is an archive with {held}: unpack it and give one file of candles")
    member = members[0]
    if member.flag_bits & _ENCRYPTED:
        raise InvalidCandles(f"{source} is locked with a password: unpack it and give {member.filename}")
    if member.compress_type not in _ZIP_METHODS:
        raise InvalidCandles(
            f"{source} is packed in a way that is not read: unpack it and give {member.filename}"
        )
    return archive.open(member)


def _candles_among(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the one file of candles beside smaller notes, as HistData packs them; else all members."""
    candles = [item for item in members if Path(item.filename).suffix.lower() in _CANDLES]
    beside = [item for item in members if item not in candles]
    notes = all(Path(item.filename).suffix.lower() in _NOTES for item in beside)
    smaller = len(candles) == 1 and all(item.file_size < candles[0].file_size for item in beside)
    return candles if notes and smaller else members


def _refuse_office(source: str, names: list[str]) -> None:
    if "[Content_Types].xml" in names:
        raise InvalidCandles(
            f"{source} is an Excel workbook (xlsx), which is not read: save the sheet as CSV"
        )
    if "mimetype" in names:
        raise InvalidCandles(f"{source} is an OpenDocument file, which is not read: save the sheet as CSV")
    if any(name.endswith(".npy") for name in names):
        raise InvalidCandles(f"{source} holds numpy arrays, which are not read: save its candles as CSV")


def _is_leftover(name: str) -> bool:
    """Say whether a member is what systems add of their own accord."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in {
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
    }
