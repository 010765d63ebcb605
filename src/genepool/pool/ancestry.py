"""The champion's ancestors, back to the genomes that were drawn at the start."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from genepool.evolution.population import Individual
from genepool.pool.births import Birth, Births

_ROWS = 30
# A family tree of more rows is no picture.
_LONGEST_LINE = 500

# Reads individuals from the history again.
Fetch = Callable[[Iterable[Birth]], Sequence[Individual]]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """The champion and its ancestors.

    Parameters
    ----------
    members
        (generation of birth, individual), newest first, the champion on top.
    left_out
        How many further ancestors there are.
    """

    members: tuple[tuple[int, Individual], ...]
    left_out: int


def ancestry(champion: Individual, births: Births, fetch: Fetch, rows: int = _ROWS) -> Ancestry:
    """Walk from the champion to its parents and theirs.

    The line of first parents is complete, unless it is hundreds long; beside it those nearest to the
    champion are kept.

    Parameters
    ----------
    champion
        Where to start; born in the run.
    births
        Everybody who was born in it.
    fetch
        Returns the individuals of some births.
    rows
        Individuals to keep, the line of first parents counted.
    """
    family = births.family(champion.genome.fingerprint, rows, _LONGEST_LINE)
    members = [(one.born, one) for one in fetch(family.kept)]
    members.sort(key=lambda member: (-member[0], member[1].genome.fingerprint))
    return Ancestry(tuple(members), family.left_out)
