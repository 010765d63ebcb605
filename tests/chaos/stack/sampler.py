"""Samples the coordinator's metrics from a thread of its own, several times a second."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import read_page
from tests.chaos.stack.recovery import Sample

_INTERVAL_SECONDS = 0.25
_PATIENCE_SECONDS = 2.0


def totals(exposition: str) -> dict[str, float]:
    """Return the sum of each metric over its labels."""
    found: dict[str, float] = {}
    for line in exposition.splitlines():
        if line and not line.startswith("#"):
            name = line.partition("{")[0].partition(" ")[0]
            found[name] = found.get(name, 0.0) + float(line.rsplit(" ", 1)[1])
    return found


def sample(url: str) -> Sample:
    """Return what the coordinator says now; no evaluations when it says nothing."""
    at = time.monotonic()
    try:
        found = totals(read_page(url, _PATIENCE_SECONDS))
    except StackError:
        return Sample(at, None)
    return Sample(
        at,
        found.get("genepool_evaluations_total", 0.0),
        found.get("genepool_retries_total", 0.0),
        found.get("genepool_actors", 0.0),
        found.get("genepool_generation", 0.0),
    )


@contextmanager
def sampling(url: str) -> Iterator[list[Sample]]:
    """Fill the list that is yielded while the context lasts."""
    samples: list[Sample] = []
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            samples.append(sample(url))
            over.wait(_INTERVAL_SECONDS)

    thread = threading.Thread(target=keep_asking, name="sampler", daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()
