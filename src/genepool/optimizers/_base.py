"""What an optimizer is: a name, and what begins a search that asks for genomes and is told the results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.habits import ReadHabits
from genepool.errors import ConfigError
from genepool.evolution.engine import Seen
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.strategies import Strategy


class Search(Protocol):
    """The search of one run; ``Engine`` is the genetic one.

    What it asks depends on the run's seed and on what is recorded of the run alone, so that a resumed
    run asks the same as one that was never stopped.
    """

    def recall(self, born: Sequence[Individual]) -> None:
        """Learn from a recorded generation: told of each in order, before a resumed run asks."""
        ...

    def ask(self, population: Population | None, seen: Seen) -> tuple[Candidate, ...]:
        """Return the candidates of the next generation, as ``Engine.ask`` says."""
        ...

    def tell(
        self,
        population: Population | None,
        candidates: Sequence[Candidate],
        evaluations: Sequence[Evaluation],
    ) -> Population:
        """Return the next population, as ``Engine.tell`` says."""
        ...


Begin: TypeAlias = Callable[[Mapping[str, Strategy], EvolutionSettings, int, ReadHabits], Search]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A way to search.

    Parameters
    ----------
    name
        Module name, snake_case: what ``--optimizer`` takes.
    summary
        One sentence for the documentation and the pages: how it chooses, with a verb first.
    source
        Where the method comes from: author, title, year.
    begin
        Begins the search of a run from its strategies by name, its settings, its seed, and what says how
        genomes traded.
    needs
        Packages that it stands on and that the extra ``optimize`` brings.
    """

    name: str
    summary: str
    source: str
    begin: Begin
    needs: tuple[str, ...] = ()

    def check(self) -> None:
        """Refuse to search where a package is missing.

        Raises
        ------
        ConfigError
            Naming the package and the command that installs it.
        """
        if missing := [package for package in self.needs if find_spec(package) is None]:
            raise ConfigError(
                f"the optimizer {self.name} needs {' and '.join(missing)}, which is not installed where the "
                "run is planned: pip install 'genepool[optimize]'"
            )
