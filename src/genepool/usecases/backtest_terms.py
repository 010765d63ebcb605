"""The terms of one backtest: what it was priced by, where that comes from, and what differs from its file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.strategies import seed_strategies
from genepool.usecases.backtest_costs import cost_differences
from genepool.usecases.backtest_ground import Ground
from genepool.usecases.genome_file import GenomeFile


@dataclass(frozen=True, slots=True)
class Terms:
    """By what one backtest is priced.

    Parameters
    ----------
    genome, costs, ground
        The genome that trades, its costs, and the candles.
    file
        The genome's file.
    differences
        What of it is not as the file says, in sentences.
    market
        Kind of the market; empty when unknown.
    flags
        The flag that decides each cost, for those that one does.
    """

    genome: Genome
    costs: CostModel
    ground: Ground
    file: GenomeFile | None
    differences: tuple[str, ...]
    market: str
    flags: Mapping[str, str]


def agreed_terms(
    genome: Genome,
    costs: CostModel,
    ground: Ground,
    file: GenomeFile | None,
    of_genes: Sequence[str],
    market: str = "",
    flags: Mapping[str, str] = MappingProxyType({}),
) -> Terms:
    """Return the terms, with every difference from the genome's file named.

    Parameters
    ----------
    genome, costs, ground, file
        As in ``Terms``.
    of_genes
        What differs in the genes.
    market
        Kind of the market, for what is usual there.
    flags
        The flag that decides each cost, for those that one does.
    """
    named = [*of_genes]
    if file is not None:
        named += _of_versions(file)
        named += _of_data(file, ground)
        named += cost_differences(file.costs, costs, flags)
        named += (f"{name}: the file lacks it, its default is taken" for name in file.missing_costs)
        named += _of_the_spans(file)
        named += _of_the_problem(file, ground)
    return Terms(genome, costs, ground, file, tuple(named), market, flags)


def _of_versions(file: GenomeFile) -> Iterator[str]:
    today = seed_strategies()[file.strategy].version
    if file.strategy_version not in {None, today}:
        yield (
            f"strategy version: {file.strategy} has version {today} here, the file {file.strategy_version}: "
            "its rules may be others"
        )
    if file.version not in {None, "", version("genepool")}:
        yield f"genepool version: {version('genepool')} here, the file was made by {file.version}"


def _of_data(file: GenomeFile, ground: Ground) -> Iterator[str]:
    then, now = file.data, ground.market
    if file.split is None:
        yield "split: the file has none, so no candle is held back"
    if then is None or ground.known:
        return
    read = f", read with {' '.join(then.reading)}" if then.reading else ""
    yield (
        f"data: {now.symbol} {now.timeframe}, {len(now):,} candles with digest {now.digest[:16]} here; "
        f"the file's are {then.symbol} {then.timeframe}, {then.candles:,} with digest {then.digest[:16]}, "
        f"from {then.source}{read}"
    )


def _of_the_problem(file: GenomeFile, ground: Ground) -> Iterator[str]:
    """Yield a word when the same candles, costs and spans are scored by other rules than they were."""
    if not ground.known or file.split is None or file.costs is None or file.objective is None:
        return
    problem = Problem.seal(ground.market, file.split, file.costs, file.objective)
    if file.candles_per_year not in {None, problem.candles_per_year}:
        yield (
            f"candles a year: {problem.candles_per_year:.6g} by the rules of genepool {version('genepool')}, "
            f"{file.candles_per_year:.6g} are taken, by which the file's run was annualised"
        )
    if file.problem_digest not in {None, problem.digest}:
        yield (
            "scoring: costs, split or objective of the file were changed after its export, its run was kept "
            f"apart from champions by --holding, or genepool {version('genepool')} scores by other rules "
            f"than {file.version} did"
        )


def _listed(ranges: Sequence[Any]) -> list[Any]:
    return [_listed(one) if isinstance(one, tuple) else one for one in ranges]


def _of_the_spans(file: GenomeFile) -> Iterator[str]:
    """Yield a word for each span that the file's own split does not give."""
    if file.split is None or file.data is None or file.spans is None:
        return
    split = file.split.apply(file.data.candles)
    ranges = {"visible": (0, split.visible), "in_sample": split.in_sample, "walk_forward": split.folds}
    for name, found in ranges.items():
        right = _listed(found)
        if file.spans.get(name) != right:
            yield f"spans.{name}: {right} by the file's split is taken, the file says {file.spans.get(name)}"
