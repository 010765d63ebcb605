"""What a line of the results tells of a cell: figures, p-values, rungs, one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from benchmarks.calibration.cells import Cell
from benchmarks.calibration.judging import Judgement
from benchmarks.calibration.nulls import Asked, Stood, rare, stood
from benchmarks.calibration.searching import Searched
from genepool.history import NullSearch
from genepool.robustness.ladder import ExamOutcome, Ladder, NullStanding, climb
from genepool.robustness.luck import CONFIDENCE
from genepool.robustness.null_test import as_good, holm, p_value
from genepool.robustness.search_statistics import DEFAULT_STATISTIC

# A cell as values of JSON; ``tables`` says which of its names are read.
Line: TypeAlias = dict[str, Any]


def told(
    cell: Cell,
    run: Searched,
    judged: Judgement | None,
    nulls: Sequence[NullSearch],
    asked: Asked,
    exam: ExamOutcome | None = None,
) -> Line:
    """Return what a run amounts to.

    Parameters
    ----------
    cell
        Where it was made.
    run, judged
        The run that was kept, and what is known of its champion.
    nulls, asked
        Its nulls in the order made, and how many it was to have.
    exam
        What left the sealed exam.
    """
    figures = [one.figures for one in nulls]
    standings = {name: stood(run.figures, figures, asked, name) for name in asked.statistics}
    standing = null_standing(standings[DEFAULT_STATISTIC], nulls, asked)
    findings = judged.stability if judged else None
    ladder = climb(judged.evidence if judged else None, standing, findings, exam)
    return {
        "key": cell.key,
        "experiment": cell.experiment.value,
        "kind": cell.kind,
        "number": cell.number,
        "sharpe": cell.sharpe,
        "figures": dict(run.figures),
        "p": {name: one.p_value for name, one in standings.items()},
        "rare": {name: rare(one, asked) for name, one in standings.items()},
        "p_corrected": standing.p_corrected,
        "searches": asked.searches,
        "null_count": asked.count,
        "nulls_made": len(nulls),
        "exam": None if exam is None else exam.passed,
        **_champion(run, judged),
        **_ladder(ladder),
    }


def null_standing(one: Stood, nulls: Sequence[NullSearch], asked: Asked) -> NullStanding:
    """Return how the ladder is told of it: the other runs of the market have no nulls, and count with 1."""
    return NullStanding(
        count=asked.count,
        reached=one.reached,
        p_value=one.p_value,
        p_corrected=holm(one.p_value, [None] * (asked.searches - 1)),
        smallest_p=p_value(0, asked.count),
        searches=asked.searches,
        sharpes=[null.figures["champion_walk_forward"] for null in nulls],
    )


def uncorrected(run: Searched, nulls: Sequence[NullSearch], count: int) -> float:
    """Return the p-value of a run by its first nulls, as if nobody had searched its market before."""
    figures = [one.figures[DEFAULT_STATISTIC] for one in nulls]
    return p_value(as_good(run.figures[DEFAULT_STATISTIC], figures), count)


def _champion(run: Searched, judged: Judgement | None) -> Mapping[str, Any]:
    if judged is None or run.fold.champion is None:
        return {"strategy": None, "plain": False, "effective": False, "deflated": False}
    evidence = judged.evidence
    return {
        "strategy": run.fold.champion.genome.strategy,
        "in_sample_sharpe": evidence.sharpe_in_sample,
        "walk_forward_sharpe": evidence.sharpe,
        "years": evidence.years,
        "hold_sharpe": evidence.hold_sharpe,
        "probabilities": {
            "plain": judged.plain,
            "effective": judged.effective,
            "deflated": evidence.deflated_probability,
        },
        "effective_trials": judged.effective_trials,
        "plain": judged.plain >= CONFIDENCE,
        "effective": judged.effective >= CONFIDENCE,
        "deflated": evidence.deflated_probability >= CONFIDENCE,
        "checks": {name: str(found.outcome) for name, found in judged.stability},
    }


def _ladder(ladder: Ladder) -> Mapping[str, Any]:
    return {
        "rungs": {one.rung.name.lower(): str(one.state) for one in ladder.rungs},
        "height": ladder.height,
        "rung": ladder.reached.name.lower() if ladder.reached else None,
        "sentence": ladder.sentence,
        "seen_half_of_the_time": ladder.needed.smallest_sharpe if ladder.needed else None,
    }
