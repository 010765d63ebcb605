"""The command line: flags in, exit codes out."""

from genepool.adapters.local.threads import cap_library_threads


def main() -> None:
    """Run the ``genepool`` command."""
    cap_library_threads()
    # Only now may numpy be imported: its libraries read their thread caps when they are loaded.
    from genepool.cli._app import run  # noqa: PLC0415

    run()
