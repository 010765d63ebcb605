"""Say beforehand what this machine lacks for the stack, one line a check, each with its remedy.

Exit status: 0 when the stack can start (warnings do not count), 2 when something has to be set up,
4 when Docker does not answer.
"""

import ipaddress
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {8265: "Ray dashboard", 8000: "GenePool", 9090: "Prometheus", 3000: "Grafana"}
MOUNTED = ("docker/redis", "docker/postgres", "monitoring")
GIBIBYTE = 1024**3
MEMORY = 6 * GIBIBYTE
DISK = 10 * GIBIBYTE
SYMBOLS = {"good": "ok  ", "warning": "warn", "bad": "FAIL", "away": "FAIL"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Parameters
    ----------
    level
        ``warning`` lets the stack start; ``bad`` does not; ``away`` means that Docker did not answer.
    said
        The finding in a few words.
    remedy
        What to do about it; empty when nothing is.
    """

    level: Literal["good", "warning", "bad", "away"]
    said: str
    remedy: str = ""


def docker_answers(version: str | None) -> Finding:
    """Judge the engine by the version that it gave, None when it gave none."""
    if version is None:
        remedy = "start Docker, or let your user reach it (docker info tells why it does not)"
        return Finding("away", "no Docker engine answers", remedy)
    return Finding("good", f"Docker engine {version}")


def compose_is_second(version: str | None) -> Finding:
    """Judge Compose by the version of ``docker compose``, None when there is no such command."""
    if version is None:
        return Finding("away", "no docker compose", "install the Compose plug-in, version 2.20 or newer")
    parts = version.lstrip("v").split(".")
    if (int(parts[0]), int(parts[1])) < (2, 20):
        return Finding("bad", f"Compose {version} is too old", "install version 2.20 or newer")
    return Finding("good", f"Compose {version}")


def memory_suffices(total: int) -> Finding:
    """Judge the engine's memory, in bytes."""
    said = f"{total / GIBIBYTE:.1f} GiB of memory"
    if total < MEMORY:
        remedy = f"{MEMORY // GIBIBYTE} GiB are comfortable: lower the *_MEMORY lines in .env"
        return Finding("warning", said, remedy)
    return Finding("good", said)


def cpus_suffice(count: int, wanted: Mapping[str, float]) -> Finding:
    """Judge the engine's processors against the largest limit of one service.

    Parameters
    ----------
    count
        Logical CPUs of the engine.
    wanted
        Limit in CPUs by the variable that sets it.
    """
    greedy = [name for name, limit in wanted.items() if limit > count]
    if greedy:
        return Finding("bad", f"{count} CPUs, fewer than {', '.join(greedy)}", "lower it in .env")
    if count < 2:  # noqa: PLR2004 - a coordinator and a worker
        return Finding("warning", f"{count} CPU", "it will run, but slowly: two are the least that is useful")
    return Finding("good", f"{count} CPUs")


def disk_suffices(free: int) -> Finding:
    """Judge the free bytes where the checkout lies."""
    said = f"{free / GIBIBYTE:.0f} GiB of free disk"
    if free < DISK:
        return Finding("warning", said, f"images and volumes take up to {DISK // GIBIBYTE} GiB")
    return Finding("good", said)


def ports_are_free(taken: Iterable[int], ours: Iterable[int]) -> Finding:
    """Judge which published ports something listens on, apart from those that this stack itself holds."""
    foreign = sorted(set(taken) - set(ours))
    if foreign:
        said = "taken: " + ", ".join(f"{port} ({PUBLISHED[port]})" for port in foreign)
        return Finding("bad", said, "stop what listens there, or set GENEPOOL_BIND to another address")
    return Finding("good", "ports " + ", ".join(map(str, PUBLISHED)) + " are free or held by this stack")


def secrets_are_there(folder: Path, names: Iterable[str]) -> Finding:
    """Judge whether every secret of docker-compose.yml has a file with something in it."""
    missing = [name for name in names if not _filled(folder / name)]
    if missing:
        return Finding("bad", f"secrets/ lacks {', '.join(missing)}", "make secrets")
    return Finding("good", "secrets are there")


def subnet_is_free(wanted: str, taken: Mapping[str, str]) -> Finding:
    """Judge the cluster's subnet against those of other networks.

    Parameters
    ----------
    wanted
        In CIDR notation.
    taken
        Subnet by the name of the Docker network that has it, without the stack's own.
    """
    try:
        subnet = ipaddress.ip_network(wanted)
    except ValueError:
        return Finding("bad", f"GENEPOOL_SUBNET {wanted!r} is no subnet", "write it as 172.28.0.0/16, say")
    clash = [name for name, other in taken.items() if subnet.overlaps(ipaddress.ip_network(other))]
    if clash:
        remedy = "set GENEPOOL_SUBNET to a free range, such as 172.28.0.0/16, in .env"
        return Finding("bad", f"subnet {wanted} belongs to network {', '.join(clash)}", remedy)
    return Finding("good", f"subnet {wanted} is free or this stack's own")


def files_are_readable(unreadable: Iterable[Path]) -> Finding:
    """Judge the files that containers mount: each runs as a user of its own and must be able to read them."""
    shut = [str(path) for path in unreadable]
    if shut:
        return Finding("bad", f"containers cannot read {shut[0]}", f"chmod -R a+rX {' '.join(MOUNTED)}")
    return Finding("good", "mounted files are readable")


def status(findings: Iterable[Finding]) -> int:
    """Return the exit status."""
    levels = {finding.level for finding in findings}
    return 4 if "away" in levels else 2 if "bad" in levels else 0


def line(finding: Finding) -> str:
    """Return the line that is printed."""
    return f"  {SYMBOLS[finding.level]}  {finding.said}" + (f": {finding.remedy}" if finding.remedy else "")


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _said(*command: str) -> str | None:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _listening(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False


def _held_by(project: str) -> list[int]:
    filters = f"label=com.docker.compose.project={project}"
    ports = _said("docker", "ps", "--filter", filters, "--format", "{{.Ports}}") or ""
    return [port for port in PUBLISHED if f":{port}->" in ports]


def _subnets(project: str) -> dict[str, str]:
    names = (_said("docker", "network", "ls", "--format", "{{.Name}}") or "").split()
    found = {}
    for network in json.loads(_said("docker", "network", "inspect", *names) or "[]"):
        own = (network.get("Labels") or {}).get("com.docker.compose.project") == project
        for part in (network.get("IPAM", {}).get("Config") or []) if not own else []:
            found[network["Name"]] = part["Subnet"]
    return found


def _unreadable() -> list[Path]:
    mounted = (path for folder in MOUNTED for path in (ROOT / folder).rglob("*"))
    wanted = (
        (path, 0o005 if path.is_dir() else 0o004) for path in mounted if "__pycache__" not in path.parts
    )
    return [path.relative_to(ROOT) for path, bits in wanted if path.stat().st_mode & bits != bits]


def _of_the_stack(compose: Mapping[str, Any], project: str) -> list[Finding]:
    services = compose["services"]
    engine = json.loads(_said("docker", "info", "--format", "{{json .}}") or "{}")
    subnet = compose["networks"]["genetic-cluster"]["ipam"]["config"][0]["subnet"]
    bind = services["ray-head"]["ports"][0]["host_ip"]
    return [
        memory_suffices(int(engine.get("MemTotal", 0))),
        cpus_suffice(int(engine.get("NCPU", 1)), {name: float(s["cpus"]) for name, s in services.items()}),
        ports_are_free([port for port in PUBLISHED if _listening(bind, port)], _held_by(project)),
        subnet_is_free(subnet, _subnets(project)),
    ]


def findings() -> list[Finding]:
    """Look at this machine."""
    answered = _said("docker", "version", "--format", "{{.Server.Version}}")
    compose = _said("docker", "compose", "version", "--short")
    found = [docker_answers(answered or None), compose_is_second(compose or None)]
    if status(found):
        return found
    rendered = json.loads(_said("docker", "compose", "--profile", "*", "config", "--format", "json") or "{}")
    if not rendered:
        return [
            *found,
            Finding("bad", "docker-compose.yml does not render", "docker compose config says why"),
        ]
    return [
        *found,
        *_of_the_stack(rendered, rendered["name"]),
        disk_suffices(shutil.disk_usage(ROOT).free),
        secrets_are_there(ROOT / "secrets", rendered["secrets"]),
        files_are_readable(_unreadable()),
    ]


if __name__ == "__main__":
    everything = findings()
    print("\n".join(line(finding) for finding in everything))
    sys.exit(status(everything))
