"""What the coordinator exports to Prometheus."""

from genepool.adapters.prometheus.exposition import exposition
from genepool.adapters.prometheus.run_metrics import Deployment, RunMetrics

__all__ = ["Deployment", "RunMetrics", "exposition"]
