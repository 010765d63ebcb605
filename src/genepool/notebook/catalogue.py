"""The seed strategies, as a table."""

from typing import Any

from genepool.strategies import seed_strategies


def strategies() -> Any:  # noqa: ANN401 - pandas has no types of its own
    """Return the seed strategies.

    Returns
    -------
    pandas.DataFrame
        One row a seed, by its name: what it bets on, its genes with their bounds and defaults, the
        columns that it needs beside prices, whether it learns, and where its rule comes from.

    Examples
    --------
    >>> import genepool as gp
    >>> gp.strategies().loc["ema_crossover", "genes"]
    'fast 2-60 (12), slow 5-150 (26), band 0-0.03 (0)'
    """
    import pandas as pd  # noqa: PLC0415 - half a second, and seeds are found without it

    rows = {
        name: {
            "summary": seed.summary,
            "genes": ", ".join(
                f"{gene.name} {gene.low:g}-{gene.high:g} ({gene.default:g})" for gene in seed.genes
            ),
            "requires": ", ".join(sorted(seed.requires)),
            "learning": seed.learning,
            "source": seed.source,
        }
        for name, seed in seed_strategies().items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("strategy")
