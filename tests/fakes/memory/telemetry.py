"""What watchers were told of a run, kept in a list."""

from genepool.ports import Event, GenerationAdvanced, GenerationFinished, RunClosing, RunEnded, RunStarted


class EventLog:
    """``Watcher`` that writes down what happens to runs.

    Attributes
    ----------
    events
        Kind and subject of every event, in order.
    """

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []

    def __call__(self, event: Event) -> None:
        """Write down the event and what tests ask of it."""
        match event:
            case RunStarted(population=population):
                self.events.append(("run_started", population and population.generation))
            case GenerationAdvanced(done, asked):
                self.events.append(("batch_finished", (done, asked)))
            case GenerationFinished(record=record):
                self.events.append(("generation_finished", record.population.generation))
            case RunClosing(read=read, generations=generations):
                self.events.append(("run_closing", (read, generations)))
            case RunEnded(state=state):
                self.events.append(("run_finished", state))
