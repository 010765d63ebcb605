"""How the parts of the program tell each other what happens: a record of it, given to a watcher."""

from collections.abc import Callable
from typing import TypeAlias

from genepool.ports.run_events import RunEvent
from genepool.ports.service_events import ServiceEvent
from genepool.ports.work_events import WorkEvent

Event: TypeAlias = RunEvent | WorkEvent | ServiceEvent

# It acts on the events that concern it and ignores all others. More than one thread may call it: those of
# the run, of the journal and of the stop watch.
Watcher: TypeAlias = Callable[[Event], None]
