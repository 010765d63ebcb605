"""The coordinator's memory does not grow from run to run."""

import statistics

from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System

_RUNS, _WARM_UP_RUNS = 6, 2
_MOST_MIB_PER_RUN = 5.0
# The service is the only process of that name in its container.
_RESIDENT = """
import os
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        words = open(f"/proc/{pid}/cmdline").read().split("\\0")
        if "serve" in words and any(word.endswith("genepool") for word in words):
            print([line.split()[1] for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS")][0])
    except OSError:
        pass
"""


def look(system: System) -> Found:
    """Fit a line through the resident memory after each of several equal runs."""
    sizes = []
    for number in range(_RUNS):
        system.evolve(seed=100 + number, generations=2)
        resident = [int(line) for line in system.stack.inside("python", "-c", _RESIDENT).split()]
        sizes.append(max(resident) / 1024)
    settled = sizes[_WARM_UP_RUNS:]
    slope = statistics.linear_regression(range(len(settled)), settled).slope
    figure = f"{slope:+.2f} MiB a run, {sizes[-1]:.0f} MiB at the end"
    return Found(slope <= _MOST_MIB_PER_RUN, figure)


CHECK = Check("memory is stable", f"at most {_MOST_MIB_PER_RUN:g} MiB a run", look)
