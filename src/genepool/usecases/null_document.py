"""What null evolution says of a run, as a document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from genepool.history import THE_RUN_ITSELF, NullSearch, SearchedRun
from genepool.robustness.ladder import NullStanding
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET
from genepool.robustness.null_test import ERROR, as_good, holm, interval, is_rare, p_value
from genepool.robustness.search_statistics import DEFAULT_STATISTIC, SHARPE_OF_CHAMPION, STATISTIC_WORDS
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class NullEvolution(Document):
    """A run's search beside the same search on markets without an edge.

    Parameters
    ----------
    count
        Null searches.
    generator
        How their markets were made.
    statistic, figure
        What is compared, and the run's own; None where the run scored no genome.
    null_figures
        Those of the nulls, the best first, failed searches last.
    reached
        Nulls whose figure is as good as the run's.
    p_value
        (1 + reached) / (1 + count).
    smallest_p
        Smallest p-value that so many nulls can give.
    searches
        Runs that searched these candles, this one included.
    p_corrected
        The p-value, corrected for all of them (Holm); one whose nulls were not made counts with p = 1.
    interval
        Clopper and Pearson's 95 % interval of the share of such nulls.
    null_trials
        Unique genomes that the nulls evaluated; none is a trial on the run's market.
    sentence
        What it amounts to.
    """

    count: int
    generator: str
    statistic: str
    figure: float | None
    null_figures: Sequence[float | None]
    reached: int
    p_value: float
    smallest_p: float
    searches: int
    p_corrected: float
    interval: Sequence[float]
    null_trials: int
    sentence: str


def null_evolution_of(
    searches: Iterable[NullSearch],
    run_digest: str | None,
    wanted: str | None = None,
    count: int | None = None,
    others: Sequence[float | None] = (),
) -> NullEvolution | None:
    """Return what the null searches of a run say; None without any.

    Parameters
    ----------
    searches
        All that are recorded of the run.
    run_digest
        Its digest: nulls of what it was before it was continued say nothing.
    wanted
        Whose nulls; None for those of the usual generator, or of the one with the most.
    count
        How many of them, the first ones; None for all.
    others
        P-values of the other searches of its market, as ``other_p_values`` says.
    """
    mine = [one for one in searches if one.run_digest == run_digest]
    own = next((one for one in mine if one.number == THE_RUN_ITSELF), None)
    by_generator = _by_generator(mine)
    name = wanted if wanted is not None else _shown(by_generator)
    nulls = by_generator.get(name, [])[:count]
    if own is None or not nulls:
        return None
    figure, figures = own.figures.get(DEFAULT_STATISTIC), _sorted(nulls)
    reached = as_good(figure, figures)
    share = p_value(reached, len(nulls))
    return NullEvolution(
        count=len(nulls),
        generator=name,
        statistic=DEFAULT_STATISTIC,
        figure=figure,
        null_figures=figures,
        reached=reached,
        p_value=share,
        smallest_p=p_value(0, len(nulls)),
        searches=1 + len(others),
        p_corrected=holm(share, others),
        interval=interval(reached, len(nulls)),
        null_trials=sum(one.trials for one in nulls),
        sentence=_sentence(reached, len(nulls), holm(share, others), 1 + len(others)),
    )


def null_standing_of(
    searches: Sequence[NullSearch], run_digest: str | None, others: Sequence[float | None] = ()
) -> NullStanding | None:
    """Return the same in plain figures, for the verdict; as ``null_evolution_of``."""
    found = null_evolution_of(searches, run_digest, others=others)
    if found is None:
        return None
    nulls = [one for one in searches if (one.run_digest, one.generator) == (run_digest, found.generator)]
    return NullStanding(
        count=found.count,
        reached=found.reached,
        p_value=found.p_value,
        p_corrected=found.p_corrected,
        smallest_p=found.smallest_p,
        searches=found.searches,
        sharpes=tuple(one.figures.get(SHARPE_OF_CHAMPION) for one in nulls),
        compared=statistic_words(found.statistic),
        figure=found.figure,
        figures=found.null_figures,
        sentence=found.sentence,
    )


def other_p_values(run: str, searched: Iterable[SearchedRun]) -> list[float | None]:
    """Return the p-values of the other runs that searched the market; None where no nulls were made."""
    found = [null_evolution_of(one.nulls, one.run_digest) for one in searched if one.run != run]
    return [None if one is None else one.p_value for one in found]


def statistic_words(statistic: str) -> str:
    """Return what a statistic is, as people say it."""
    return STATISTIC_WORDS.get(statistic, statistic)


def _by_generator(searches: Iterable[NullSearch]) -> Mapping[str, list[NullSearch]]:
    """Return the nulls of each generator in a row from the first: beyond a gap, one came before its turn."""
    found: dict[str, list[NullSearch]] = {}
    for one in sorted(searches, key=lambda one: one.number):
        before = found.get(one.generator, [])
        if one.number == len(before) + 1:
            found[one.generator] = [*before, one]
    return found


def _shown(nulls: Mapping[str, list[NullSearch]]) -> str:
    if DEFAULT_NULL_MARKET in nulls or not nulls:
        return DEFAULT_NULL_MARKET
    return min(nulls, key=lambda name: (-len(nulls[name]), name))


def _sorted(nulls: Iterable[NullSearch]) -> list[float | None]:
    figures = [one.figures.get(DEFAULT_STATISTIC) for one in nulls]
    scored = sorted((one for one in figures if one is not None), reverse=True)
    return [*scored, *[None] * (len(figures) - len(scored))]


def _sentence(reached: int, count: int, share: float, searches: int) -> str:
    markets = f"{count} market{'s' if count > 1 else ''} without an edge"
    found = f"The same search on {markets} found as much {_times(reached)}"
    least = searches * p_value(0, count)
    if reached == 0 and not is_rare(least):
        enough = round(searches / ERROR) - 1
        after = f" after {searches} searches of these candles" if searches > 1 else ""
        few = f"so few nulls say nothing below p = {min(1.0, least):.3g}{after}"
        return f"{found}: {few}, make at least {enough}."
    said = f"p = {share:.3g}" + f", corrected for {searches} searches of these candles" * (searches > 1)
    if is_rare(share):
        return f"{found}: chance alone rarely does ({said}). That is no proof of an edge."
    return f"{found}: chance alone does it too often ({said}). No edge was found."


def _times(reached: int) -> str:
    return {0: "in no case", 1: "once", 2: "twice"}.get(reached, f"{reached} times")
