"""Programs that a genome is exported to, one file each; a new file is found by itself."""

import sys
from functools import cache

from genepool.plugins import discover
from genepool.ports.export_targets import ExportTarget


@cache
def export_targets() -> dict[str, ExportTarget]:
    """Return every target by name, sorted."""
    return discover(sys.modules[__name__], "TARGET", ExportTarget)  # type: ignore[type-abstract]
