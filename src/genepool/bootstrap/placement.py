"""Where genomes are evaluated: in this process, on a cluster, or by a running coordinator."""

import json
import os
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Literal, TypeAlias

from genepool.adapters.local.machine import read_machine
from genepool.bootstrap.cluster import tied
from genepool.errors import ServiceUnavailable
from genepool.pool.planning import Plan
from genepool.scheduling.placement import estimated_seconds, worth_distributing
from genepool.scheduling.threads import thread_budget
from genepool.settings import Settings

Mode: TypeAlias = Literal["auto", "local", "distributed"]
Site: TypeAlias = Literal["here", "cluster", "coordinator"]

_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where genomes are evaluated.

    Parameters
    ----------
    site
        ``"here"``: on this machine. ``"cluster"``: this process leads a Ray cluster.
        ``"coordinator"``: a running coordinator does.
    workers
        How many batches run at once here; 0 elsewhere.
    sentence
        The same for the user, with the reason.
    """

    site: Site
    workers: int
    sentence: str


def check_reachable(mode: Mode, settings: Settings) -> None:
    """Find out before a run is recorded that the cluster that it insists on is not there.

    Raises
    ------
    ServiceUnavailable
        When a cluster is insisted on and none answers.
    """
    if mode == "distributed" and (trouble := _survey(settings).trouble):
        raise ServiceUnavailable(f"{trouble}; run with --mode local or --mode auto, or start one: make up")


def place(mode: Mode, workers: int | None, settings: Settings, plan: Plan) -> Placement:
    """Decide where genomes are evaluated.

    Parameters
    ----------
    mode
        ``"auto"`` takes a cluster when one answers and the run is worth it, else this machine.
    workers
        Worker processes on this machine; None to read the machine.
    settings
        They may name a cluster.
    plan
        The run.
    """
    if mode == "local":
        return _here(workers, settings, "")
    if mode == "distributed":
        cpus = _survey(settings).cpus if settings.service_url else 0
        return _elsewhere(settings, cpus, "")
    found = _survey(settings)
    if found.trouble:
        return _here(workers, settings, f", because {found.trouble}")
    here = _here(workers, settings, "")
    choice = worth_distributing(_seconds(plan), here.workers, found.cpus)
    if choice.distributed:
        return _elsewhere(settings, found.cpus, f": {choice.sentence}")
    return _here(workers, settings, f", because {choice.sentence}")


def _here(workers: int | None, settings: Settings, reason: str) -> Placement:
    machine = read_machine()
    budget = thread_budget(machine.cores, machine.memory, os.environ, machine.cpu_limit)
    count = workers or settings.cpu_threads or budget.workers
    return Placement("here", count, f"local, {count} worker{'s' if count > 1 else ''}{reason}")


def _elsewhere(settings: Settings, cpus: int, reason: str) -> Placement:
    if settings.service_url:
        sentence = f"distributed, by the coordinator at {settings.service_url}, {_granted(cpus)}"
        return Placement("coordinator", 0, sentence + reason)
    return Placement("cluster", 0, f"distributed, on the cluster at {settings.ray_address}{reason}")


def _granted(cpus: int) -> str:
    return f"{cpus} CPU{'' if cpus == 1 else 's'} at present"


def _seconds(plan: Plan) -> float:
    settings = plan.spec.settings
    genomes = settings.evaluations or settings.population_size * settings.generations
    learning = sum(strategy.learning for strategy in plan.strategies.values()) / len(plan.strategies)
    return estimated_seconds(genomes, len(plan.problem.candles), learning)


@dataclass(frozen=True, slots=True)
class _Survey:
    """Why no cluster can be used, nothing when one can, and how many CPUs it grants."""

    trouble: str
    cpus: int = 0


def _survey(settings: Settings) -> _Survey:
    """Look for a cluster; joining one takes a while, so it is joined once."""
    if settings.service_url:
        told = progress_of(settings)
        if told is None:
            return _Survey(f"no coordinator answers at {settings.service_url} (GENEPOOL_SERVICE_URL)")
        return _Survey("", int(told.get("cpus", 0)))
    if not settings.ray_address:
        return _Survey("no cluster is configured (GENEPOOL_RAY_ADDRESS)")
    try:
        with tied(settings.ray_address) as cluster:
            return _Survey("", cluster.cpus)
    except ServiceUnavailable as error:
        return _Survey(str(error))


def progress_of(settings: Settings) -> dict[str, Any] | None:
    """Return where the coordinator stands, None when it does not answer."""
    address = f"{settings.service_url.rstrip('/')}/progress"
    # A proxy for the way out of the network knows nothing of a coordinator inside.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=_PATIENCE_SECONDS) as answer:
            document = json.load(answer)
    except (OSError, ValueError, HTTPException):
        return None
    return document if isinstance(document, dict) else None
