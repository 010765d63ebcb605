"""The metrics of live bots that jobs compare with the replays of their genomes."""

from genepool.adapters.prometheus.metric import Metric
from genepool.backtest.live_gap import GAP_CAUSES
from genepool.robustness.live_band import BandPlace

LIVE = (
    Metric(
        "genepool_live_runs",
        "gauge",
        "Runs whose live record a job of this service compared last, by where its result lies.",
        ("state",),
        values={"state": tuple(BandPlace)},
    ),
    Metric(
        "genepool_live_quantile",
        "gauge",
        "Lowest quantile of a live result in the band of its genome's own returns; absent until known.",
    ),
    Metric(
        "genepool_live_gap_ratio",
        "gauge",
        "Live less replayed result of the run with the lowest quantile, as a share of its capital, by cause.",
        ("reason",),
        "ratio",
        {"reason": GAP_CAUSES},
    ),
)
