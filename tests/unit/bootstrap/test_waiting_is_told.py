"""A user who follows a run is told once what it waits for."""

from typing import Any

from structlog.testing import capture_logs

from genepool.bootstrap.following import _Herald


def told(*pages: dict[str, Any] | None) -> list[tuple[str, str | None]]:
    herald = _Herald("second")
    with capture_logs() as logs:
        for page in pages:
            herald.look(page)
    return [(line["event"], line.get("waiting_for")) for line in logs]


def test_a_queued_run_names_the_run_before_it_once() -> None:
    first = {"run": "first", "state": "running", "waiting_for": None}
    own = {"run": "second", "state": "running", "waiting_for": None}
    assert told(first, first, own, own) == [
        ("run_waits", "run first goes first: the coordinator evolves one run at a time"),
        ("run_goes_on", None),
    ]


def test_seconds_that_pass_are_no_news() -> None:
    pages = [
        {"run": "second", "state": "running", "waiting_for": f"no worker answers, for {n} s: wait"}
        for n in (31, 32)
    ]
    assert told(*pages) == [("run_waits", "no worker answers, for 31 s: wait")]


def test_a_run_that_continues_is_not_mentioned() -> None:
    assert told({"run": "second", "state": "running", "waiting_for": None}) == []


def test_a_coordinator_that_is_away_is_named_once() -> None:
    (event, waits), *others = told(*[None] * 5, {"run": "second", "state": "running", "waiting_for": None})
    assert event == "run_waits"
    assert str(waits).startswith("the coordinator does not answer")
    assert others == [("run_goes_on", None)]


def test_a_coordinator_that_misses_a_question_is_not_mentioned() -> None:
    page = {"run": "second", "state": "running", "waiting_for": None}
    assert told(page, None, None, page, None, None, page) == []
