"""What was evaluated once is not evaluated again; on the stack Redis has the answer."""

from scripts.validation.system.check import BOTH, Check, Found
from scripts.validation.system.system import System

_LEAST_SHARE = 0.95


def look(system: System) -> Found:
    """Count what of the second run came out of the cache.

    The history answers what Redis does not, so that a dead Redis shows in its own counter alone.
    """
    first, second = system.sample, system.sample_again
    hits, asked = system.cache_hits(second["run"]), second["evaluations"]
    figure = f"{hits} of {asked} genomes, {second['seconds']:.1f} s instead of {first['seconds']:.1f} s"
    enough = hits >= _LEAST_SHARE * asked
    if system.mode == "local":
        return Found(enough, figure)
    return Found(enough and system.redis_hits > 0, f"{figure}; {system.redis_hits} by Redis")


CHECK = Check(
    "the second run is answered by the cache", f"at least {_LEAST_SHARE:.0%}, some by Redis", look, BOTH
)
