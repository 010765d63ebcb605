"""How much of one file is read: what no file of candles needs would fill the memory, or take the day."""

from dataclasses import dataclass
from pathlib import Path

from genepool.errors import InvalidCandles

# 38 years of one-minute candles: 56 bytes each when read, about twice that at the peak.
MOST_CANDLES = 20_000_000


@dataclass(frozen=True, slots=True)
class TextLimits:
    """What a text file may hold, in characters.

    Parameters
    ----------
    line
        One line.
    cell
        One cell of a column that is read.
    at_once
        The rows that are read in one go, which are fewer where they are long.
    whole
        All of the file, unpacked.
    unpacked_freely
        Characters that may be unpacked from a file of any size.
    ratio
        Beyond that, characters for each byte of a packed file; candles have 3 to 15.
    columns
        Of the header.
    passed_over
        Rows that follow each other and are blank or remarks.
    """

    line: int = 1_000_000
    cell: int = 100_000
    at_once: int = 32_000_000
    whole: int = 16_000_000_000
    unpacked_freely: int = 64_000_000
    ratio: int = 50
    columns: int = 10_000
    passed_over: int = 1_000_000

    def most_unpacked(self, packed_bytes: int) -> int:
        """Return how many characters may come out of a packed file of that size."""
        return min(self.whole, max(self.unpacked_freely, self.ratio * packed_bytes))


@dataclass(frozen=True, slots=True)
class ArrowLimits:
    """What a Parquet or feather file may hold.

    Parameters
    ----------
    piece_bytes
        One column of one row group of a Parquet file, unpacked: a writer may have put it into one page,
        which is unpacked in one go.
    cell
        Bytes of one text in a column that is read; 20,000 of them are held at once.
    """

    piece_bytes: int = 256_000_000
    cell: int = 4_096


def check_regular(path: Path) -> None:
    """Refuse what has no end or is read only once.

    Raises
    ------
    InvalidCandles
        When it is there and is neither a file nor a folder.
    OSError
        When that cannot be told.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InvalidCandles(f"{path} is a pipe or a device: save it to a file and give that")
