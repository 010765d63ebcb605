"""Where genomes are evaluated: in this process, on a cluster, or by a running coordinator."""

import json
import os
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Literal, TypeAlias

from genepool.adapters.local.machine import read_machine
from genepool.bootstrap.cluster_connection import connected
from genepool.errors import ServiceUnavailable
from genepool.pool.planning import Plan
from genepool.scheduling.placement import estimated_seconds, worth_distributing
from genepool.scheduling.threads import USUAL_SHARE, thread_budget
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
    share
        How much of this machine may work; None for so many workers at full speed, whatever is wished for.
    most_workers
        How many there are here once the whole machine may work.
    """

    site: Site
    workers: int
    sentence: str
    share: float | None = None
    most_workers: int = 0


def check_reachable(mode: Mode, settings: Settings, history: str = "", there: str = "") -> None:
    """Find out before a run is recorded that the cluster that it insists on would never take it up.

    Parameters
    ----------
    mode, settings
        As ``place``.
    history
        What tells the history of this process from others; empty when unknown.
    there
        The commands that do the same where a coordinator of this machine's stack is.

    Raises
    ------
    ServiceUnavailable
        When a cluster is insisted on, and none answers or it works on another history.
    """
    if mode != "distributed":
        return
    found = _survey(settings, history)
    if not found.trouble:
        return
    if not (settings.service_url or settings.ray_address):
        found = _beside(settings, history) or found
    if found.apart:
        raise ServiceUnavailable(
            f"{found.trouble}, so it would never take this run up: give the run to it with\n{there}\n"
            "in the folder of the stack, or run here with --mode local"
        )
    raise ServiceUnavailable(f"{found.trouble}; run with --mode local or --mode auto, or start one: make up")


def place(
    mode: Mode, workers: int | None, settings: Settings, plan: Plan, history: str = "", searches: int = 1
) -> Placement:
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
    history
        What tells the history of this process from others; empty when unknown.
    searches
        How often the plan's search is made.
    """
    if mode == "local":
        return on_this_machine(workers, settings)
    if mode == "distributed":
        cpus = _survey(settings, history).cpus if settings.service_url else 0
        return _elsewhere(settings, cpus, "")
    found = _survey(settings, history)
    if found.trouble:
        return on_this_machine(workers, settings, f", because {found.trouble}")
    here = on_this_machine(workers, settings)
    choice = worth_distributing(searches * _seconds(plan), here.workers, found.cpus)
    if choice.distributed:
        return _elsewhere(settings, found.cpus, f": {choice.sentence}")
    return on_this_machine(workers, settings, f", because {choice.sentence}")


def on_this_machine(workers: int | None, settings: Settings, reason: str = "") -> Placement:
    """Return a place on this machine, with as many workers as its CPU budget has use for.

    Parameters
    ----------
    workers, settings
        As ``place``.
    reason
        Why it is here, for the sentence.
    """
    machine = read_machine()
    held = machine.cores, machine.memory, os.environ, machine.cpu_limit
    count = workers or (settings.cpu_threads if settings.cpu_budget is None else None)
    if count is not None:
        return Placement("here", count, f"local, {_workers(count)}{reason}", None, count)
    share = USUAL_SHARE if settings.cpu_budget is None else settings.cpu_budget / 100
    if share >= 1.0:
        count = settings.cpu_threads or thread_budget(*held).workers
        return Placement("here", count, f"local, {_workers(count)}{reason}", 1.0, count)
    count, most = (thread_budget(*held, part).workers for part in (share, 1.0))
    said = f"local, {_workers(count)} on {100 * share:g} % of the CPUs{reason}"
    return Placement("here", count, said, share, most)


def _workers(count: int) -> str:
    return f"{count} worker{'s' if count > 1 else ''}"


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
    """Why no cluster can be used, nothing when one can, and how many CPUs it grants.

    ``apart``: there is one, and it works on another history.
    """

    trouble: str
    cpus: int = 0
    apart: bool = False


def _survey(settings: Settings, history: str) -> _Survey:
    """Look for a cluster; joining one takes a while, so it is joined once."""
    if settings.service_url:
        told = progress_of(settings)
        if told is None:
            return _Survey(f"no coordinator answers at {settings.service_url} (GENEPOOL_SERVICE_URL)")
        if _is_apart(told, history):
            return _other_history(settings.service_url)
        return _Survey("", int(told.get("cpus", 0)))
    if not settings.ray_address:
        return _Survey("no cluster is configured (GENEPOOL_RAY_ADDRESS)")
    try:
        with connected(settings.ray_address) as cluster:
            return _Survey("", cluster.cpus)
    except ServiceUnavailable as error:
        return _Survey(str(error))


def _beside(settings: Settings, history: str) -> _Survey | None:
    """Look for the coordinator of a stack on this machine, which no setting names; None without one."""
    address = f"http://127.0.0.1:{settings.service_port}"
    told = progress_of(settings.model_copy(update={"service_url": address}))
    if told is None or not {"run", "state", "cpus"} <= told.keys():
        return None
    if not history or told.get("history") != history:
        return _other_history(address)
    return _Survey(f"the coordinator at {address} is not configured: set GENEPOOL_SERVICE_URL={address}")


def _is_apart(told: Mapping[str, Any], history: str) -> bool:
    """Whether a coordinator says that it works on another history; one of before it said so may not."""
    theirs = told.get("history")
    return bool(history and theirs) and theirs != history


def _other_history(address: str) -> _Survey:
    return _Survey(f"the coordinator at {address} works on another history than this command", apart=True)


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
