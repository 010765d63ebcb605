"""The seed strategies as Markdown pages for the documentation."""

from collections.abc import Iterable, Mapping

from genepool.genome import Gene
from genepool.genome_notation import gene_value
from genepool.risk_genes import RISK_GENES
from genepool.strategies import Strategy
from genepool.usecases.list_strategies import strategy_rule

_WRITTEN_BY = "<!-- Written by `genepool strategies --write-docs`: edit the strategy, not this page. -->"
_ABOUT_SEEDS = """\
Every seed turns candles into an exposure wanted at each close, between -1 and 1; evolution looks for the
gene values. Periods are counted in candles, and the defaults are the values of the textbooks."""
_ABOUT_RISK = """\
Every genome of every seed carries these. At its default each of them is off and leaves the seed alone."""


def documentation(strategies: Mapping[str, Strategy]) -> dict[str, str]:
    """Return the Markdown page of every seed and of the index, by file name."""
    pages = {f"{name}.md": strategy_page(strategy) for name, strategy in strategies.items()}
    return {"index.md": index_page(strategies.values()), **pages}


def strategy_page(strategy: Strategy) -> str:
    """Return one seed's Markdown page."""
    default = strategy.lookback(strategy.genome().values)
    facts = [
        f"**Needs:** {_needs(strategy)}.",
        f"**Lookback:** {default} candles with the defaults, {strategy.longest_lookback} at the most.",
        f"**Source:** {strategy.source}.",
    ]
    if strategy.learning:
        facts.insert(1, "**Learns:** it refits a model as it goes, on past candles only.")
    blocks = [
        f"# {strategy.name}\n{_WRITTEN_BY}",
        strategy_rule(strategy),
        "\n".join(f"- {fact}" for fact in facts),
        "## Genes",
        gene_table(strategy.genes),
        "Every genome carries the [risk genes](index.md#risk-genes) too.",
    ]
    return "\n\n".join(blocks) + "\n"


def index_page(strategies: Iterable[Strategy]) -> str:
    """Return the Markdown page that lists all seeds and the genes that they share."""
    rows = [
        f"| [{seed.name}]({seed.name}.md) | {seed.summary} | {len(seed.genes)} | {_needs(seed)} |"
        for seed in strategies
    ]
    blocks = [
        f"# The seed strategies\n{_WRITTEN_BY}",
        _ABOUT_SEEDS,
        "\n".join(["| seed | what it bets on | genes | needs |", "|---|---|---|---|", *rows]),
        "## Risk genes",
        _ABOUT_RISK,
        gene_table(RISK_GENES),
    ]
    return "\n\n".join(blocks) + "\n"


def gene_table(genes: Iterable[Gene]) -> str:
    """Return genes as a Markdown table."""
    rows = [
        f"| `{gene.name}` | {gene_value(gene.low)} to {gene_value(gene.high)} | {gene_value(gene.step)} "
        f"| {gene_value(gene.default)} | {gene.meaning} |"
        for gene in genes
    ]
    return "\n".join(["| gene | bounds | step | default | meaning |", "|---|---|---|---|---|", *rows])


def _needs(strategy: Strategy) -> str:
    return ", ".join(["prices", *sorted(strategy.requires)])
