"""The program that a worker process is started from, which is none of the worker's business."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_NAME = "__main__"


@contextmanager
def main_left_out() -> Iterator[None]:
    """Have spawned processes import no ``__main__``: a user's script would begin once more in each of them.

    Workers need nothing of it: what they run is the package's, and own strategies travel as text.
    """
    held = sys.modules[_NAME]
    # Without a file or a spec there is nothing to import.
    sys.modules[_NAME] = ModuleType(_NAME)
    try:
        yield
    finally:
        sys.modules[_NAME] = held
