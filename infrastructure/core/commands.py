"""The cluster manager's commands: flags in, tables or JSON out, documented exit codes."""

import signal
import sys
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from genepool.errors import ConfigError, GenepoolError, Interrupted, ServiceUnavailable
from genepool.scheduling.autoscale import ScalingRule
from genepool.settings import load_settings
from infrastructure.core import pages
from infrastructure.core.autoscaling import steps
from infrastructure.core.cluster import KINDS, ClusterPlatform
from infrastructure.core.compose_cluster import ComposeCluster
from infrastructure.core.coordinator import Snapshot, read_snapshot
from infrastructure.core.costs import cost_report
from infrastructure.core.ray_cluster import RayCluster

_REPOSITORY = Path(__file__).resolve().parents[2]


class Platform(StrEnum):
    """What starts and stops the machines."""

    compose = "compose"
    ray = "ray"


app = typer.Typer(
    name="cluster_manager",
    help="Look after GenePool's cluster from outside it.",
    epilog="Exit codes: 0 done, 2 bad flags, 4 something is away or does not answer, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
PlatformFlag = Annotated[
    Platform,
    typer.Option(
        "--platform",
        help="compose: containers on this host; ray: machines of Ray's own autoscaler (AWS, Kubernetes), "
        "to be run on a node of that cluster.",
    ),
]
Folder = Annotated[Path, typer.Option("--folder", help="Folder of the Compose file.", file_okay=False)]
MetricsUrl = Annotated[
    str, typer.Option("--metrics-url", help="Where the coordinator's metrics are; default: found out.")
]


def run() -> None:
    """Run the application and leave with the documented exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        app(standalone_mode=True)
    except GenepoolError as error:
        text = str(error).replace("[", r"\[")
        Console(stderr=True, highlight=False).print(f"[red]error:[/red] {text}", soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(Interrupted.exit_code)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@app.command()
def status(
    *,
    platform: PlatformFlag = Platform.compose,
    folder: Folder = _REPOSITORY,
    metrics_url: MetricsUrl = "",
    as_json: AsJson = False,
) -> None:
    """Show the worker nodes, what they do, and the run."""
    cluster = _cluster(platform, folder, metrics_url)
    nodes = cluster.nodes()
    try:
        snapshot, silent = _snapshot(cluster), ""
    except ServiceUnavailable as error:
        snapshot, silent = Snapshot(0.0, "unknown"), str(error)
    pages.show_status(nodes, snapshot, silent, as_json=as_json)


@app.command()
def health(
    *,
    platform: PlatformFlag = Platform.compose,
    folder: Folder = _REPOSITORY,
    metrics_url: MetricsUrl = "",
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Service that this host does without; may be given repeatedly."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at every service, the GCS, the raylets and what Prometheus reaches; exit 4 unless all is well."""
    findings = _cluster(platform, folder, metrics_url, tuple(without or ())).findings()
    pages.show_findings(findings, as_json=as_json)
    if away := [finding.part for finding in findings if not finding.well]:
        raise ServiceUnavailable(f"not well: {', '.join(away)}")


@app.command()
def scale(
    cpu: Annotated[int | None, typer.Option("--cpu", min=0, help="CPU-optimised nodes.")] = None,
    memory: Annotated[int | None, typer.Option("--memory", min=0, help="Memory-optimised nodes.")] = None,
    *,
    platform: PlatformFlag = Platform.compose,
    folder: Folder = _REPOSITORY,
    metrics_url: MetricsUrl = "",
    as_json: AsJson = False,
) -> None:
    """Bring the workers to so many nodes; those that go hand back their work first."""
    asked = {"cpu": cpu, "memory": memory}
    wanted = {kind: count for kind in KINDS if (count := asked[kind]) is not None}
    if not wanted:
        raise ConfigError("give --cpu, --memory or both")
    cluster = _cluster(platform, folder, metrics_url)
    # By hand, a busy node may go: what it was given is evaluated elsewhere.
    pages.show_done(cluster.resize(wanted, busy=()), as_json=as_json)


@app.command()
def drain(
    node: Annotated[str, typer.Argument(help="Name of the node, as `status` shows it.")],
    *,
    platform: PlatformFlag = Platform.compose,
    folder: Folder = _REPOSITORY,
    as_json: AsJson = False,
) -> None:
    """Stop one worker node gracefully: it hands back its work and leaves."""
    pages.show_done([_cluster(platform, folder, "").drain(node)], as_json=as_json)


@app.command()
def autoscale(
    minimum: Annotated[int, typer.Option("--min", min=0, help="Worker nodes at least, of all kinds.")],
    maximum: Annotated[int, typer.Option("--max", min=0, help="Worker nodes at most, of all kinds.")],
    *,
    once: Annotated[bool, typer.Option("--once", help="Look, act and leave.")] = False,
    interval: Annotated[float, typer.Option(min=0.1, max=86_400, help="Seconds between looks.")] = 10.0,
    drain_time: Annotated[float, typer.Option(help="Seconds that the waiting work may take.")] = 30.0,
    idle: Annotated[float, typer.Option(help="Quiet seconds before a node is given up.")] = 300.0,
    step: Annotated[float, typer.Option(help="Seconds between giving up one node and the next.")] = 30.0,
    platform: PlatformFlag = Platform.compose,
    folder: Folder = _REPOSITORY,
    metrics_url: MetricsUrl = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a line.")] = False,
) -> None:
    """Add nodes at once when work piles up, give them up one by one when it is quiet."""
    rule = ScalingRule(minimum, maximum, drain_time, idle, step)
    for taken in steps(_cluster(platform, folder, metrics_url), rule, time.monotonic):
        pages.show_step(asdict(taken), as_json=as_json)
        if once and taken.blind:
            raise ServiceUnavailable("the coordinator did not answer, so nothing was decided")
        if once:
            return
        time.sleep(interval)


@app.command()
def cost(
    *,
    platform: PlatformFlag = Platform.compose,
    folder: Folder = _REPOSITORY,
    metrics_url: MetricsUrl = "",
    as_json: AsJson = False,
) -> None:
    """Show what the cluster has cost so far, what it costs an hour, and the budget."""
    snapshot = _snapshot(_cluster(platform, folder, metrics_url))
    settings = load_settings()
    pages.show_cost(
        cost_report(snapshot, {"cpu": settings.cpu_price, "memory": settings.memory_price}), as_json=as_json
    )


def _snapshot(cluster: ClusterPlatform) -> Snapshot:
    return read_snapshot(cluster.metrics_address(), time.monotonic())


def _cluster(
    platform: Platform, folder: Path, metrics_url: str, without: tuple[str, ...] = ()
) -> ClusterPlatform:
    if platform is Platform.ray:
        return RayCluster(metrics_address=metrics_url or "http://127.0.0.1:8000/metrics")
    return ComposeCluster(folder, without, metrics_url)
