"""What is done to the stack, and undone."""

import json
import time
from contextlib import suppress

from infrastructure.core.compose.containers import ONE_SHOT, Container
from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import Stack

# Kills the evaluation process that has worked most: Ray names it after its actor.
_KILL_ONE = """
import os, signal
found = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        name = open(f"/proc/{pid}/cmdline").read()
        ticks = sum(map(int, open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[11:13]))
    except OSError:
        continue
    if name.startswith("ray::") and "IDLE" not in name:
        found.append((ticks, int(pid), name))
if not found:
    raise SystemExit("no evaluation process is here")
os.kill(max(found)[1], signal.SIGKILL)
print(max(found)[2].strip())
"""
# Takes memory until 98 % of the container's limit are used, and holds on to it for half a minute.
_HOG = """
import os, time
v1, v2 = "/sys/fs/cgroup/memory/memory.", "/sys/fs/cgroup/memory."
used, limit = (v1 + "usage_in_bytes", v1 + "limit_in_bytes") if os.path.exists(v1 + "usage_in_bytes") else (
    v2 + "current", v2 + "max")
held, end = [], time.monotonic() + 30
while time.monotonic() < end:
    if int(open(used).read()) < 0.98 * int(open(limit).read()):
        held.append(bytearray(b"x" * (16 << 20)))
    else:
        time.sleep(0.1)
print(len(held) * 16, "MiB held")
"""
# Which share of a container's memory is in use.
_IN_USE = """
import os
v1, v2 = "/sys/fs/cgroup/memory/memory.", "/sys/fs/cgroup/memory."
used, limit = (v1 + "usage_in_bytes", v1 + "limit_in_bytes") if os.path.exists(v1 + "usage_in_bytes") else (
    v2 + "current", v2 + "max")
print(int(open(used).read()) / int(open(limit).read()))
"""
# How many the kernel ended; cgroups of either version count under one name.
_ENDED = "cd /sys/fs/cgroup; cat memory/memory.oom_control memory.events 2> /dev/null | grep '^oom_kill '"
# From there on Ray ends processes.
_FULL, _FILLING_SECONDS = 0.95, 30
_HEALTH_SECONDS = 180


def kill(stack: Stack, service: str, number: int = 0) -> str:
    """Kill a container of a service; nothing brings it back but ``start``. Return its id."""
    container = stack.containers(service)[number].identity
    stack.docker("kill", container)
    return container


def start(stack: Stack, container: str) -> None:
    """Start a container that was killed."""
    stack.docker("start", container)


def kill_and_restart(stack: Stack, service: str, away_seconds: float = 2) -> None:
    """Kill a service's container and start it again, as its supervisor would."""
    container = kill(stack, service)
    time.sleep(away_seconds)
    start(stack, container)


def freeze(stack: Stack, service: str, seconds: float) -> None:
    """Stop every process of a service's container for so long."""
    container = stack.containers(service)[0].identity
    stack.docker("pause", container)
    time.sleep(seconds)
    stack.docker("unpause", container)


def cut_off(stack: Stack, service: str, seconds: float) -> None:
    """Take a service's container off its networks for so long."""
    container = stack.containers(service)[0].identity
    networks = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
    names = stack.docker("inspect", "--format", networks, container).split()
    for network in names:
        stack.docker("network", "disconnect", network, container)
    time.sleep(seconds)
    for network in names:
        stack.docker("network", "connect", "--alias", service, network, container)


def kill_evaluation_process(stack: Stack, service: str) -> str:
    """Kill one evaluation process inside a worker and return what it was called."""
    return stack.inside("python", "-c", _KILL_ONE, service=service)


def fill_memory(stack: Stack, service: str) -> None:
    """Have a program take nearly all memory of a service's container, and return once it has it.

    Raises
    ------
    StackError
        When the container never was nearly full.
    """
    stack.compose("exec", "-d", service, "python", "-c", _HOG)
    most, deadline = 0.0, time.monotonic() + _FILLING_SECONDS
    while most < _FULL:
        if time.monotonic() > deadline:
            raise StackError(f"no more than {most:.0%} of the memory of {service} were ever in use")
        most = max(most, float(stack.inside("python", "-c", _IN_USE, service=service)))


def ended_for_memory(stack: Stack, service: str) -> int:
    """Return how many processes of a service's container the kernel ended for want of memory."""
    return int(stack.inside("sh", "-c", _ENDED, service=service).split()[-1])


def mend(stack: Stack) -> None:
    """Start, thaw and wait until every container is healthy.

    Raises
    ------
    StackError
        When one is not within three minutes.
    """
    for container in stack.containers():
        if container.state == "paused":
            stack.docker("unpause", container.identity)
        elif container.state != "running" and container.service not in ONE_SHOT:
            stack.docker("start", container.identity)
    deadline = time.monotonic() + _HEALTH_SECONDS
    while unwell := _unwell(stack):
        if time.monotonic() > deadline:
            raise StackError(f"not healthy after {_HEALTH_SECONDS} s: {', '.join(unwell)}")
        time.sleep(1)


def _unwell(stack: Stack) -> list[str]:
    return [
        f"{container.name} ({container.state} {container.health})"
        for container in stack.containers()
        if container.service not in ONE_SHOT
        and not (container.state == "running" and _healthy(stack, container))
    ]


def _healthy(stack: Stack, container: Container) -> bool:
    """Tell whether a container is well by its own probe, which Docker itself makes every 10 or 30 s only."""
    if container.health in {"", "healthy"}:
        return True
    probe = stack.docker("inspect", "--format", "{{json .Config.Healthcheck.Test}}", container.identity)
    kind, *command = json.loads(probe)
    with suppress(StackError):
        stack.docker("exec", container.identity, *(["sh", "-c"] if kind == "CMD-SHELL" else []), *command)
        return True
    return False
