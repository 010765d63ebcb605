"""``genepool strategies``: what evolution starts from, and what its genes mean."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from genepool.cli._doc_pages import write_pages
from genepool.cli._output import print_json, screen
from genepool.cli._strategy_pages import documentation
from genepool.errors import ConfigError
from genepool.genome import Gene
from genepool.genome_notation import gene_value
from genepool.risk_genes import RISK_GENES
from genepool.strategies import Strategy, seed_strategies
from genepool.usecases.list_strategies import described_strategy, list_strategies, strategy_rule


def register(app: typer.Typer) -> None:
    """Add the ``strategies`` command."""
    app.command("strategies")(strategies)


def strategies(
    name: Annotated[str, typer.Argument(help="A seed to explain; all are listed without it.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    write_docs: Annotated[
        Path | None, typer.Option(help="Write one Markdown page per seed and an index to this folder.")
    ] = None,
) -> None:
    """List the seed strategies, or explain one: rule, genes, source."""
    seeds = seed_strategies()
    if write_docs is not None:
        write_pages(documentation(seeds), write_docs)
    elif json:
        documents = [seed.as_json() for seed in list_strategies()]
        print_json(described_strategy(_named(seeds, name)).as_json() if name else documents)
    elif name:
        _explain(_named(seeds, name))
    else:
        screen().print(_table(seeds.values()))


def _named(seeds: dict[str, Strategy], name: str) -> Strategy:
    if name not in seeds:
        raise ConfigError(f"there is no strategy {name!r}: choose from {', '.join(seeds)}")
    return seeds[name]


def _table(seeds: Iterable[Strategy]) -> Table:
    table = Table(box=None, header_style="bold", title_justify="left")
    for column in ("seed", "what it bets on", "genes", "needs"):
        table.add_column(column)
    for seed in seeds:
        genes = " ".join(f"{gene.name}={gene_value(gene.default)}" for gene in seed.genes)
        table.add_row(Text(seed.name, "bold"), seed.summary, genes, ", ".join(sorted(seed.requires)))
    return table


def _explain(seed: Strategy) -> None:
    console = screen()
    console.print(Text(f"{seed.name}\n", "bold"))
    for paragraph in strategy_rule(seed).split("\n\n"):
        console.print(" ".join(paragraph.split()), end="\n\n", markup=False)
    console.print(Text.assemble(("source", "dim"), f"    {seed.source}"), soft_wrap=True)
    needs = ", ".join(["prices", *sorted(seed.requires)])
    console.print(Text.assemble(("needs", "dim"), f"     {needs}"))
    lookback = seed.lookback(seed.genome().values)
    reach = f"{lookback} candles, {seed.longest_lookback} at most\n"
    console.print(Text.assemble(("lookback", "dim"), f"  {reach}"))
    console.print(_genes(seed.genes))
    console.print(Text("\nrisk genes, which every genome carries", "dim"))
    console.print(_genes(RISK_GENES))


def _genes(genes: tuple[Gene, ...]) -> Table:
    table = Table(box=None, header_style="bold")
    for column in ("gene", "from", "to", "step", "default", "meaning"):
        table.add_column(column, justify="left" if column in {"gene", "meaning"} else "right")
    for gene in genes:
        numbers = (gene_value(value) for value in (gene.low, gene.high, gene.step, gene.default))
        table.add_row(gene.name, *numbers, gene.meaning)
    return table
