"""Pages of the documentation that commands write from what the code declares."""

from collections.abc import Mapping
from pathlib import Path

from genepool.cli._output import screen
from genepool.errors import ConfigError


def write_pages(pages: Mapping[str, str], folder: Path) -> None:
    """Write pages, by file name, to a folder, and say so.

    Raises
    ------
    ConfigError
        When the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in pages.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written to: {error.strerror}; give another folder") from error
    screen().print(f"wrote {len(pages)} pages to {folder}")
