"""A small real evolution runs to its end."""

from scripts.validation.system.check import BOTH, Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Breed all seeds that can take part."""
    document = system.sample
    figure = (
        f"{document['evaluations']} genomes of {len(document['strategies'])} strategies in "
        f"{document['generations']} generations, {document['seconds']:.1f} s"
    )
    return Found(document["generations"] == document["settings"]["generations"], figure)


CHECK = Check("a small evolution ends", "all generations", look, BOTH)
