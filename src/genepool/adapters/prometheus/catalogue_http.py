"""The part of the catalogue that tells of HTTP and of jobs."""

from typing import get_args

from genepool.adapters.prometheus.metric import Metric
from genepool.ports import JobEnd, StatusClass

# A page takes milliseconds, a verdict a second, an upload as long as its line.
_REQUEST_SECONDS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)

HTTP = (
    Metric(
        "genepool_http_requests_total",
        "counter",
        "Requests answered, by route as it is declared and by class of the status.",
        ("route", "status"),
        values={"status": get_args(StatusClass)},
    ),
    Metric(
        "genepool_http_request_seconds",
        "histogram",
        "Time from a request to the end of its answer; streams of events are left out.",
        ("route",),
        "seconds",
        buckets=_REQUEST_SECONDS,
    ),
    Metric(
        "genepool_http_listeners",
        "gauge",
        "Connections that hear the news of the service.",
    ),
)

JOBS = (
    Metric(
        "genepool_jobs",
        "gauge",
        "Jobs that wait, and jobs that are worked on, by all workers.",
        ("state",),
        values={"state": ("queued", "running")},
    ),
    Metric(
        "genepool_jobs_ended_total",
        "counter",
        "Jobs that a worker of this service let go of, by what became of them.",
        ("kind", "result"),
        values={"result": get_args(JobEnd)},
    ),
)
