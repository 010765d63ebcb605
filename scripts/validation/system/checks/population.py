"""A population of 500 runs to its end, spread over every worker."""

from scripts.validation.system.check import BOTH, Check, Found
from scripts.validation.system.system import System

SIZE = 500


def look(system: System) -> Found:
    """Breed two generations of it."""
    document = system.evolve(population_size=SIZE, generations=2, seed=8)
    figure = f"{document['evaluations']} genomes in {document['seconds']:.1f} s"
    if system.mode == "local":
        return Found(document["generations"] == 2, figure)  # noqa: PLR2004 - as asked above
    statement = (
        f"SELECT node, sum(evaluations) FROM node_share WHERE run = '{document['run']}' "  # noqa: S608 - our own name
        "GROUP BY node ORDER BY node"
    )
    shares = system.stack.query(statement)
    figure += "; " + ", ".join(f"{node} {done}" for node, done in shares)
    return Found(len(shares) > 1, figure)


CHECK = Check(f"a population of {SIZE} is bred", "all of it, on every node of a cluster", look, BOTH)
