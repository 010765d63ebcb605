"""The Services dashboard: the services that the coordinator needs, and whether monitoring itself works."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, Panel

from monitoring.grafana.board import board
from monitoring.grafana.panels import lines, number, rows, states, up_or_down
from monitoring.grafana.queries import Live

_RATE = "$__rate_interval"


def services() -> Dashboard:
    """Return the dashboard."""
    return board(
        "Services",
        "The services that the coordinator needs, and whether monitoring itself works.",
        {
            "Now": _now(),
            "HTTP and jobs": _http(),
            "History": _history(),
            "Cache": _cache(),
            "Watchers": _watchers(),
        },
    )


def _up(title: str, about: str, expression: str) -> Builder[Panel]:
    return up_or_down(title, about, Live(expression, "up"))


def _now() -> list[Builder[Panel]]:
    return [
        _up("History answers", "1 while Postgres answers the coordinator.", "max(genepool_database_up)"),
        _up("Cache answers", "1 while Redis answers; 0 costs speed only.", "max(genepool_cache_up)"),
        _up("Postgres is up", "As its exporter sees it.", "max(pg_up)"),
        _up("Redis is up", "As its exporter sees it.", "max(redis_up)"),
        number(
            "Targets down",
            "Scrape targets that do not answer Prometheus.",
            "none",
            Live("count(up == 0) or vector(0)", "down"),
            steps=((1, "red"),),
            width=3,
        ),
        number(
            "Alerts firing",
            "The watchdog, which always fires, is left out.",
            "none",
            Live('count(ALERTS{alertstate="firing", alertname!="Watchdog"}) or vector(0)', "firing"),
            steps=((1, "red"),),
            width=3,
        ),
        number(
            "Generations in the journal",
            "Acknowledged and not yet in the history: above a few, the history is away or slow.",
            "none",
            Live("max(genepool_journal_generations)", "waiting"),
            steps=((5, "orange"), (50, "red")),
            width=3,
        ),
        number(
            "Version",
            "Of the coordinator.",
            "none",
            Live("genepool_build_info", "{{version}}"),
            text=True,
            width=3,
        ),
    ]


def _http() -> list[Builder[Panel]]:
    return [
        lines(
            "Requests",
            "That the service answered each second, by class of the status; 5xx are its own faults.",
            "reqps",
            Live(f"sum by (status) (rate(genepool_http_requests_total[{_RATE}]))", "{{status}}"),
            width=6,
        ),
        lines(
            "Time of an answer",
            "95 % of the requests took less; streams of events are left out.",
            "s",
            Live(
                "histogram_quantile(0.95, sum by (le) "
                f"(rate(genepool_http_request_seconds_bucket[{_RATE}])))",
                "95 %",
            ),
            width=6,
        ),
        lines(
            "Listeners",
            "Connections that hear the news of the service.",
            "none",
            Live("sum(genepool_http_listeners)", "listeners"),
            width=6,
        ),
        lines(
            "Jobs",
            "That wait and that are worked on, by all workers.",
            "none",
            Live("sum by (state) (genepool_jobs)", "{{state}}"),
            width=6,
        ),
    ]


def _history() -> list[Builder[Panel]]:
    return [
        lines(
            "Time of a transaction",
            "95 % of the coordinator's transactions took less.",
            "s",
            Live(
                "histogram_quantile(0.95, sum by (le, stage) "
                f"(rate(genepool_database_seconds_bucket[{_RATE}])))",
                "{{stage}}",
            ),
            width=8,
        ),
        lines(
            "Journal",
            "What is acknowledged and not yet in the history.",
            "bytes",
            Live("max(genepool_journal_bytes)", "journal"),
            width=8,
        ),
        lines(
            "Refused writes",
            "Writes that another coordinator's epoch kept out, in the dashboard's interval.",
            "none",
            Live(f"sum(increase(genepool_fenced_writes_total[{_RATE}]))", "refused"),
            steps=((1, "red"),),
            width=8,
        ),
        lines(
            "Connections",
            "To the database, against its limit.",
            "none",
            Live("sum(pg_stat_database_numbackends)", "connections"),
            Live("max(pg_settings_max_connections)", "limit"),
            width=8,
        ),
        lines(
            "Transactions",
            "That Postgres committed and rolled back each second.",
            "ops",
            Live(f"sum(rate(pg_stat_database_xact_commit[{_RATE}]))", "committed"),
            Live(f"sum(rate(pg_stat_database_xact_rollback[{_RATE}]))", "rolled back"),
            width=8,
        ),
        lines(
            "Size",
            "Of the history on disk.",
            "bytes",
            Live('max(pg_database_size_bytes{datname="genepool"})', "history"),
            width=8,
        ),
    ]


def _cache() -> list[Builder[Panel]]:
    hits = f'sum(rate(genepool_cache_lookups_total{{result="hit"}}[{_RATE}]))'
    return [
        lines(
            "Hit ratio",
            "Share of lookups that the fitness cache answered.",
            "percentunit",
            Live(f"{hits} / sum(rate(genepool_cache_lookups_total[{_RATE}]))", "hits"),
            width=8,
            most=1,
        ),
        lines(
            "Lookups",
            "Genomes each second; a corrupt entry is ignored and counted.",
            "ops",
            Live(f"sum by (result) (rate(genepool_cache_lookups_total[{_RATE}]))", "{{result}}"),
            width=8,
            stacked=True,
        ),
        lines(
            "Time of a round trip",
            "95 % took less; at 50 ms the cache is left aside.",
            "s",
            Live(
                "histogram_quantile(0.95, sum by (le, stage) "
                f"(rate(genepool_cache_seconds_bucket[{_RATE}])))",
                "{{stage}}",
            ),
            steps=((0.05, "red"),),
            width=8,
        ),
        lines(
            "Memory of Redis",
            "Against its cap, beyond which it forgets what was used least recently.",
            "bytes",
            Live("max(redis_memory_used_bytes)", "used"),
            Live("max(redis_memory_max_bytes)", "cap"),
        ),
        lines(
            "Forgotten entries",
            "Evicted each second.",
            "ops",
            Live(f"sum(rate(redis_evicted_keys_total[{_RATE}]))", "evicted"),
        ),
    ]


def _without(*columns: str) -> DataTransformerConfig:
    """Return what leaves columns out of a table."""
    return DataTransformerConfig(id_val="organize", options={"excludeByName": dict.fromkeys(columns, True)})


def _watchers() -> list[Builder[Panel]]:
    return [
        states(
            "Targets",
            "Blue while a scrape target answers Prometheus.",
            Live("max by (job, instance) (up)", "{{job}} {{instance}}"),
        ),
        rows(
            "Firing alerts",
            "docs/runbooks.md has a heading for each; the watchdog always fires: it shows that alerts work.",
            "none",
            Live(
                'max by (alertname, severity) (ALERTS{alertstate="firing"})',
                instant=True,
                table=True,
            ),
        ).with_transformation(_without("Time", "Value")),
        lines(
            "Time of a scrape",
            "By job.",
            "s",
            Live("max by (job) (scrape_duration_seconds)", "{{job}}"),
            width=8,
        ),
        lines(
            "Series",
            "That Prometheus keeps in memory.",
            "none",
            Live("max(prometheus_tsdb_head_series)", "series"),
            width=8,
        ),
        lines(
            "Grafana failures",
            "The coordinator's calls of Grafana that failed, in the dashboard's interval; no run waits.",
            "none",
            Live(f"sum(increase(genepool_grafana_failures_total[{_RATE}]))", "failures"),
            width=8,
        ),
    ]
