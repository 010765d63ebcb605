"""``genepool db prune``: forget old runs, or the trials of old runs."""

from datetime import timedelta
from typing import Annotated

import typer

from genepool.adapters.store import SqlStore
from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.errors import ConfigError
from genepool.settings import Settings, load_settings

_RUNS, _DAYS = 20, 30.0

KeepRuns = Annotated[
    int | None,
    typer.Option("--keep-runs", min=0, help="The newest runs to keep, however old.", show_default=f"{_RUNS}"),
]
OlderThan = Annotated[
    float | None,
    typer.Option(
        "--older-than",
        min=0,
        help="Keep runs that were touched within so many days.",
        show_default=f"{_DAYS:g}; with --trials GENEPOOL_KEEP_TRIALS_DAYS",
    ),
]
Trials = Annotated[
    bool,
    typer.Option(
        "--trials", help="Keep every run, and forget only trials that are neither best nor ancestors."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be forgotten, and change nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def prune(
    keep_runs: KeepRuns = None,
    older_than: OlderThan = None,
    trials: Trials = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Forget runs that ended long ago, or with --trials the details of their trials; never the ledger.

    Waiting and running runs stay. Evaluations go when no run poses their problem any more.
    """
    settings = load_settings()
    days = _days(settings, keep_runs, older_than) if trials else 0.0
    store = open_store(settings)
    try:
        if trials:
            document, told = _prune_trials(store, days, dry_run=dry_run)
        else:
            kept_runs, age = _RUNS if keep_runs is None else keep_runs, older_than
            document, told = _prune_runs(store, kept_runs, _DAYS if age is None else age, dry_run=dry_run)
    finally:
        store.close()
    if as_json:
        print_json(document)
        return
    for line in told:
        screen().print(line)


def _days(settings: Settings, keep_runs: int | None, older_than: float | None) -> float:
    if keep_runs is not None:
        raise ConfigError(
            "--keep-runs is about whole runs, and --trials keeps them all: leave one of them out"
        )
    found = settings.keep_trials_days if older_than is None else older_than
    if found is None:
        raise ConfigError(
            "from which age on? give --older-than DAYS with --trials, or set GENEPOOL_KEEP_TRIALS_DAYS"
        )
    return found


def _prune_runs(
    store: SqlStore, keep_runs: int, days: float, *, dry_run: bool
) -> tuple[dict[str, object], list[str]]:
    pruned = store.prune(keep_runs, timedelta(days=days), rehearse=dry_run)
    document = {
        "dry_run": dry_run,
        "runs": list(pruned.runs),
        "evaluations": pruned.evaluations,
        "kept": pruned.kept,
    }
    sentence = (
        f"{_forgot(dry_run)} {len(pruned.runs)} runs and {pruned.evaluations} evaluations; {pruned.kept} "
        "runs stay, and every trial stays counted"
    )
    return document, [*pruned.runs, sentence]


def _prune_trials(store: SqlStore, days: float, *, dry_run: bool) -> tuple[dict[str, object], list[str]]:
    pruned = store.prune_trials(timedelta(days=days), rehearse=dry_run)
    document = {
        "dry_run": dry_run,
        "runs": list(pruned.runs),
        "trials": pruned.trials,
        "kept": pruned.kept,
    }
    sentence = (
        f"{_forgot(dry_run)} {pruned.trials} trials of {len(pruned.runs)} runs; {pruned.kept} champions and "
        "ancestors stay, and every trial stays counted"
    )
    return document, [*pruned.runs, sentence]


def _forgot(dry_run: bool) -> str:
    return "would forget" if dry_run else "forgot"
