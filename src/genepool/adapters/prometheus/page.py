"""The page of documentation that is written from the catalogue: ``python -m`` this module prints it."""

import sys
from collections.abc import Iterator

from genepool.adapters.prometheus.catalogue import SECTIONS
from genepool.adapters.prometheus.metric import Metric

_HEAD = """# Metrics

What `genetic-pool` exports on `:8000/metrics`. Generated from
`src/genepool/adapters/prometheus/catalogue.py`; write it anew with
`python -m genepool.adapters.prometheus.page > docs/metrics.md`.

The coordinator counts everything itself, when it accepts a batch: workers export none of this. So nothing
is counted twice when a batch is repeated, and a worker's death takes no counter along. No label holds a
run, a genome or a task: these live in the history, which Grafana reads by SQL. Series whose labels are
known beforehand begin at 0. Gauges of a machine end with its last process, its counters an hour later.

A histogram `NAME` has the series `NAME_bucket`, `NAME_sum` and `NAME_count`. The standard `process_*`
metrics of the coordinator are exported beside these. Ray's own metrics, and those of the Postgres and Redis
exporters, are listed in `monitoring/prometheus/known_metrics.txt`.

## How they are scraped

`monitoring/prometheus/prometheus.yml` scrapes the coordinator every five seconds, Ray's nodes every thirty
and all others every fifteen. Ray's nodes are found by asking its head (`http_sd_configs` on
`:8265/api/prometheus/sd`), which takes the Ray token: Prometheus reads it from
`/run/secrets/ray_auth_token`. Without a token the head also writes the list to a file,
`prom_metrics_service_discovery.json` in its temporary folder; `file_sd_configs` takes that, when the folder
lies on a volume that Prometheus mounts at the same path, since the file is an absolute link. Alertmanager is
found by its name, so that a stack without it has no target that is down.

Our metrics name a machine by its container (`node="ray-worker-1-1"`), Ray's by its address: there `node`
is whatever Ray writes into `ip` or `NodeAddress`.

`monitoring/prometheus/rules/recording.yml` records what dashboards and alerts share, such as each node's
share of the work; `rules/alerts.yml` has the alerts, which [runbooks.md](runbooks.md) explains. Their tests
are in `monitoring/prometheus/tests` and run with `promtool test rules`.
"""


def metrics_page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *(line for name in SECTIONS for line in _section(name))])


def _section(name: str) -> Iterator[str]:
    yield f"## {name}\n"
    yield "| metric | kind | unit | labels | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for metric in SECTIONS[name]:
        yield f"| `{metric.name}` | {metric.kind} | {metric.unit} | {_labels(metric)} | {metric.help} |"
    yield ""


def _labels(metric: Metric) -> str:
    return ", ".join(
        f"`{label}` ({', '.join(metric.values[label])})" if label in metric.values else f"`{label}`"
        for label in metric.labels
    )


if __name__ == "__main__":
    sys.stdout.write(metrics_page())
