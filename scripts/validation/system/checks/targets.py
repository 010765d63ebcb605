"""Prometheus reaches everything that it must scrape."""

import json

from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Read the page of targets; those of services that do not run here are passed over."""
    told = json.loads(system.stack.page("/api/v1/targets", "prometheus"))
    running = {container.service for container in system.stack.containers()}
    targets = [
        target
        for target in told["data"]["activeTargets"]
        if not _is_absent(target["discoveredLabels"]["__address__"], running)
    ]
    down = [f"{one['labels']['job']} ({one['lastError']})" for one in targets if one["health"] != "up"]
    figure = f"{len(targets) - len(down)} of {len(targets)} up" + (
        f"; down: {', '.join(down)}" if down else ""
    )
    return Found(bool(targets) and not down, figure)


def _is_absent(address: str, running: set[str]) -> bool:
    return address.partition(":")[0] in {"grafana", "alertmanager"} - running


CHECK = Check("every Prometheus target is up", "all", look)
