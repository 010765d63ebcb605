"""A worker of the service outlives what goes wrong around its jobs."""

from collections.abc import Iterator

from structlog.testing import capture_logs

from genepool.bootstrap.job_threads import keep_working
from genepool.errors import StoreError


def test_a_worker_that_meets_a_fault_is_told_of_and_begins_anew() -> None:
    met: Iterator[Exception | None] = iter([RuntimeError("a fault"), StoreError("no such table"), None])
    waited: list[None] = []
    over: list[bool] = []

    def work() -> None:
        fault = next(met)
        if fault is not None:
            raise fault
        over.append(True)

    with capture_logs() as lines:
        keep_working(work, lambda: bool(over), lambda: waited.append(None))
    assert [line["event"] for line in lines] == ["job_worker_failed"] * 2
    assert len(waited) == 2


def test_one_that_is_told_to_stop_begins_no_more() -> None:
    def work() -> None:
        raise AssertionError("began")

    keep_working(work, lambda: True, lambda: None)
