"""The sample markets that come with the package."""

from importlib.resources import files
from pathlib import Path


def samples_folder() -> Path:
    """Return the folder of the shipped samples."""
    return Path(str(files("genepool.adapters.files") / "samples"))
