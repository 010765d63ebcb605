"""What a run told whoever watched it, kept in a list."""

from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState


class EventLog:
    """``Telemetry`` that writes down what it is told.

    Attributes
    ----------
    events
        Name and subject of every call, in order.
    """

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []

    def run_started(
        self,
        spec: RunSpec,  # noqa: ARG002 - the port's
        population: Population | None,
        champion: Individual | None = None,  # noqa: ARG002 - the port's
    ) -> None:
        """Write down the generation that the run goes on from, or None."""
        self.events.append(("run_started", population and population.generation))

    def batch_finished(self, done: int, asked: int) -> None:
        """Write down how far the generation is."""
        self.events.append(("batch_finished", (done, asked)))

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:  # noqa: ARG002 - the port's
        """Write down the generation's number."""
        self.events.append(("generation_finished", record.population.generation))

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:  # noqa: ARG002 - the port's
        """Write down how much of the run is read again."""
        self.events.append(("run_closing", (read, generations)))

    def run_finished(self, spec: RunSpec, state: RunState) -> None:  # noqa: ARG002 - the port's
        """Write down how it ended."""
        self.events.append(("run_finished", state))
