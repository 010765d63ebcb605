"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from genepool.errors import ConfigError


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Yield a stream whose text takes the file's place when the block ends well.

    A pipe or a device is written to as it is: it must not be replaced by a file.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    replaceable = path.is_file() or not path.exists()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}") if replaceable else path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", newline="", encoding="utf-8") as stream:
            yield stream
        if replaceable:
            unfinished.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; choose another --out") from error
    finally:
        if replaceable:
            with suppress(OSError):
                unfinished.unlink()
