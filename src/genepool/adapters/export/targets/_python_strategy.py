"""What exported Python strategies share: the class that trades a genome, and its genes as parameters."""

from collections.abc import Iterator, Mapping

from genepool.adapters.export.targets._candle_files import funding_csv
from genepool.market.candles import Candles
from genepool.ports.export_targets import ExportedChampion
from genepool.strategies import seed_strategies


def class_name(champion: ExportedChampion) -> str:
    """Return the name of the class that trades a genome: its strategy and the start of its fingerprint."""
    return f"{champion.strategy.title().replace('_', '')}{champion.fingerprint[:8].upper()}"


def parameters_of(champion: ExportedChampion) -> Iterator[Mapping[str, object]]:
    """Yield each gene as a parameter: its name, type, bounds and step, and its value as the default."""
    for gene in seed_strategies()[champion.strategy].all_genes:
        kind = int if gene.integer else float
        numbers = {"min": gene.low, "max": gene.high, "step": gene.step, "default": champion.genes[gene.name]}
        yield {
            "name": gene.name,
            "type": kind.__name__,
            **{place: kind(number) for place, number in numbers.items()},
        }


def needs_funding(champion: ExportedChampion) -> bool:
    """Say whether a genome decides by funding rates, so that a file must hand them over."""
    return "funding" in seed_strategies()[champion.strategy].requires


def rates_file(
    champion: ExportedChampion, folder: str = "", candles: Candles | None = None
) -> dict[str, str]:
    """Return ``funding.csv`` by its path, for a genome that needs it: of candles, or its header alone."""
    if not needs_funding(champion):
        return {}
    laid = {} if candles is None else funding_csv(candles)
    return {f"{folder}funding.csv": laid.get("funding.csv", "time,rate\n")}
