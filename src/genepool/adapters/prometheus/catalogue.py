"""Every metric that the coordinator exports: its name, its kind, its labels, and what it means.

The one list that the exporter, the dashboards, the alerts and docs/metrics.md are held against.
"""

from collections.abc import Mapping
from typing import get_args

from genepool.adapters.prometheus.catalogue_http import HTTP, JOBS
from genepool.adapters.prometheus.catalogue_live import LIVE
from genepool.adapters.prometheus.metric import Metric
from genepool.ports import CacheAnswer, CacheStage, RetryReason, StoreStage

PREFIX = "genepool_"
WORKER_KINDS = ("cpu", "memory", "local")
RUN_STATES = ("idle", "running", "stopping", "interrupted", "finished", "failed")

_KIND = {"worker_kind": WORKER_KINDS}
# Half a millisecond on a fast seed, minutes on a learning one with a long history.
_GENOME_SECONDS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
_GENERATION_SECONDS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
# The cache is given up after 50 ms: what lies about that line is told apart finely.
_CACHE_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1.0)
_DATABASE_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)

_WORK = (
    Metric(
        "genepool_evaluations_total",
        "counter",
        "Genomes evaluated by workers, failed ones apart; answers of the cache are not among them.",
        ("strategy", "node", "worker_kind", "result"),
        values={**_KIND, "result": ("ok", "failed")},
    ),
    Metric(
        "genepool_evaluation_seconds",
        "histogram",
        "Computing time of a genome: the mean of each batch, observed once a batch.",
        ("worker_kind",),
        "seconds",
        _KIND,
        _GENOME_SECONDS,
    ),
    Metric(
        "genepool_work_seconds_total",
        "counter",
        "Time that workers spent on evaluating.",
        ("node", "worker_kind"),
        "seconds",
        _KIND,
    ),
    Metric(
        "genepool_dispatch_overhead_seconds_total",
        "counter",
        "Time from handing a batch to an idle worker until its answer was read, less the computing.",
        ("node", "worker_kind"),
        "seconds",
        _KIND,
    ),
    Metric(
        "genepool_batches_total",
        "counter",
        "Batches whose results were accepted.",
        ("node", "worker_kind"),
        values=_KIND,
    ),
    Metric(
        "genepool_queue_genomes",
        "gauge",
        "Genomes that wait for a worker, and those that are with one.",
        ("state",),
        values={"state": ("waiting", "running")},
    ),
    Metric(
        "genepool_retries_total",
        "counter",
        "Batches that the dispatcher handed out again, by reason.",
        ("reason",),
        values={"reason": get_args(RetryReason)},
    ),
    Metric(
        "genepool_quarantines_total",
        "counter",
        "Genomes that killed or hung their worker too often and count as failed.",
        ("strategy",),
    ),
)

_CREW = (
    Metric(
        "genepool_actors",
        "gauge",
        "Evaluation processes that are alive.",
        ("node", "worker_kind"),
        values=_KIND,
    ),
    Metric(
        "genepool_nodes",
        "gauge",
        "Machines with at least one evaluation process.",
        ("worker_kind",),
        values=_KIND,
    ),
    Metric(
        "genepool_nodes_expected",
        "gauge",
        "Machines that a full-strength cluster has (GENEPOOL_EXPECTED_NODES); 0 expects none.",
    ),
    Metric(
        "genepool_cpu_budget",
        "gauge",
        "CPUs that a machine grants to the run: one evaluation process each; absent between runs.",
        ("node", "worker_kind"),
        values=_KIND,
    ),
    Metric(
        "genepool_node_cpu_budget",
        "gauge",
        "Share of a machine's granted CPUs that may work, 0 to 1; absent between runs.",
        ("node", "worker_kind"),
        values=_KIND,
    ),
    Metric(
        "genepool_node_cpu_use",
        "gauge",
        "Share of a machine's granted CPUs that our processes used over the last minute, 0 to 1.",
        ("node", "worker_kind"),
        values=_KIND,
    ),
    Metric(
        "genepool_cost_dollars_total",
        "counter",
        "Estimated cost: CPUs that runs held times the price of their kind, over that time; none while idle.",
        ("worker_kind",),
        "dollars",
        {"worker_kind": ("cpu", "memory")},
    ),
    Metric(
        "genepool_budget_dollars",
        "gauge",
        "Dollars that may be spent before an alert (GENEPOOL_BUDGET); 0 for no limit.",
        unit="dollars",
    ),
)

_EVOLUTION = (
    Metric("genepool_run_active", "gauge", "1 while the coordinator evolves a run, else 0."),
    Metric(
        "genepool_run_state",
        "gauge",
        "1 for the state of the newest run, 0 for the others; idle until the first run.",
        ("state",),
        values={"state": RUN_STATES},
    ),
    Metric(
        "genepool_generation",
        "gauge",
        "Generations recorded of the newest run, those of earlier sessions included.",
    ),
    Metric(
        "genepool_generations_target",
        "gauge",
        "Generations that the newest run has at most.",
    ),
    Metric(
        "genepool_generations_total",
        "counter",
        "Generations that this coordinator recorded, over all runs.",
    ),
    Metric(
        "genepool_generation_genomes",
        "gauge",
        "Genomes of the running generation: asked for, and done.",
        ("state",),
        values={"state": ("asked", "done")},
    ),
    Metric(
        "genepool_generation_duration_seconds",
        "histogram",
        "Wall-clock time of a generation, breeding and recording included.",
        unit="seconds",
        buckets=_GENERATION_SECONDS,
    ),
    Metric(
        "genepool_last_generation_timestamp_seconds",
        "gauge",
        "Unix time at which the newest generation was recorded, or the run started if that is later.",
        unit="seconds",
    ),
    Metric(
        "genepool_fitness",
        "gauge",
        "In-sample fitness in the newest generation; absent while no individual has a fitness.",
        ("stat",),
        values={"stat": ("best", "median", "worst")},
    ),
    Metric(
        "genepool_population_size",
        "gauge",
        "Individuals of the newest generation.",
    ),
    Metric(
        "genepool_population_diversity_ratio",
        "gauge",
        "Share of their genes in which two individuals drawn at random differ; all of them when their "
        "strategies differ.",
        unit="ratio",
    ),
    Metric(
        "genepool_species_share_ratio",
        "gauge",
        "Share of the newest generation that belongs to a strategy.",
        ("strategy",),
        "ratio",
    ),
    Metric(
        "genepool_failed_individuals",
        "gauge",
        "Newborn of the newest generation whose evaluation failed.",
    ),
)

_HONESTY = (
    Metric(
        "genepool_trials",
        "gauge",
        "Unique genomes ever tried on the run's candles, over all runs; absent until known.",
    ),
    Metric(
        "genepool_champion_sharpe_ratio",
        "gauge",
        "Annualised walk-forward Sharpe ratio of the run's champion; absent until known.",
    ),
    Metric(
        "genepool_luck_sharpe_ratio",
        "gauge",
        "Annualised Sharpe ratio expected of the best of that many trials by luck; absent until known.",
    ),
    Metric(
        "genepool_deflated_sharpe_probability",
        "gauge",
        "Probability that the champion's true Sharpe ratio is above luck; absent until known.",
        unit="ratio",
    ),
    Metric(
        "genepool_rung_reached",
        "gauge",
        "Rungs of the verdict that the champion passes in a row: 0 to 3 while it is bred, to 5 when its run "
        "has ended or was compared with null searches; absent until known.",
    ),
    Metric(
        "genepool_overfitting_probability",
        "gauge",
        "Probability of backtest overfitting of the run's kept sample; absent until known.",
        unit="ratio",
    ),
    Metric(
        "genepool_null_searches",
        "gauge",
        "Null searches of the run that a job compared with them last; absent until then.",
    ),
    Metric(
        "genepool_null_p_value",
        "gauge",
        "How rare that run's figure is among those of its null searches; absent until known.",
    ),
    Metric(
        "genepool_null_p_corrected",
        "gauge",
        "The same, corrected for the other searches of its candles; absent until known.",
    ),
)

_SERVICES = (
    Metric(
        "genepool_cache_lookups_total",
        "counter",
        "Genomes that the coordinator asked the fitness cache for, by its answer.",
        ("result",),
        values={"result": get_args(CacheAnswer)},
    ),
    Metric(
        "genepool_cache_seconds",
        "histogram",
        "Time of a round trip to the fitness cache, answered or given up.",
        ("stage",),
        "seconds",
        {"stage": get_args(CacheStage)},
        _CACHE_SECONDS,
    ),
    Metric(
        "genepool_cache_up",
        "gauge",
        "1 while the fitness cache answers, 0 while the coordinator does without it; absent without one.",
    ),
    Metric(
        "genepool_database_seconds",
        "histogram",
        "Time of a transaction with the history.",
        ("stage",),
        "seconds",
        {"stage": get_args(StoreStage)},
        _DATABASE_SECONDS,
    ),
    Metric(
        "genepool_database_up",
        "gauge",
        "1 while the history answers, else 0; absent until it was asked.",
    ),
    Metric(
        "genepool_journal_generations",
        "gauge",
        "Generations that are acknowledged in the journal and not yet in the history.",
    ),
    Metric(
        "genepool_journal_bytes",
        "gauge",
        "Size of what the journal holds for the history.",
        unit="bytes",
    ),
    Metric(
        "genepool_fenced_writes_total",
        "counter",
        "Writes that the history refused because another coordinator owns the run.",
    ),
    Metric(
        "genepool_grafana_failures_total",
        "counter",
        "Calls of Grafana's API that failed; no run waits for them.",
    ),
    Metric(
        "genepool_build_info",
        "gauge",
        "1, with the version of genepool.",
        ("version",),
    ),
)

CATALOGUE: tuple[Metric, ...] = (*_WORK, *_CREW, *_EVOLUTION, *_HONESTY, *LIVE, *_SERVICES, *HTTP, *JOBS)
BY_NAME: Mapping[str, Metric] = {metric.name: metric for metric in CATALOGUE}
SECTIONS: Mapping[str, tuple[Metric, ...]] = {
    "Work": _WORK,
    "Workers and cost": _CREW,
    "Evolution": _EVOLUTION,
    "Honesty": _HONESTY,
    "Live": LIVE,
    "Services": _SERVICES,
    "HTTP": HTTP,
    "Jobs": JOBS,
}
