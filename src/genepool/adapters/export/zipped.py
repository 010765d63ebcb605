"""An export as one file to send."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# No time of day makes two equal exports differ.
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def write_zip(file: Path, folder: str, files: Mapping[str, str]) -> None:
    """Write texts by their path, inside one folder, as a zip file: equal texts as equal bytes.

    Parameters
    ----------
    file
        Where to.
    folder
        What the archive unpacks to.
    files
        Texts by their path inside it.
    """
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = ZipInfo(f"{folder}/{path}", _DATE)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, _READABLE
            archive.writestr(entry, files[path])
