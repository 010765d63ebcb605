"""The commands by name, each with its line of help; the module of one is imported when it is called.

Together the modules need a second and a half of imports, and no command needs more than its own.
"""

import gc
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from genepool.collector import collector_at_rest

# The first line of each command's own help; a test holds them equal. Each is also the name of a module.
COMMANDS = {
    "atlas": "Show the strategy atlas of a past run: ways to trade that it reached, and the best of each.",
    "backtest": "Trade one genome over candles: fills at the next open, all costs, beside holding and "
    "holding short.",
    "certify": "Prove that another program trades a genome as GenePool does: every trade of both compared.",
    "check": "Ask every robustness check of the champion of a past run, or of another genome.",
    "config": "Show every setting, the variable that decides it, and its value; passwords are hidden.",
    "evolve": "Breed trading strategies on a market; Ctrl-C stops it, and --resume continues it.",
    "exam": "Have a run's champion sit the exam on its sealed candles: it is told whether it passed, once.",
    "export": "Write a genome for another program, or what it is, what it traded, or all trials to a file.",
    "fleet": "Put champions of several runs into one account: shares, correlation, margin, what may follow.",
    "follow": "Lay a live record beside the replay of its genome: fills, fees, missed trades, and luck.",
    "nulls": "Repeat a run's whole search on markets without an edge, to see whether it finds as much there.",
    "report": "Write the HTML report of a past run, or of a batch: one file that needs no network.",
    "serve": "Serve pages and API, and breed what they ask for: here, or on the cluster; until stopped.",
    "show": "Show a past run: what it was, its leaderboard and the verdict.",
    "stop": "Stop a run that another terminal or the coordinator evolves; it can be resumed.",
    "strategies": "List the seed strategies, or explain one: rule, genes, source.",
    "cluster": "Show the machines that work, and how much of each may.",
    "data": "Import or download candles, describe and list them.",
    "db": "Look after the layout of the evolution history.",
    "grafana": "Look after the dashboards in Grafana.",
    "jobs": "Queue evolutions, work on them, and see what became of them.",
    "keys": "Make, list and revoke the keys that open the service.",
    "ledger": "Count what was ever tried on each market, and verify the count.",
    "runs": "List past runs, newest first.",
}


class CommandsOnDemand(TyperGroup):
    """A group that lists commands without importing them."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - whatever Typer gives a group
        super().__init__(**given)
        for name, line in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line))

    # Typer keeps the types of click to itself, and Python 3.11 has no @override.
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # type: ignore[explicit-override] # noqa: ANN401
        """Find the command that was called, with its rest of the command line, and import it."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and loaded(name or ""), rest


def loaded(name: str) -> Any:  # noqa: ANN401 - a command of click, as above
    """Import a command's module and return the command.

    Raises
    ------
    TypeError
        When the module has no ``register``.
    """
    with collector_at_rest():
        module = import_module(f"genepool.cli.{name}")
        # It stays: to walk over all of it once more would take as long as reading thousands of results. Once
        # a process, since garbage that is frozen stays too.
        if not gc.get_freeze_count():
            gc.freeze()
    register = getattr(module, "register", None)
    if not callable(register):
        raise TypeError(f"{module.__name__} must export register, a function")
    app = typer.Typer(rich_markup_mode="rich")
    register(app)
    return typer.main.get_group(app).commands[name]
