"""Measure, judge, write down; exit 0 when the cluster is worth what it should be, else 5."""

import argparse
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.evaluator import RayEvaluator
from genepool.backtest.problem import Problem
from genepool.errors import GenepoolError
from genepool.ports import Evaluator
from genepool.settings import load_settings
from scripts.validation.criterion import plain, verdict
from scripts.validation.performance.figures import judge
from scripts.validation.performance.gathering import cpus_of_all
from scripts.validation.performance.host_load import watched_load
from scripts.validation.performance.measuring import Work, measure
from scripts.validation.performance.work import Notebook, genomes, problem, warm_up
from scripts.validation.performance.writing import table, write

# The sets that calibrate are none of those that are timed.
_CALIBRATION, _CALIBRATION_GENOMES = 999_999, 56
_SEED = 17


class _Clock:
    @staticmethod
    def seconds() -> float:
        return time.monotonic()


def main() -> int:
    """Measure on the cluster beside this process."""
    given = _arguments()
    console = Console()
    try:
        return _validate(given, console)
    except GenepoolError as error:
        console.print(f"cannot measure: {error}", style="red", soft_wrap=True)
        return error.exit_code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="validate_distributed_performance.py")
    parser.add_argument("--candles", type=int, default=20_000, help="length of the market")
    parser.add_argument("--seconds", type=float, default=40.0, help="work of one process in a timed pass")
    parser.add_argument("--repetitions", type=int, default=5, help="timed passes of each configuration")
    parser.add_argument(
        "--output", type=Path, help="folder of the figures; results/validation when not given"
    )
    return parser.parse_args()


def _validate(given: argparse.Namespace, console: Console) -> int:
    settings = load_settings()
    cluster = Cluster(settings.ray_address or "auto")
    try:
        cpus = cpus_of_all(cluster, settings.expected_nodes)
        market = problem(given.candles, _SEED)
        count = _genomes_for(given.seconds, market)
        host = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "cores": os.cpu_count(),
            "cluster CPUs": cpus,
            "python": platform.python_version(),
            "load before": round(os.getloadavg()[0], 2),
            "other work before": f"{watched_load():.0%} of the host",
            "candles": given.candles,
            "genomes in a pass": count,
        }
        console.print(" · ".join(f"{name} {value}" for name, value in host.items()))

        def open_cluster(seats: int, notebook: Notebook) -> RayEvaluator:
            return RayEvaluator(cluster, notebook, _Clock(), seats_at_most=seats)

        work = Work(market, _SEED, count, max(given.repetitions, 3))
        measured = measure(work, cpus, open_cluster, console.print)
    finally:
        cluster.close()
    criteria = judge(measured)
    console.print(table(measured))
    console.print(plain(criteria), soft_wrap=True, highlight=False)
    paths = write(given.output or settings.results / "validation", measured, criteria, host)
    console.print("figures: " + ", ".join(map(str, paths)), soft_wrap=True)
    return verdict(criteria)


def _genomes_for(seconds: float, market: Problem) -> int:
    """Return how many genomes one process evaluates in about that many seconds."""
    evaluator = LocalEvaluator(1)
    evaluator.evaluate(market, warm_up(market, _SEED, 1), lambda _: None)
    # A few tell how many to ask, and these the rate: genomes that share fits cost less the more there are.
    few = _rate(evaluator, market, _CALIBRATION, _CALIBRATION_GENOMES)
    some = max(_CALIBRATION_GENOMES, round(few * seconds / 4))
    rate = _rate(evaluator, market, _CALIBRATION + 1, some)
    evaluator.close()
    return max(_CALIBRATION_GENOMES, round(rate * seconds))


def _rate(evaluator: Evaluator, market: Problem, set_number: int, count: int) -> float:
    """Return how many genomes of a set were evaluated in a second."""
    sample = genomes(market, _SEED, set_number, count)
    began = time.perf_counter()
    evaluator.evaluate(market, sample, lambda _: None)
    return count / (time.perf_counter() - began)


sys.exit(main())
