"""What a worker process of a cluster does for a calibration.

Nodes hold the package and what it computes with, and no more: what is imported here must need nothing else.
"""

import hashlib
import socket
from functools import cache
from pathlib import Path

import genepool
from benchmarks.calibration.cells import Cell
from benchmarks.calibration.lines import Line
from benchmarks.calibration.measuring import Source
from benchmarks.calibration.scales import Setup
from benchmarks.calibration.working import measured_here
from genepool.adapters.ray.probe import numeric_fingerprint
from genepool.errors import ShortfallError


@cache
def makings() -> str:
    """Return sixteen hexadecimal digits over what makes a line: the package's code and the bits it gets."""
    root = Path(genepool.__file__).parent
    said = hashlib.sha256(numeric_fingerprint().encode())
    for path in sorted(root.rglob("*.py")):
        said.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return said.hexdigest()[:16]


def measured_there(cell: Cell, setup: Setup, source: Source | None, wanted: str) -> Line:
    """Measure a cell in this process, unless it would make other lines than the process that asks.

    Parameters
    ----------
    cell, setup, source
        As ``measured_here`` has them.
    wanted
        ``makings`` of the process that asks.

    Raises
    ------
    ShortfallError
        When those here differ.
    """
    if makings() != wanted:
        raise ShortfallError(
            f"node {socket.gethostname()} holds another GenePool than this machine, or computes other bits: "
            "build its image from this commit (make up), or calibrate without --cluster"
        )
    return measured_here(cell, setup, source)
