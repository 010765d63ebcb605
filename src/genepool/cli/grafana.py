"""``genepool grafana``: whether Grafana shows what it should, and dashboards pushed to another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.grafana.grafana_client import Grafana, open_grafana
from genepool.adapters.grafana.inspection import SOURCES, Finding, inspect
from genepool.adapters.grafana.pushing import push, read_dashboards
from genepool.cli._output import print_json, screen
from genepool.errors import ShortfallError
from genepool.settings import load_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

_SIGNS = {"good": "[green]ok[/]     ", "empty": "[yellow]no data[/]", "bad": "[red]wrong[/]  "}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("verify")(verify)
    group.command("push")(push_command)
    app.add_typer(group, name="grafana", help="Look after the dashboards in Grafana.")


def verify(
    empty_ok: Annotated[
        bool, typer.Option("--empty-ok", help="Accept panels without data, as before the first run.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check that Grafana answers, its data sources too, and that every panel's queries return data."""
    with _grafana() as grafana:
        findings = list(inspect(grafana))
    accepted = {"good", "empty"} if empty_ok else {"good"}
    wrong = sum(finding.outcome not in accepted for finding in findings)
    if as_json:
        print_json({"passed": not wrong, "findings": [asdict(finding) for finding in findings]})
    else:
        _print(findings)
    if wrong:
        raise ShortfallError(
            f"{wrong} of {len(findings)} checks of Grafana fell short: the lines above say which"
        )


def push_command(
    dashboards: Annotated[Path, typer.Option(help="Folder of the dashboards' JSON files.")] = Path(
        "monitoring/grafana/dashboards"
    ),
    prometheus: Annotated[
        str, typer.Option(metavar="UID", help="That Grafana's data source for the metrics.")
    ] = SOURCES[0],
    postgres: Annotated[
        str, typer.Option(metavar="UID", help="That Grafana's data source for the history.")
    ] = SOURCES[1],
    as_json: AsJson = False,
) -> None:
    """Write the dashboards into an external Grafana, over what it has of them."""
    documents = read_dashboards(dashboards)
    with _grafana() as grafana:
        addresses = push(grafana, documents, dict(zip(SOURCES, (prometheus, postgres), strict=True)))
    if as_json:
        print_json({"dashboards": addresses})
    else:
        for address in addresses:
            screen().print(f"pushed {address}", soft_wrap=True)


@contextmanager
def _grafana() -> Iterator[Grafana]:
    settings = load_settings()
    grafana = open_grafana(
        settings.grafana_url,
        settings.grafana_user,
        settings.grafana_password_file,
        settings.grafana_token_file,
    )
    try:
        yield grafana
    finally:
        grafana.close()


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        remark = f": {finding.remark}" if finding.remark and finding.outcome != "empty" else ""
        screen().print(_SIGNS[finding.outcome], end=" ", markup=True)
        screen().print(finding.subject + remark, markup=False, soft_wrap=True)
