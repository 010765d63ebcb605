"""How the cluster manager prints: JSON for machines, tables for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from infrastructure.core.cluster import KINDS, Finding, WorkerNode
from infrastructure.core.coordinator import NodeWork, Snapshot
from infrastructure.core.costs import CostReport


def show_status(nodes: Sequence[WorkerNode], snapshot: Snapshot, silent: str, *, as_json: bool) -> None:
    """Print the nodes with their work, and the run.

    Parameters
    ----------
    nodes
        What the platform lists.
    snapshot
        What the coordinator tells.
    silent
        Why it tells nothing; empty when it does.
    as_json
        Whether a machine reads this.
    """
    rows = [_row(node, snapshot) for node in nodes]
    run = {
        "state": snapshot.state,
        "generation": snapshot.generation,
        "generations_target": snapshot.generations_target,
        "waiting": snapshot.waiting,
        "running": snapshot.running,
    }
    if as_json:
        _print({"nodes": rows, "run": run, "coordinator": silent or "answers"})
        return
    table = _table("node", "kind", "state", right=("CPUs", "actors", "evaluations", "share"))
    for row in rows:
        table.add_row(
            row["node"],
            row["kind"],
            row["state"],
            f"{row['cpus']:g}",
            f"{row['actors']:g}",
            f"{row['evaluations']:,.0f}",
            f"{row['share']:.0%}",
        )
    screen = _screen()
    screen.print(table if rows else "there are no worker nodes: start some with `scale --cpu 1 --memory 1`")
    screen.print(silent or _run_line(snapshot), style="yellow" if silent else "", soft_wrap=True)


def show_findings(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print what a look at every part showed."""
    if as_json:
        _print({"well": all(each.well for each in findings), "findings": [asdict(each) for each in findings]})
        return
    table = _table("part", "", "found")
    for finding in findings:
        table.add_row(finding.part, "[green]well[/]" if finding.well else "[red]away[/]", finding.detail)
    _screen().print(table)


def show_done(sentences: Sequence[str], *, as_json: bool) -> None:
    """Print what was done."""
    if as_json:
        _print({"done": list(sentences)})
        return
    for sentence in sentences:
        _screen().print(sentence, soft_wrap=True)


def show_step(step: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one step of the autoscaler on one line."""
    if as_json:
        print(json.dumps(step, allow_nan=False), flush=True)
        return
    changes = ", ".join(
        f"{kind} {step['nodes'][kind]}" + (f" -> {wanted}" if wanted != step["nodes"][kind] else "")
        for kind, wanted in step["wanted"].items()
    )
    load = f"{step['queued_seconds']:.1f} s queued, {step['used_cpus']:.2f} CPUs at work"
    _screen().print("; ".join([f"{changes} ({load}): {step['reason']}", *step["done"]]), soft_wrap=True)


def show_cost(report: CostReport, *, as_json: bool) -> None:
    """Print dollars so far and an hour."""
    left = report.hours_left
    if as_json:
        _print({**asdict(report), "hours_left": left})
        return
    table = _table("kind", right=("so far", "an hour"))
    kinds = sorted({*KINDS, *report.so_far, *report.per_hour})
    for kind in kinds:
        table.add_row(
            kind, f"${report.so_far.get(kind, 0.0):,.4f}", f"${report.per_hour.get(kind, 0.0):,.4f}"
        )
    table.add_section()
    table.add_row("all", f"${sum(report.so_far.values()):,.4f}", f"${sum(report.per_hour.values()):,.4f}")
    screen = _screen()
    screen.print(table)
    rest = "" if left is None else f", spent in {left:,.1f} hours at this pace"
    screen.print(f"budget: ${report.budget:,.2f}{rest}" if report.budget else "there is no budget")


def _row(node: WorkerNode, snapshot: Snapshot) -> dict[str, Any]:
    total = sum(work.evaluations for work in snapshot.nodes.values())
    work = next((work for name, work in snapshot.nodes.items() if node.answers_to(name)), NodeWork())
    return {
        "node": node.name,
        "kind": node.kind,
        "state": node.state,
        "alive": node.alive,
        "cpus": work.cpus,
        "actors": work.actors,
        "evaluations": work.evaluations,
        "share": work.evaluations / total if total else 0.0,
    }


def _run_line(snapshot: Snapshot) -> str:
    if not snapshot.generations_target:
        return f"run: {snapshot.state}"
    return (
        f"run: {snapshot.state}, generation {snapshot.generation:.0f} of {snapshot.generations_target:.0f}, "
        f"{snapshot.waiting:.0f} genomes wait, {snapshot.running:.0f} are being evaluated"
    )


def _table(*names: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for k, name in enumerate(names):
        table.add_column(name, no_wrap=k < len(names) - 1)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _screen() -> Console:
    return Console(highlight=False)


def _print(document: Mapping[str, Any]) -> None:
    print(json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False))
