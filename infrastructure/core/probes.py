"""Looks at services over HTTP."""

import json
import urllib.error
import urllib.request

from infrastructure.core.cluster import Finding

_PATIENCE_SECONDS = 5.0
_OK = 200


def answers(part: str, address: str) -> Finding:
    """Find out whether an address answers as it should."""
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - ours
            return Finding(part, answer.status == _OK, f"{address} answers {answer.status}")
    except urllib.error.HTTPError as error:
        return Finding(part, False, f"{address} answers {error.code}")
    except (OSError, ValueError) as error:
        return Finding(part, False, f"{address} does not answer ({error})")


def prometheus_targets(address: str) -> Finding:
    """Find out whether Prometheus at this address reaches all that it watches."""
    part = "prometheus targets"
    try:
        with urllib.request.urlopen(  # noqa: S310 - ours
            f"{address}/api/v1/targets?state=active", timeout=_PATIENCE_SECONDS
        ) as answer:
            targets = json.load(answer)["data"]["activeTargets"]
    except (OSError, ValueError, KeyError) as error:
        return Finding(part, False, f"{address} does not list its targets ({error})")
    away = sorted({target["labels"].get("job", "?") for target in targets if target["health"] != "up"})
    if away:
        return Finding(part, False, f"not reached: {', '.join(away)}")
    return Finding(part, bool(targets), f"{len(targets)} reached")
