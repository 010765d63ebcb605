"""Thread caps of the numeric libraries, set before the first of them is imported.

This module must stay free of heavy imports: the libraries read their caps when they are loaded, and
two workers with sixteen BLAS threads each are slower than two with one.
"""

import os
from collections.abc import MutableMapping

from genepool.scheduling.threads import LIBRARY_THREADS, threads_asked


def cap_library_threads(most: int | None = None, environment: MutableMapping[str, str] = os.environ) -> None:
    """Give every numeric library one thread, unless the user has set its variable.

    Parameters
    ----------
    most
        Threads that a variable which the user has set may grant at most; None leaves it alone.
    environment
        What to write to; child processes inherit it.
    """
    for name in LIBRARY_THREADS:
        asked = threads_asked(environment, name)
        if asked is None:
            environment[name] = "1"
        elif most is not None and asked > most:
            environment[name] = str(most)
