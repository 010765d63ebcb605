"""What the coordinator exports to Prometheus."""

from genepool.adapters.prometheus.exposition import CONTENT_TYPE, exposition
from genepool.adapters.prometheus.run_metrics import Deployment, RunMetrics

__all__ = ["CONTENT_TYPE", "Deployment", "RunMetrics", "exposition"]
