"""What the files of every target say of a genome, and the templates that they are filled from."""

import textwrap
from collections.abc import Iterable, Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined

from genepool.genome_notation import gene_value
from genepool.market.costs import NOT_CHARGED, CostModel
from genepool.ports.export_targets import ExportedChampion

_WIDTH = 100
_ENVIRONMENT = Environment(
    loader=PackageLoader("genepool.adapters.export.targets"),
    autoescape=False,  # noqa: S701 - programs, no pages; what goes in is a literal or a comment
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["literal"] = repr


def filled(template: str, **values: object) -> str:
    """Return a template of ``targets/templates``, filled; its filter ``literal`` writes Python's literals."""
    return _ENVIRONMENT.get_template(template).render(**values)


def told(champion: ExportedChampion) -> Iterator[str]:
    """Yield what a file says of a genome, a sentence or a line each; an empty line parts the sections.

    What it does, its genes, the costs assumed, the trials of the ledger, the verdict, and the versions.
    """
    rank = "the champion" if champion.rank == 1 else f"rank {champion.rank}"
    yield f"{champion.strategy} {champion.fingerprint}, {rank} of run {champion.run}"
    yield f"bred on {champion.symbol} {champion.timeframe} by GenePool {champion.version}"
    yield ""
    yield "What it does"
    yield from champion.rules
    yield ""
    yield "Genes: " + ", ".join(f"{name} {gene_value(value)}" for name, value in champion.genes.items())
    yield f"The first decision needs {champion.lookback:,} candles before it."
    yield from cost_lines(champion.costs)
    yield ""
    yield f"Trials: {champion.trials:,} genomes were tried on this market, by GenePool's ledger."
    yield f"Verdict: {champion.verdict}"


def cost_lines(costs: CostModel) -> Iterator[str]:
    """Yield what trading was assumed to cost, and what nobody charged."""
    shares = (
        ("taker fee", costs.taker_fee),
        ("maker fee", costs.maker_fee),
        ("slippage", costs.slippage),
        ("spread", costs.spread),
    )
    text = ", ".join(f"{name} {share * 10_000:g} bp" for name, share in shares)
    yield f"Costs assumed: {text}; at most {costs.max_leverage:g} times the equity."
    yield f"Not charged: {NOT_CHARGED}."


def commented(lines: Iterable[str], mark: str = "# ") -> str:
    """Return lines as comments: wrapped, and without anything that could end a comment.

    Parameters
    ----------
    lines
        What is said; an empty one parts paragraphs.
    mark
        What each line of the comment begins with.
    """
    wrapped = []
    for line in lines:
        # A name or a symbol may hold any sign, a line's end among them.
        plain = " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())
        wrapped += textwrap.wrap(plain, _WIDTH - len(mark)) or [""]
    return "\n".join(f"{mark}{line}".rstrip() for line in wrapped)
