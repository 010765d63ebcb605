"""The same evolution again gives the same bits."""

from scripts.validation.system.check import BOTH, Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Compare the digests of two runs."""
    first, second = system.sample["digest"], system.sample_again["digest"]
    figure = f"{first[:16]} twice" if first == second else f"{first[:16]}, then {second[:16]}"
    return Found(first == second, figure)


CHECK = Check("the same run again has the same digest", "equal", look, BOTH)
