"""CPU seconds of this process, which shares the machine with the workers that it leads."""

import time


class OwnSeconds:
    """Tells what was used since it was last asked; what the process used before is nobody's here."""

    def __init__(self) -> None:
        self._told = time.process_time()

    def since_asked(self) -> float:
        """Return CPU seconds, of all threads together."""
        before, self._told = self._told, time.process_time()
        return self._told - before
