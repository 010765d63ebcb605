"""From a strategy, gene values and a genome file to a genome; what is changed of them is said."""

import math
from collections.abc import Iterator, Mapping, Sequence

from genepool.errors import ConfigError
from genepool.genome import Gene, Genome
from genepool.pool.planning import named
from genepool.strategies import Strategy, seed_strategies
from genepool.usecases.genome_file import GenomeFile

# A decimal fraction and the binary one that it is read as differ by less.
_ROUNDING = 1e-9


def chosen_genome(
    strategy: str | None,
    assignments: Sequence[str],
    file: GenomeFile | None,
    known: Mapping[str, Strategy] | None = None,
) -> tuple[Genome, tuple[str, ...]]:
    """Build the genome that the flags describe, and say where it is another one than the file's.

    Single genes go before the file's. A gene that the user typed is traded as typed, or refused. The
    strategy is one of the seeds, or of those that are known instead.

    Raises
    ------
    ConfigError
        When there is no strategy, or a gene is not understood, not permitted, or would be changed.
    """
    if file is not None and strategy not in {None, file.strategy}:
        raise ConfigError(f"{file.path} holds a genome of {file.strategy}: leave --strategy {strategy} out")
    name = file.strategy if file is not None else strategy
    if name is None:
        raise ConfigError("say who trades: give --strategy NAME or --genome FILE")
    seed = _known(name, file, known)
    typed = _typed(assignments)
    given = {**(file.genes if file else {}), **typed}
    genome = _built(seed, given, file)
    _refuse_off_grid(seed, typed)
    _refuse_changed(seed, typed, given, genome)
    said = _of_defaults(seed, typed, genome) if file is None else _of_file(seed, typed, file, genome)
    return genome, tuple(said)


def _known(name: str, file: GenomeFile | None, known: Mapping[str, Strategy] | None) -> Strategy:
    try:
        return named(name, seed_strategies() if known is None else known, "strategy")
    except ConfigError as error:
        if file is None:
            raise
        raise ConfigError(f"{file.path}: {error}, or update genepool") from error


def _typed(assignments: Sequence[str]) -> dict[str, float]:
    typed: dict[str, float] = {}
    for text in assignments:
        name, _, value = text.partition("=")
        name = name.strip()
        if name in typed:
            raise ConfigError(f"--gene {name} is given twice: leave one of them")
        try:
            typed[name] = float(value)
        except ValueError as error:
            raise ConfigError(
                f"--gene {text} is not understood: write NAME=NUMBER, such as fast=12"
            ) from error
    return typed


def _built(seed: Strategy, given: Mapping[str, float], file: GenomeFile | None) -> Genome:
    try:
        return seed.genome(given)
    except ConfigError as error:
        raise ConfigError(f"{file.path}: {error}" if file else str(error)) from error


def _refuse_off_grid(seed: Strategy, typed: Mapping[str, float]) -> None:
    for gene in seed.all_genes:
        if gene.name in typed and not _permitted(gene, typed[gene.name]):
            value = typed[gene.name]
            raise ConfigError(
                f"--gene {gene.name}={_plain(value)} is no permitted value of {seed.name}: the nearest are "
                f"{_nearest(gene, value)} ({_plain(gene.low)} to {_plain(gene.high)} in steps of "
                f"{_plain(gene.step)})"
            )


def _refuse_changed(
    seed: Strategy, typed: Mapping[str, float], given: Mapping[str, float], genome: Genome
) -> None:
    """Refuse genes that the strategy's repair would trade with other values than the user typed."""
    changed = [name for name, value in typed.items() if abs(genome.values[name] - value) > _ROUNDING]
    if changed:
        moved = _moved(seed, given, genome)
        asked = " ".join(f"{name}={_plain(typed[name])}" for name in changed)
        others = [f"{name}={_plain(_asked(seed, given, name))}" for name in moved if name not in typed]
        beside = f", with {' '.join(others)} where --gene says nothing" if others else ""
        instead = " ".join(f"{name}={_plain(genome.values[name])}" for name in moved)
        raise ConfigError(
            f"--gene {asked} does not go with the other genes of {seed.name}{beside}: it would trade "
            f"{instead}, so give these, or others that go together"
        )


def _moved(seed: Strategy, given: Mapping[str, float], genome: Genome) -> list[str]:
    """Return the genes that have another value than was given for them, or than their default."""
    return [name for name, value in genome.genes if value != _asked(seed, given, name)]


def _asked(seed: Strategy, given: Mapping[str, float], name: str) -> float:
    gene = next(gene for gene in seed.all_genes if gene.name == name)
    return gene.quantise(given.get(name, gene.default))


def _of_defaults(seed: Strategy, typed: Mapping[str, float], genome: Genome) -> Iterator[str]:
    """Yield a sentence for each gene whose default does not go with what the user typed."""
    for gene in seed.all_genes:
        value = genome.values[gene.name]
        if gene.name not in typed and value != gene.default:
            yield (
                f"gene {gene.name}: {_plain(value)} is traded, "
                f"its default {_plain(gene.default)} does not go with the others"
            )


def _of_file(seed: Strategy, typed: Mapping[str, float], file: GenomeFile, genome: Genome) -> Iterator[str]:
    """Yield a sentence for each gene that is not traded as the file says."""
    for gene in seed.all_genes:
        traded, written = genome.values[gene.name], file.genes.get(gene.name)
        if written is None or abs(traded - written) > _ROUNDING:
            yield f"gene {gene.name}: {_plain(traded)} is traded, {_why(gene, typed, written)}"
    if not typed and file.fingerprint not in {None, genome.fingerprint}:
        yield f"fingerprint: {genome.fingerprint} by these genes, the file says {file.fingerprint}"


def _why(gene: Gene, typed: Mapping[str, float], written: float | None) -> str:
    if gene.name in typed:
        return f"by --gene, the file {'lacks it' if written is None else f'says {_plain(written)}'}"
    if written is None:
        return f"the file lacks it, its default is {_plain(gene.default)}"
    if _permitted(gene, written):
        return f"the file's {_plain(written)} does not go with the others"
    return f"the file's {_plain(written)} is no permitted value"


def _permitted(gene: Gene, value: float) -> bool:
    return abs(gene.quantise(value) - value) <= _ROUNDING


def _nearest(gene: Gene, value: float) -> str:
    place = (value - gene.low) / gene.step
    return f"{_plain(gene.at(math.floor(place)))} and {_plain(gene.at(math.ceil(place)))}"


def _plain(value: float) -> str:
    return f"{value:.12g}"
