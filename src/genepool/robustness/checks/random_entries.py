"""Whether a genome earns more than the same trades entered at random times."""

from collections.abc import Sequence

import numpy as np

from genepool.backtest.notation import ratio
from genepool.market.candles import FloatArray, IntArray
from genepool.robustness.checks._base import Check, CheckFinding, drawing, judged, not_applicable, rate
from genepool.robustness.checks._subject import Answers, Subject, Variant

TWINS = 199
_BAR = 0.05


def placed_at_random(
    lengths: IntArray, sizes: FloatArray, candles: int, rng: np.random.Generator
) -> FloatArray:
    """Return the position held at each candle when trades follow each other in random order and distance.

    Parameters
    ----------
    lengths
        Candles that each trade is held for; they fit into the candles.
    sizes
        Signed exposure of each.
    candles
        How many there are.
    rng
        Draws order and distances.

    Returns
    -------
    FloatArray
        Of shape (candles,), 0 where no trade is.
    """
    order = rng.permutation(len(lengths))
    free = candles - int(lengths.sum())
    # A flat candle between two trades keeps them two, as long as there are enough of them.
    apart = 1 if free >= len(lengths) else 0
    before = np.sort(rng.integers(0, free - apart * len(lengths) + 1, len(lengths)))
    held = np.zeros(candles)
    passed = 0
    for place, trade in enumerate(order):
        start = int(before[place]) + apart * place + passed
        held[start : start + int(lengths[trade])] = sizes[trade]
        passed += int(lengths[trade])
    return held


def _variants(subject: Subject) -> Sequence[Variant]:
    rng = drawing(subject, CHECK.name)
    return [Variant(exposure=_twin(subject, rng)) for _ in range(TWINS)]


def _twin(subject: Subject, rng: np.random.Generator) -> FloatArray:
    played, wanted = subject.played, np.zeros(len(subject.problem.candles))
    for start, stop in subject.problem.folds:
        inside = (played.entries >= start) & (played.entries < stop)
        # A trade that begins and ends inside one candle is held for its length.
        lengths = np.maximum(np.minimum(played.exits[inside], stop) - played.entries[inside], 1)
        if not inside.any() or lengths.sum() > stop - start:
            continue
        held = placed_at_random(lengths, played.sizes[inside], stop - start, rng)
        # What is wanted at a close is held from the next open on.
        wanted[start - 1 : stop - 1] = held
    return wanted


def _judge(subject: Subject, answers: Answers) -> CheckFinding:
    sharpes = [one.measures.sharpe for one in answers.results if one is not None]
    if not sharpes:
        return not_applicable("No twin with random entries has a result that is a number.")
    ours = subject.measures.sharpe
    found = (1 + sum(sharpe >= ours for sharpe in sharpes)) / (1 + len(sharpes))
    return judged(
        found,
        _BAR,
        f"Among {len(sharpes)} twins that hold equal positions as long at random times, one that earns as "
        f"well has a probability of {rate(found)}; their median Sharpe is "
        f"{ratio(float(np.median(sharpes)))}.",
        passed=found <= _BAR,
    )


CHECK = Check(
    name="random_entries",
    title="Random entries",
    question="Does it earn more inside the folds than the same trades entered at random times?",
    source="Masters (2006), Monte-Carlo evaluation of trading systems, for the permutation of positions",
    formula="(1 + twins with a Sharpe ratio at least its own) / (1 + 199); each twin takes the same "
    "number of positions in each fold, of the same sides, sizes and holding times, with the same costs",
    passes="up to 0.05",
    blind="It knows of one trial. Exits are random as well, so it does not tell which of both is good. Of "
    "a strategy that is always in the market only the order is drawn.",
    judge=_judge,
    writes=rate,
    variants=_variants,
)
