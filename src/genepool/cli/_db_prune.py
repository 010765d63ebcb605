"""``genepool db prune``: forget old runs."""

from datetime import timedelta
from typing import Annotated

import typer

from genepool.bootstrap import open_store
from genepool.cli._output import print_json, screen
from genepool.settings import load_settings

KeepRuns = Annotated[int, typer.Option("--keep-runs", min=0, help="The newest runs to keep, however old.")]
OlderThan = Annotated[
    float, typer.Option("--older-than", min=0, help="Keep runs that were touched within so many days.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be forgotten, and change nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def prune(
    keep_runs: KeepRuns = 20, older_than: OlderThan = 30, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Forget runs that ended long ago, with all that is theirs alone; never the ledger of trials.

    What is waiting or carried on stays. Evaluations go when no run poses their problem any more.
    """
    store = open_store(load_settings())
    try:
        pruned = store.prune(keep_runs, timedelta(days=older_than), rehearse=dry_run)
    finally:
        store.close()
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "runs": list(pruned.runs),
                "evaluations": pruned.evaluations,
                "kept": pruned.kept,
            }
        )
        return
    for run in pruned.runs:
        screen().print(run)
    forgot = "would forget" if dry_run else "forgot"
    screen().print(
        f"{forgot} {len(pruned.runs)} runs and {pruned.evaluations} evaluations; {pruned.kept} runs stay, "
        "and every trial stays counted"
    )
