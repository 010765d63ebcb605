"""What a run amounts to, as a document: how its champion was chosen, what else was held, the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.evolution.population import Individual
from genepool.market.measures import Measures
from genepool.objectives import MINIMUM_TRADES
from genepool.pool.judging import Judged
from genepool.robustness.ladder import Ladder
from genepool.robustness.luck import HeldBenchmark
from genepool.robustness.verdict_words import CHOSEN_BY
from genepool.robustness.verdicts import standing
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class Champion(Document):
    """The first of the leaderboard."""

    fingerprint: str
    strategy: str
    selection_score: float | None
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Holding(Document):
    """What a constant position did; ``walk_forward`` inside the folds, ``whole`` without their holes."""

    in_sample: Measures
    walk_forward: Measures
    walk_forward_whole: Measures


@dataclass(frozen=True, slots=True)
class Verdict(Document):
    """What a run amounts to.

    Parameters
    ----------
    champion
        First of the leaderboard; None where no individual was scored.
    buy_and_hold, short_and_hold, benchmark
        What it is compared with, and by name with which of them.
    genomes, trials, trials_not_counted
        How many were tried in this run, on these candles by all runs, and what does not count.
    fewest_trades
        With fewer, no individual is scored.
    deflated_sharpe, standing, deflation
        How the champion stands, given all trials, by deflation alone: a probability, a word and a sentence.
    verdict
        The ladder's sentence.
    """

    champion: Champion | None
    buy_and_hold: Holding
    short_and_hold: Holding
    benchmark: str
    genomes: int
    trials: int
    trials_not_counted: str | None
    fewest_trades: float
    deflated_sharpe: float | None
    standing: str | None
    deflation: str
    verdict: str


@dataclass(frozen=True, slots=True)
class NoVerdict(Document):
    """What is null of a run whose candles are not at hand."""

    champion: None = None
    buy_and_hold: None = None
    short_and_hold: None = None
    benchmark: None = None
    deflated_sharpe: None = None
    standing: None = None
    deflation: None = None
    verdict: None = None


def verdict_of(judged: Judged, ladder: Ladder) -> Verdict:
    """Return what a judged run amounts to, whose champion climbs a ladder."""
    evidence = judged.evidence
    return Verdict(
        champion=champion_of_board([judged.champion] if judged.champion else []),
        buy_and_hold=_holding(judged.hold),
        short_and_hold=_holding(judged.short),
        benchmark="short_and_hold" if judged.benchmark is judged.short else "buy_and_hold",
        genomes=judged.genomes,
        trials=judged.trials,
        trials_not_counted=judged.uncounted or None,
        fewest_trades=MINIMUM_TRADES,
        deflated_sharpe=evidence.deflated_probability if evidence else None,
        standing=standing(evidence).name.lower() if evidence else None,
        deflation=judged.deflation,
        verdict=ladder.sentence,
    )


def champion_of_board(board: Sequence[Individual]) -> Champion | None:
    """Return the first of a leaderboard; None where no individual was scored."""
    if not board:
        return None
    genome, score = board[0].genome, board[0].evaluation.selection_score
    return Champion(genome.fingerprint, genome.strategy, score, CHOSEN_BY)


def _holding(held: HeldBenchmark) -> Holding:
    return Holding(held.in_sample, held.walk_forward, held.whole)
