"""Live records that jobs compared: how many lie where, and how the worst fares."""

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.live import LiveMetrics
from genepool.ports import LiveCompared


def test_each_run_counts_once_and_the_lowest_quantile_speaks_for_all() -> None:
    registry = CollectorRegistry()
    metrics = LiveMetrics(registry)

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(f"genepool_{name}", labels)

    def places() -> list[float | None]:
        return [value("live_runs", state=place) for place in ("inside", "below", "above")]

    assert (places(), value("live_quantile")) == ([0, 0, 0], None)
    metrics(LiveCompared("gold", 0.4, "inside", -0.01, {"fees": -0.01, "missed": 0.0}))
    metrics(LiveCompared("coin", 0.01, "below", -0.2, {"fees": 0.0, "missed": -0.2}))
    assert (places(), value("live_quantile")) == ([1, 1, 0], 0.01)
    assert [value("live_gap_ratio", reason=cause) for cause in ("fees", "missed")] == [0.0, -0.2]
    metrics(LiveCompared("coin", 0.99, "above", 0.1, {"fees": 0.0, "missed": 0.1}))
    assert (places(), value("live_quantile")) == ([1, 0, 1], 0.4)
    assert [value("live_gap_ratio", reason=cause) for cause in ("fees", "missed")] == [-0.01, 0.0]
