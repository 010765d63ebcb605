"""``genepool cluster``: machines, how much of each may work, and how much does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.errors import ConfigError
from genepool.ports.nodes import NodeRegister
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.cluster_nodes import ClusterNode, ClusterNodes, cluster_nodes, wish_for_budget

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

_USUAL = "usual"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(show)
    group.command("budget")(budget)
    app.add_typer(group, name="cluster", help="Show the machines that work, and how much of each may.")


def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the machines that work, and how much of each may."""
    if context.invoked_subcommand is None:
        with _register() as nodes:
            _print(cluster_nodes(nodes), as_json)


def budget(
    percent: Annotated[
        str, typer.Argument(metavar="PERCENT", help="Of its CPUs, 1 to 100; `usual` takes a wish back.")
    ],
    node: Annotated[
        str | None, typer.Option("--node", metavar="NAME", help="One machine; without it all of them.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how much of a machine, or of all, may work from now on; active runs follow within seconds."""
    with _register() as nodes:
        _print(wish_for_budget(nodes, _number(percent), node), as_json)


def _number(text: str) -> float | None:
    if text == _USUAL:
        return None
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        raise ConfigError(f"{text!r} is no CPU budget: give 1 to 100, or `usual`") from None


def _print(found: ClusterNodes, as_json: bool) -> None:
    if as_json:
        print_json(found.as_json())
        return
    if found.wished_percent is not None:
        screen().print(f"budget      {found.wished_percent:g} % of every machine that is not named")
    if found.nodes:
        screen().print(_table(found))
    else:
        hint = f"`{program()} evolve` without --workers, or a coordinator, notes them here"
        screen().print(f"no machine has worked within a day; {hint}", soft_wrap=True)


def _table(found: ClusterNodes) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("machine", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    for name in ("seats", "CPUs", "wished", "budget", "used"):
        table.add_column(name, justify="right", no_wrap=True)
    for node in found.nodes:
        table.add_row(
            node.node,
            node.kind or "",
            "" if node.seats is None else str(node.seats),
            "" if node.cpus is None else f"{node.cpus:g}",
            _share(node.wished_percent),
            _share(node.budget_percent),
            _used(node),
        )
    return table


def _used(node: ClusterNode) -> str:
    if node.seconds_ago is None:
        return "never seen"
    return _share(node.used_percent) if node.at_work else f"idle for {node.seconds_ago / 60:.0f} min"


def _share(percent: float | None) -> str:
    return "" if percent is None else f"{percent:.0f} %"


@contextmanager
def _register() -> Iterator[NodeRegister]:
    store = open_store(load_settings())
    try:
        yield store.nodes
    finally:
        store.close()
