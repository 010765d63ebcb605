"""Sections about the verdict: the ladder, and the champion among the champions of chance."""

from collections.abc import Sequence

from genepool.adapters.report.blocks import Block, ChartBlock, LadderBlock, Section, TextBlock
from genepool.adapters.report.charts.dots import DotChart, dot_chart
from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.notation import count, ratio
from genepool.robustness.ladder import Ladder, NullStanding

LADDER, CHANCE = "ladder", "champions-of-chance"


def verdict_sections(ladder: Ladder | None, nulls: NullStanding | None) -> list[Section]:
    """Return what a page says of the verdict, as far as it is known."""
    sections = [ladder_section(ladder)] if ladder else []
    return [*sections, chance_section(nulls)] if nulls else sections


def ladder_section(ladder: Ladder) -> Section:
    """Show the five rungs, and what it would have taken to see an edge."""
    note = (
        f"{ladder.height} of {len(ladder.rungs)} rungs are passed in a row. One above the rung where the "
        "climb stopped is told as it stands, and does not count."
    )
    rungs = [
        (one.rung.value, one.state.value, one.sentence, place <= ladder.height)
        for place, one in enumerate(ladder.rungs)
    ]
    blocks: list[Block] = [LadderBlock(rungs)]
    if ladder.needed_sentence:
        blocks.append(TextBlock(ladder.needed_sentence))
    return Section(LADDER, "The verdict", note, blocks)


def chance_section(nulls: NullStanding) -> Section:
    """Show what the search found beside what it found where there is nothing to find."""
    note = (
        f"Each dot is what the same search found on a market without an edge, by {nulls.compared}. "
        f"{nulls.sentence}"
    )
    return Section(CHANCE, "Among the champions of chance", note, [_drawn(nulls)])


def _drawn(nulls: NullStanding) -> Block:
    scored = [one for one in nulls.figures if one is not None]
    if nulls.figure is None or not scored:
        return TextBlock("Nothing is drawn: no genome was scored.")
    return ChartBlock(chance_figure(nulls.figure, scored, nulls.compared))


def chance_figure(figure: float, nulls: Sequence[float], compared: str) -> str:
    """Draw the figures of the null searches as dots, and the run's own among them."""
    told = (
        f"This run found {ratio(figure)}; {count(len(nulls))} searches of markets without an edge found "
        f"{ratio(min(nulls))} to {ratio(max(nulls))}."
    )
    caption = Caption("chance", "The champion among the champions of chance", told)
    return dot_chart(DotChart(caption, nulls, figure, "this run", compared))
