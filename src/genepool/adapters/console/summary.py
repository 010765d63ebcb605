"""The verdict, and the numbers that it rests on."""

from rich import box
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from genepool.adapters.console.ladder import ladder_table
from genepool.backtest.caveats import reading_of
from genepool.backtest.notation import DASH, change, probability, ratio
from genepool.history import RunSpec
from genepool.objectives import MINIMUM_TRADES
from genepool.pool.judging import Judged
from genepool.robustness.ladder import Ladder, Rung
from genepool.robustness.luck import CONFIDENCE, HeldBenchmark
from genepool.robustness.verdict_words import chosen_from

_COLOURS = {True: "green", False: "yellow"}


def summary_panel(spec: RunSpec, judged: Judged, ladder: Ladder, *, width: int = 100) -> Panel:
    """Return what a run amounts to.

    Parameters
    ----------
    spec
        The run.
    judged, ladder
        The run, judged, and how far its champion climbs.
    width
        Columns of the terminal.
    """
    evidence = judged.evidence
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    if evidence:
        facts.add_row("champion", chosen_from(judged.genomes))
    facts.add_row(
        "trials", f"{judged.trials:,} unique genomes tried on these candles, over all runs and reports"
    )
    if judged.uncounted:
        facts.add_row("not counted", judged.uncounted)
    if evidence:
        facts.add_row("benchmark", _benchmark(judged.benchmark, judged.candles_per_year))
        noise = f"a Sharpe of {ratio(evidence.expected_best)} is expected of so many"
        facts.add_row("best of noise", f"{DASH}, since {evidence.too_short}" if evidence.too_short else noise)
        deflated = probability(evidence.deflated_probability)
        bars = f"believed from {CONFIDENCE:g} and {MINIMUM_TRADES:.0f} trades on"
        facts.add_row("deflated Sharpe", f"{deflated} for the champion; {bars}")
    else:
        facts.add_row("deflated Sharpe", DASH)
    for name, reason in spec.left_out:
        facts.add_row("left out", f"{name}: {reason}")
    if spec.synthetic:
        facts.add_row(
            "data", Text("synthetic: nothing here says anything about a real market", style="yellow")
        )
    believed = ladder.height >= Rung.STABLE.height
    needed = [Text(ladder.needed_sentence), Text()] if ladder.needed_sentence else []
    sentence = Text(ladder.sentence, style="bold")
    return Panel(
        Group(sentence, Text(), ladder_table(ladder), Text(), *needed, facts),
        title=Text(spec.run, style="bold"),
        title_align="left",
        box=box.ROUNDED,
        border_style=_COLOURS[believed],
        padding=(1, 2),
        width=min(width, 140),
    )


def _benchmark(held: HeldBenchmark, per_year: float) -> str:
    inside, whole = held.walk_forward, held.whole
    sharpe = reading_of("sharpe", inside, per_year).text
    return (
        f"{held.title}, the better of holding and short-holding: Sharpe {sharpe} and "
        f"{change(inside.total_return)} inside the folds ({change(whole.total_return)} over their whole span)"
    )
