"""Which flags of ``genepool evolve`` go beside each other."""

from dataclasses import fields

import typer

from genepool.cli._evolve_flags import ModeName
from genepool.errors import ConfigError
from genepool.history import RunSpec
from genepool.reading.flags import FileFlags

# Budgets that may be larger beside --resume: parameters of the command, by field of EvolutionSettings.
_BUDGETS = {
    "generations": "generations",
    "evaluations": "max_evaluations",
    "minutes": "max_minutes",
    "plateau": "plateau",
}
# What may differ from one session of a run to the next; other candles may have to be read otherwise.
_BESIDE_RESUME = {"resume", "data", "mode", "workers", "output", "report", "nulls", "as_json"}
_BESIDE_DATA = {field.name for field in fields(FileFlags)} - {"symbol", "timeframe", "market"}


def refuse_beside_resume(context: typer.Context) -> None:
    """Refuse a flag that would change the rules of a recorded run.

    Raises
    ------
    ConfigError
        Naming the flag.
    """
    allowed = (
        _BESIDE_RESUME | set(_BUDGETS.values()) | (_BESIDE_DATA if _is_given(context, "data") else set())
    )
    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in allowed and _is_given(context, name):
            raise ConfigError(
                f"{parameter.opts[0]} cannot be given beside --resume: a run keeps the rules it began with, "
                "but for larger budgets"
            )


def refuse_beside_several(context: typer.Context) -> None:
    """Refuse what is said of one run where several markets are bred.

    Raises
    ------
    ConfigError
        Naming the flag.
    """
    why = {
        "name": "leave it out, and each run is called after its job",
        "symbol": "leave it out, and each market is called as its file says",
        "report": "leave it out, and each run gets its report",
        "nulls": "leave it out, and give genepool nulls each run that you doubt",
        "holding": "leave it out, and breed each market by itself",
        "max_correlation": "leave it out, and breed each market by itself",
    }
    for name, remedy in why.items():
        if _is_given(context, name) and context.params[name] is not True:
            shown = {"report": "--no-report"}.get(name, f"--{name.replace('_', '-')}")
            raise ConfigError(f"{shown} is for one market: {remedy}")
    if context.params["mode"] is ModeName.DISTRIBUTED:
        raise ConfigError(
            "--mode distributed is for one market: leave it out, and each run takes a cluster that answers"
        )


def optimizer_of(context: typer.Context, optimizer: str, *, atlas: bool) -> str:
    """Return what chooses the genomes: ``--atlas`` is one name of it.

    Raises
    ------
    ConfigError
        When another one is named beside it.
    """
    if atlas and optimizer != "atlas" and _is_given(context, "optimizer"):
        raise ConfigError(
            f"--atlas and --optimizer {optimizer} both say what chooses the genomes: give one of them"
        )
    return "atlas" if atlas else optimizer


def given_budgets(context: typer.Context) -> dict[str, float | None]:
    """Return the budgets that the user gave, by field of ``EvolutionSettings``."""
    return {
        name: context.params[parameter]
        for name, parameter in _BUDGETS.items()
        if _is_given(context, parameter)
    }


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    # By its name: Typer may bring its own copy of click's enumeration.
    return source is not None and source.name == "COMMANDLINE"


def refuse_data_for(site: str, spec: RunSpec) -> None:
    """Refuse other candles for a run that a coordinator evolves: it reads those that the run names.

    Raises
    ------
    ConfigError
        Naming both ways out.
    """
    if site == "coordinator":
        raise ConfigError(
            f"--data cannot be given for run {spec.run}, which the coordinator evolves: it reads "
            f"{spec.data} itself, so put the candles there, or resume with --mode local"
        )
