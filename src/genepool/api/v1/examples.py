"""Requests as clients send them, by the name of their route: OpenAPI shows them, and tests send them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# Of requests with a body.
BODIES: Mapping[str, Any] = MappingProxyType(
    {
        "runs_order": {
            "data": "btcusd_1h",
            "name": "first",
            "population_size": 20,
            "generations": 3,
            "seed": 7,
        },
        "runs_change": {"note": "before the fees changed"},
        "runs_resume": {"generations": 30},
        "jobs_order": {
            "kind": "backtest",
            "data": "btcusd_1h",
            "strategy": "ema_crossover",
            "genes": {"fast": 12, "slow": 48},
            "fee_bps": 5,
        },
        "jobs_retry": {"time_limit": 3_600},
        "schedules_order": {"job": {"kind": "refresh", "run": "latest"}, "every_seconds": 604_800},
        "datasets_keep": {"file": "prices.csv", "symbol": "ETHUSD", "repair": True},
        "datasets_understand": {"file": "prices.csv", "max_gap": 3},
        "keys_make": {"name": "the notebook", "scope": "run"},
    }
)
# Of what stands in paths, by name.
PATHS: Mapping[str, Any] = MappingProxyType(
    {
        "run": "latest",
        "market": "BTCUSD",
        "genome": "1",
        "what": "trades",
        "target": "backtrader",
        "job": 1,
        "schedule_number": 1,
        "name": "btcusd_1h",
        "key": 1,
    }
)
