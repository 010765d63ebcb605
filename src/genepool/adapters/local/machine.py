"""What this machine, or the container that we run in, lets us use."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_UNKNOWN_MEMORY = 8 * 2**30


@dataclass(frozen=True, slots=True)
class Machine:
    """Cores and memory at our disposal.

    Parameters
    ----------
    cores
        Cores that this process may be scheduled on.
    memory
        Bytes: physical memory, or the control group's limit where that is lower.
    cpu_limit
        Quota of the control group in cores, fractions included; None when there is none.
    """

    cores: int
    memory: int
    cpu_limit: float | None


def most_workers(platform: str = sys.platform) -> int | None:
    """Return how many worker processes one process can lead; None when only the machine sets a limit.

    Parameters
    ----------
    platform
        Name of the system, as ``sys.platform`` has it.
    """
    # Windows waits for 64 handles at once, and Python's pool keeps three for itself.
    return 61 if platform == "win32" else None


def read_machine(root: Path = Path("/")) -> Machine:
    """Ask the operating system and its control groups, versions 1 and 2.

    Parameters
    ----------
    root
        Where ``proc`` and ``sys`` are found.
    """
    quotas = [quota for group in _groups(root) if (quota := _quota(group)) is not None]
    limits = [limit for group in _groups(root) if (limit := _memory_limit(group)) is not None]
    return Machine(_cores(), min([_physical_memory(), *limits]), min(quotas, default=None))


def usable_cores(machine: Machine) -> float:
    """Return how many cores a machine has for us; a quota may be a fraction."""
    return min(machine.cores, machine.cpu_limit or machine.cores)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _physical_memory() -> int:
    if sys.platform == "win32" or not hasattr(os, "sysconf"):
        return _UNKNOWN_MEMORY
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return _UNKNOWN_MEMORY


def _groups(root: Path) -> Iterator[Path]:
    """Folders of our control groups and of all groups that hold them; each one's limit binds us."""
    mount = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        # A version 1 hierarchy is mounted under its controllers' names, version 2 at the top.
        for base in {mount / controllers, *(mount / name for name in controllers.split(","))}:
            group = base / path.lstrip("/")
            yield group
            yield from (parent for parent in group.parents if parent.is_relative_to(base))


def _quota(group: Path) -> float | None:
    quota, period = "max", "100000"
    if words := _text(group / "cpu.max").split():
        quota, period = words[0], words[-1]
    elif text := _text(group / "cpu.cfs_quota_us"):
        quota, period = text, _text(group / "cpu.cfs_period_us")
    # Version 1 says -1 and version 2 says max where there is no quota.
    return int(quota) / int(period) if quota.isdecimal() and period.isdecimal() else None


def _memory_limit(group: Path) -> int | None:
    text = _text(group / "memory.max") or _text(group / "memory.limit_in_bytes")
    return int(text) if text.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
