"""The command line: flags in, exit codes out."""

import sys

from genepool.adapters.local.threads import cap_library_threads
from genepool.collector import collector_at_rest
from genepool.errors import Interrupted


def main() -> None:
    """Run the ``genepool`` command."""
    cap_library_threads()
    try:
        # Only now may numpy be imported: its libraries read their thread caps when they are loaded.
        with collector_at_rest():
            from genepool.cli._app import run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        # The imports take a second, and an impatient Ctrl-C may come in the middle of them.
        sys.exit(Interrupted.exit_code)
