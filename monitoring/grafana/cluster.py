"""The Cluster dashboard: the machines, their share of the work, and what they cost."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Panel

from monitoring.grafana.board import board
from monitoring.grafana.panels import bars, lines, number
from monitoring.grafana.queries import Live

_RATE = "$__rate_interval"


def cluster() -> Dashboard:
    """Return the dashboard."""
    return board(
        "Cluster",
        "The machines, their share of the work, and what they cost.",
        {
            "Now": _now(),
            "Work": _work(),
            "Trouble": _trouble(),
            "Machines": _machines(),
            "Cost": _cost(),
        },
    )


def _now() -> list[Builder[Panel]]:
    return [
        number(
            "Nodes",
            "Machines with at least one evaluation process; between runs there are none.",
            "none",
            Live("sum(genepool_nodes)", "nodes"),
        ),
        number(
            "Nodes missing",
            "Machines that a full-strength cluster has (GENEPOOL_EXPECTED_NODES) and that a run lacks.",
            "none",
            Live(
                "clamp_min(max(genepool_nodes_expected) - sum(genepool_nodes), 0) * max(genepool_run_active)",
                "missing",
            ),
            steps=((1, "red"),),
        ),
        number(
            "Evaluation processes",
            "Processes that are alive: one on each granted CPU.",
            "none",
            Live("sum(genepool_actors)", "processes"),
        ),
        number(
            "CPU use",
            "Share of the granted CPUs' time that goes into evaluating.",
            "percentunit",
            Live(f"sum(rate(genepool_work_seconds_total[{_RATE}])) / sum(genepool_cpu_budget)", "used"),
            decimals=0,
        ),
        number(
            "Evaluations",
            "Genomes evaluated each second, over all machines.",
            "ops",
            Live(f"sum(rate(genepool_evaluations_total[{_RATE}]))", "evaluations"),
            decimals=1,
        ),
        number(
            "Dispatch overhead",
            "Time that workers wait for batches and their answers, beside the time that they compute.",
            "percentunit",
            Live(
                f"sum(rate(genepool_dispatch_overhead_seconds_total[{_RATE}]))"
                f" / sum(rate(genepool_work_seconds_total[{_RATE}]))",
                "overhead",
            ),
            steps=((0.05, "orange"), (0.15, "red")),
            decimals=1,
        ),
    ]


def _work() -> list[Builder[Panel]]:
    work = f"rate(genepool_work_seconds_total[{_RATE}])"
    return [
        lines(
            "Evaluations by node",
            "Genomes evaluated each second.",
            "ops",
            Live(f"sum by (node) (rate(genepool_evaluations_total[{_RATE}]))", "{{node}}"),
            stacked=True,
        ),
        lines(
            "Share of work against share of CPUs",
            "A node's share of all computing time over its share of all granted CPUs; 1 is even.",
            "none",
            Live(
                f"(sum by (node) ({work}) / scalar(sum({work})))"
                " / (sum by (node) (genepool_cpu_budget) / scalar(sum(genepool_cpu_budget)))",
                "{{node}}",
            ),
            steps=((0, "orange"), (0.9, "green"), (1.1, "orange")),
        ),
        lines(
            "CPU budget and real use",
            "Share of a node's granted CPUs that may work, and the share that our processes used.",
            "percentunit",
            Live("max by (node) (genepool_node_cpu_budget)", "{{node}} may"),
            Live("max by (node) (genepool_node_cpu_use)", "{{node}} used"),
            width=24,
        ),
        bars(
            "Work by node",
            "Share of all computing time in the dashboard's time range.",
            "percentunit",
            Live(
                "sum by (node) (increase(genepool_work_seconds_total[$__range]))"
                " / scalar(sum(increase(genepool_work_seconds_total[$__range])))",
                "{{node}}",
                instant=True,
            ),
        ),
        bars(
            "CPUs by node",
            "Share of all granted CPUs; the bars beside should look alike.",
            "percentunit",
            Live(
                "sum by (node) (genepool_cpu_budget) / scalar(sum(genepool_cpu_budget))",
                "{{node}}",
                instant=True,
            ),
        ),
        lines(
            "Queue",
            "Genomes that wait for a worker, and those that are with one.",
            "none",
            Live("genepool_queue_genomes", "{{state}}"),
            width=8,
        ),
        lines(
            "Processes by node",
            "Evaluation processes that are alive.",
            "none",
            Live("sum by (node, worker_kind) (genepool_actors)", "{{node}} ({{worker_kind}})"),
            width=8,
            stacked=True,
        ),
        lines(
            "Time of a genome",
            "Computing time: the mean of each batch, half and 95 % of the batches below.",
            "s",
            *(
                Live(
                    f"histogram_quantile({level}, sum by (le, worker_kind) "
                    f"(rate(genepool_evaluation_seconds_bucket[{_RATE}])))",
                    f"{{{{worker_kind}}}} {name}",
                )
                for level, name in ((0.5, "half"), (0.95, "95 %"))
            ),
            width=8,
        ),
        lines(
            "Time of a batch",
            "Computing time of a batch: a fifth of a second keeps dispatch cheap.",
            "s",
            Live(
                f"sum by (node) ({work}) / sum by (node) (rate(genepool_batches_total[{_RATE}]))", "{{node}}"
            ),
            width=8,
        ),
    ]


def _trouble() -> list[Builder[Panel]]:
    return [
        lines(
            "Retries",
            "Batches that the dispatcher handed out again, in the dashboard's interval.",
            "none",
            Live(f"sum by (reason) (increase(genepool_retries_total[{_RATE}]))", "{{reason}}"),
            width=8,
            stacked=True,
        ),
        lines(
            "Quarantined genomes",
            "Genomes that killed or hung their worker too often and count as failed.",
            "none",
            Live(f"sum by (strategy) (increase(genepool_quarantines_total[{_RATE}]))", "{{strategy}}"),
            width=8,
            stacked=True,
        ),
        lines(
            "Overhead by node",
            "Dispatch overhead beside computing time.",
            "percentunit",
            Live(
                f"sum by (node) (rate(genepool_dispatch_overhead_seconds_total[{_RATE}]))"
                f" / sum by (node) (rate(genepool_work_seconds_total[{_RATE}]))",
                "{{node}}",
            ),
            steps=((0.05, "orange"),),
            width=8,
        ),
    ]


def _machines() -> list[Builder[Panel]]:
    return [
        lines(
            "CPUs used by Ray's processes",
            "Of each Ray node's own processes: in a container, Ray's figure for the machine is the host's.",
            "none",
            Live("sum by (node) (ray_component_cpu_percentage) / 100", "{{node}}"),
        ),
        lines(
            "Memory",
            "Share of each Ray node's memory limit that is in use.",
            "percentunit",
            Live(
                "max by (node) (ray_node_mem_used) / max by (node) (ray_node_mem_total)",
                "{{node}}",
            ),
            steps=((0.9, "red"),),
            most=1,
        ),
        lines(
            "Disk",
            "Share of each Ray node's disk that is in use.",
            "percentunit",
            Live("max by (node) (ray_node_disk_utilization_percentage) / 100", "{{node}}"),
            steps=((0.9, "red"),),
            most=1,
        ),
        lines(
            "Object store",
            "Shared memory that holds the candles, each node's.",
            "bytes",
            Live("sum by (node) (ray_object_store_used_memory)", "{{node}}"),
        ),
    ]


def _cost() -> list[Builder[Panel]]:
    return [
        number(
            "Spent",
            "Estimate since the coordinator started: granted CPUs times the price of their kind, over time.",
            "currencyUSD",
            Live("sum(genepool_cost_dollars_total)", "spent"),
            width=6,
        ),
        number(
            "Budget",
            "Dollars that may be spent before an alert (GENEPOOL_BUDGET); 0 for no limit.",
            "currencyUSD",
            Live("max(genepool_budget_dollars)", "budget"),
            width=6,
        ),
        lines(
            "Dollars an hour",
            "By kind of worker.",
            "currencyUSD",
            Live(
                f"sum by (worker_kind) (rate(genepool_cost_dollars_total[{_RATE}])) * 3600", "{{worker_kind}}"
            ),
            width=6,
            stacked=True,
        ),
        lines(
            "Dollars a thousand evaluations",
            "What the cluster costs over what it delivers.",
            "currencyUSD",
            Live(
                f"1000 * sum(rate(genepool_cost_dollars_total[{_RATE}]))"
                f" / sum(rate(genepool_evaluations_total[{_RATE}]))",
                "dollars",
            ),
            width=6,
        ),
    ]
