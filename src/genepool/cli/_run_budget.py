"""What ``--generations`` and the other budgets mean beside ``--resume``: larger ones may be given."""

from dataclasses import replace

import typer

from genepool.cli._output import aside
from genepool.history import RunSummary
from genepool.pool.budgets import describe_enlargement, enlarged
from genepool.pool.planning import Plan
from genepool.ports import RunLog

# Parameters of the command, by field of EvolutionSettings.
BUDGETS = {
    "generations": "generations",
    "evaluations": "max_evaluations",
    "minutes": "max_minutes",
    "plateau": "plateau",
}


def with_larger_budget(planned: Plan, context: typer.Context, summary: RunSummary, store: RunLog) -> Plan:
    """Return the plan with the budgets that the user gave beside ``--resume``, recorded and said.

    Raises
    ------
    ConfigError
        When one is smaller than the run's.
    Fenced
        When another process carries the run on.
    """
    asked = {
        name: context.params[parameter]
        for name, parameter in BUDGETS.items()
        if _is_typed(context, parameter)
    }
    spec = enlarged(summary, asked)
    if spec == planned.spec:
        return planned
    store.enlarge(spec)
    told = aside()
    told.print(describe_enlargement(summary, spec), soft_wrap=True, markup=False)
    return replace(planned, spec=spec)


def _is_typed(context: typer.Context, parameter: str) -> bool:
    source = context.get_parameter_source(parameter)
    # By its name: Typer may bring its own copy of click's enumeration.
    return source is not None and source.name == "COMMANDLINE"
