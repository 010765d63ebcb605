"""The verdict, and the numbers that it rests on."""

from rich import box
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from genepool.adapters.console.notation import NONE, ratio
from genepool.history import RunSpec
from genepool.pool.judging import Judged
from genepool.robustness.luck import CONFIDENCE

_COLOURS = {True: "green", False: "yellow"}


def summary_panel(spec: RunSpec, judged: Judged, *, width: int = 100) -> Panel:
    """Return what a run amounts to.

    Parameters
    ----------
    spec
        The run.
    judged
        The run, judged.
    width
        Columns of the terminal.
    """
    evidence = judged.evidence
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    facts.add_row("trials", f"{judged.trials:,} unique genomes tried on these data, all runs counted")
    if evidence:
        facts.add_row("best of noise", f"a Sharpe of {ratio(evidence.expected_best)} is expected of so many")
        probability = f"{evidence.deflated_probability:.2f}"
        facts.add_row("deflated Sharpe", f"{probability} for the champion; believed from {CONFIDENCE:g}")
    else:
        facts.add_row("deflated Sharpe", NONE)
    for name, reason in spec.left_out:
        facts.add_row("left out", f"{name}: {reason}")
    if spec.synthetic:
        facts.add_row(
            "data", Text("synthetic: nothing here says anything about a real market", style="yellow")
        )
    believed = evidence is not None and evidence.deflated_probability >= CONFIDENCE
    verdict = Text(judged.verdict, style="bold")
    return Panel(
        Group(verdict, Text(), facts),
        title=Text(spec.run, style="bold"),
        title_align="left",
        box=box.ROUNDED,
        border_style=_COLOURS[believed],
        padding=(1, 2),
        width=min(width, 140),
    )
