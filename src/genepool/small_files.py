"""Small files that a user names: read whole, but never without end."""

from pathlib import Path


class Unfit(ValueError):  # noqa: N818 - reads as the clause it becomes
    """What was named is no small file; the message is the clause that follows its name."""


def read_small(path: Path, most_bytes: int) -> str:
    """Return the text of a file, which is read only once it is known to be one.

    Parameters
    ----------
    path
        The file; a pipe or a device is none.
    most_bytes
        It may hold so many.

    Raises
    ------
    OSError
        When it cannot be read.
    UnicodeError
        When it is no UTF-8.
    Unfit
        When it is no regular file, or longer.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise Unfit("is a pipe or a device and no file")
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise Unfit(f"holds more than {most_bytes:,} bytes")
    return content.decode("utf-8-sig")
