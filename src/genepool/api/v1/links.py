"""What a client can do with what it was answered: the links of OpenAPI."""

from collections.abc import Mapping
from types import MappingProxyType

# By route and status: the routes that take something of the answer, by the parameter that takes it.
LINKS: Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        ("runs_order", "201"): {
            "runs_show": {"run": "run"},
            "runs_stop": {"run": "run"},
            "runs_resume": {"run": "run"},
            "runs_change": {"run": "run"},
            "runs_delete": {"run": "run"},
            "runs_generations": {"run": "run"},
            "jobs_show": {"job": "job"},
            "jobs_cancel": {"job": "job"},
        },
        ("runs_stop", "200"): {"runs_show": {"run": "run"}, "runs_resume": {"run": "run"}},
        ("runs_resume", "202"): {"runs_stop": {"run": "run"}, "jobs_show": {"job": "job"}},
        ("runs_write_report", "202"): {"jobs_show": {"job": "id"}},
        ("jobs_order", "201"): {
            "jobs_show": {"job": "id"},
            "jobs_cancel": {"job": "id"},
            "jobs_retry": {"job": "id"},
        },
        ("schedules_order", "201"): {"schedules_remove": {"schedule_number": "id"}},
        ("datasets_keep", "201"): {
            "datasets_show": {"name": "name"},
            "datasets_candles": {"name": "name"},
            "datasets_remove": {"name": "name"},
        },
        ("keys_make", "201"): {"keys_revoke": {"key": "id"}},
    }
)
