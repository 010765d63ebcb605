"""A worker logs how each job ended: its state, the seconds of work, and what its user may do."""

import pytest
from structlog.testing import capture_logs

from genepool.bootstrap.job_log import JobLog
from genepool.jobs import Job, NewJob
from tests.fakes.memory.clock import ManualClock

JOB = Job(7, NewJob("evolve"), "running", 2, 2, 10.0, {}, None, "", "", None, None)


def ended(event: str, reason: str = "") -> dict[str, object]:
    clock = ManualClock()
    log = JobLog(clock)
    with capture_logs() as lines:
        log("job_taken", JOB, "")
        clock.advance(2.5)
        log(event, JOB, reason)
    return dict(lines[-1])


def test_a_job_that_is_done_says_how_long_it_took_over_all_attempts() -> None:
    line = ended("job_done")
    assert (line["state"], line["seconds"], line["job"], line["kind"]) == ("done", 12.5, 7, "evolve")
    assert "remedy" not in line


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("job_failed", "genepool jobs retry 7 tries it again"),
        ("job_cancelled", "genepool jobs retry 7 continues"),
        ("job_expired", "genepool jobs retry 7 --time-limit"),
    ],
)
def test_one_that_ended_otherwise_says_what_to_do(event: str, told: str) -> None:
    line = ended(event, "because")
    assert told in str(line["remedy"])
    assert line["reason"] == "because"
    assert line["state"] == event.removeprefix("job_")


def test_what_waits_again_has_no_state_of_an_end() -> None:
    line = ended("job_put_back", "asked to stop")
    assert ("state" in line, "remedy" in line, line["seconds"]) == (False, False, 12.5)


def test_what_is_of_no_job_is_logged_with_its_reason() -> None:
    with capture_logs() as lines:
        JobLog()("queue_away", None, "the database is away")
    assert lines == [{"event": "queue_away", "reason": "the database is away", "log_level": "info"}]
