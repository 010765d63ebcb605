"""What may become of a fleet, in tables: drawdowns, ruin, time under water, correlation going to one."""

from genepool.adapters.report.blocks import Column, Section, TableBlock, TableCell, TableRow, TextBlock
from genepool.adapters.report.notation import count, percent, ratio
from genepool.usecases.fleet_document import FleetPortfolio


def ahead_section(found: FleetPortfolio) -> Section:
    """Return what paths of a year amount to, with luck and without, and what theory says."""
    deflated, recorded = found.deflated, found.recorded
    both = (deflated, recorded)
    rows = [
        [f"ahead after {months} months", *(percent(one.ahead[months]) for one in both)]
        for months in deflated.ahead
    ]
    rows += [
        [
            f"drawdown that {percent(float(q), 0)} of paths do not exceed",
            *(percent(one.drawdowns[q]) for one in both),
        ]
        for q in deflated.drawdowns
    ]
    rows += [
        [f"falls to {percent(float(level), 0)} of the start", *(percent(one.ruin[level], 2) for one in both)]
        for level in deflated.ruin
    ]
    rows += [
        ["closed by the venue", *(percent(one.liquidation, 2) for one in both)],
        ["share of time under water", *(percent(one.under_water, 0) for one in both)],
        ["longest time under water, half of paths", *(_days(one.longest_under_water["0.5"]) for one in both)],
        [
            "longest time under water, 95 % of paths",
            *(_days(one.longest_under_water["0.95"]) for one in both),
        ],
    ]
    note = (
        f"{count(found.terms.drawn)} paths of a year by the stationary bootstrap, in blocks of "
        f"{deflated.block:.1f} {found.terms.clock}s in the mean. What was recorded was chosen "
        "because it looked good: read the column on the left."
    )
    columns = (Column("in a year", text=True), Column("less luck"), Column("as recorded"))
    table = TableBlock(columns, [TableRow([TableCell(cell) for cell in row]) for row in rows])
    return Section("ahead", "What may follow", note, [table, TextBlock(_theory(found), small=True)])


def stress_section(found: FleetPortfolio) -> Section:
    """Return what is left when the bots begin to move as one."""
    levels = list(found.stress[0].ruin)
    columns = (
        Column("way to one", text=True),
        Column("volatility"),
        Column("drawdown, 95 %"),
        *(Column(f"falls to {percent(float(level), 0)}") for level in levels),
    )
    rows = [
        TableRow(
            [
                TableCell(cell)
                for cell in (
                    percent(one.step, 0),
                    percent(one.volatility),
                    percent(one.drawdown),
                    *(percent(one.ruin[level], 2) for level in levels),
                )
            ]
        )
        for one in found.stress
    ]
    note = (
        "All correlations go this part of their way to 1, with volatilities as they were and means less "
        "luck: diversification is gone when it is wanted most."
    )
    return Section("stress", "If correlations go to one", note, [TableBlock(columns, rows)])


def _theory(found: FleetPortfolio) -> str:
    theory = found.theory
    drawdown = (
        f"Theory, for independent normal returns of this volatility without drift, expects a largest fall of "
        f"{percent(theory.expected_drawdown)} in a year."
    )
    level = percent(found.terms.ruin, 0)
    if theory.kelly_used is None:
        return f"{drawdown} No mean is left, so an account that never stops falls to {level} some day."
    return (
        f"{drawdown} By the mean that is left the account trades {ratio(theory.kelly_used)} of full Kelly: "
        f"it keeps {percent(theory.growth_kept, 0)} of the fastest growth, and the chance ever to fall to "
        f"{level} is {percent(theory.ever_ruined)}."
    )


def _days(days: float) -> str:
    return f"{count(days)} d"
