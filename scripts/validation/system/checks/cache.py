"""What was paid for once is not paid for again."""

from scripts.validation.system.check import BOTH, Check, Found
from scripts.validation.system.system import System

_LEAST_SHARE = 0.95


def look(system: System) -> Found:
    """Count what of the second run came out of the cache."""
    first, second = system.sample, system.sample_again
    hits, asked = system.cache_hits(second["run"]), second["evaluations"]
    figure = f"{hits} of {asked} genomes, {second['seconds']:.1f} s instead of {first['seconds']:.1f} s"
    return Found(hits >= _LEAST_SHARE * asked, figure)


CHECK = Check("the second run is answered by the cache", f"at least {_LEAST_SHARE:.0%}", look, BOTH)
