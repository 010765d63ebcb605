"""Say beforehand what this machine lacks for the stack, one line a check, each with its remedy.

Exit status: 0 when the stack can start (warnings do not count), 2 when something has to be set up,
4 when Docker does not answer.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from scripts.stack import drift, machine, network, ranges
from scripts.stack.engine import ROOT, Engine
from scripts.stack.finding import Finding, line, status

RAYS_SHARED_MEMORY = 256 * ranges.MEBIBYTE


def findings(engine: Engine) -> list[Finding]:
    """Look at this machine."""
    answered = engine.said("docker", "version", "--format", "{{.Server.Version}}")
    version = engine.said(*engine.words, "version", "--short")
    found = [machine.docker_answers(answered or None), machine.compose_is_second(version or None)]
    if status(found):
        return found
    told = json.loads(engine.said("docker", "info", "--format", "{{json .}}") or "{}")
    compose, complaint = engine.rendered("--profile", "*")
    found += _settings(engine, compose, told)
    if not compose:
        return [*found, Finding("bad", f"the Compose files do not render ({complaint})", "correct .env")]
    return [
        *found,
        *_of_the_stack(engine, compose, told),
        machine.disk_suffices(shutil.disk_usage(ROOT).free),
        machine.secrets_are_there(ROOT / "secrets", compose["secrets"]),
        machine.files_are_readable(machine.unreadable(ROOT)),
    ]


def _settings(engine: Engine, compose: Mapping[str, Any], told: Mapping[str, Any]) -> list[Finding]:
    flags = ("--project-directory", str(ROOT), "--file", "-")
    probed, complaint = engine.rendered(*flags, given=ranges.probe(ROOT))
    if not probed:
        return [Finding("bad", f"Compose cannot read .env ({complaint})", "correct it")]
    settings = probed["services"]["settings"]["environment"]
    head = compose.get("services", {}).get("ray-head", {})
    known = ranges.facts(
        settings,
        shared=float(head.get("shm_size", RAYS_SHARED_MEMORY)),
        cpus=float(told.get("NCPU", 1)),
        memory=float(told.get("MemTotal", 0)),
    )
    return ranges.judge_all(settings, known)


def _of_the_stack(engine: Engine, compose: Mapping[str, Any], told: Mapping[str, Any]) -> list[Finding]:
    services, project = compose["services"], compose["name"]
    seen = engine.containers(project)
    wanted = network.sockets(services)
    return [
        *_fleet(engine, services),
        machine.memory_suffices(int(told.get("MemTotal", 0))),
        machine.cpus_suffice(
            int(told.get("NCPU", 1)), {name: float(one["cpus"]) for name, one in services.items()}
        ),
        network.addresses_are_ours({one.host: _setting(services[one.service]) for one in wanted}),
        network.ports_are_free(wanted, [one for one in wanted if network.listening(one)], seen),
        *_subnets(engine, compose),
        drift.folder_is_ours(project, ROOT, seen),
        drift.secrets_are_known(services, seen),
        drift.none_restarts(seen, engine.last_words),
    ]


def _setting(service: Mapping[str, Any]) -> str:
    return "GENEPOOL_HEAD_ADDRESS" if service.get("network_mode") == "host" else "GENEPOOL_BIND"


def _fleet(engine: Engine, services: Mapping[str, Any]) -> list[Finding]:
    """Judge Compose once more where the fleet's file asks more of it."""
    if services.get("ray-head", {}).get("network_mode") != "host":
        return []
    judged = machine.compose_is_second(engine.said(*engine.words, "version", "--short"), fleet=True)
    return [judged] if judged.level == "bad" else []


def _subnets(engine: Engine, compose: Mapping[str, Any]) -> list[Finding]:
    names = (engine.said("docker", "network", "ls", "--format", "{{.Name}}") or "").split()
    networks = json.loads(engine.said("docker", "network", "inspect", *names) or "[]")
    table = network.ROUTES.read_text(encoding="utf-8") if network.ROUTES.exists() else ""
    taken = [
        *network.other_networks(networks, compose["name"]),
        *network.routes(table, network.bridges(networks)),
    ]
    return network.subnets_are_free(compose["networks"], taken)


def main() -> int:
    """Print what was found, and return the exit status."""
    everything = findings(Engine())
    print("\n".join(line(finding) for finding in everything))
    return status(everything)


if __name__ == "__main__":
    sys.exit(main())
