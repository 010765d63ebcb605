"""How long a fault was felt, read from samples of the coordinator's metrics; no clock, no stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Sample:
    """What the coordinator said at one instant.

    Parameters
    ----------
    at
        Seconds since some fixed instant.
    evaluations
        Accepted so far by the process that answered; None when none did.
    retries
        Batches that were handed out again so far.
    actors
        Evaluation processes that are there.
    generation
        Generations recorded.
    """

    at: float
    evaluations: float | None
    retries: float = 0.0
    actors: float = 0.0
    generation: float = 0.0


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a fault cost, in seconds after it; None for what never happened.

    Parameters
    ----------
    longest_gap
        Longest time without an accepted result, from the fault on.
    noticed
        Until a batch was handed out again or an evaluation process was missed.
    rerun
        Until results were accepted again after it was noticed: lost work is under way again.
    full_strength
        Until as many evaluation processes as before worked again.
    """

    longest_gap: float
    noticed: float | None
    rerun: float | None
    full_strength: float | None


def recovery(samples: Sequence[Sample], fault: float, end: float) -> Recovery:
    """Read from samples what a fault cost.

    Parameters
    ----------
    samples
        In order of time; some from before the fault.
    fault
        When it was injected.
    end
        When the last result was due: later samples of an idle coordinator are no gap.

    Raises
    ------
    ValueError
        When there is no sample from before the fault to compare with.
    """
    before = [sample for sample in samples if sample.at <= fault and sample.evaluations is not None]
    after = [sample for sample in samples if fault < sample.at <= end]
    if not before:
        raise ValueError("no sample from before the fault: nothing to compare with")
    progress = _progress([before[-1], *after])
    noticed = _noticed(before[-1], after)
    rerun = next((at for at in progress if noticed is not None and at > noticed), None)
    strength = max(sample.actors for sample in before)
    return Recovery(
        longest_gap=max(later - earlier for earlier, later in pairwise([fault, *progress, end])),
        noticed=_since(fault, noticed),
        rerun=_since(fault, rerun),
        full_strength=_since(fault, _restored(after, strength)),
    )


def growth(samples: Sequence[Sample], begin: float, end: float) -> float | None:
    """Return what was accepted between two instants; None when a new process counted from zero."""
    seen = [sample for sample in samples if begin <= sample.at <= end and sample.evaluations is not None]
    counts = [sample.evaluations or 0.0 for sample in seen]
    if len(counts) < 2 or counts != sorted(counts):
        return None
    return counts[-1] - counts[0]


def _progress(samples: Sequence[Sample]) -> list[float]:
    known = [sample for sample in samples if sample.evaluations is not None]
    return [later.at for earlier, later in pairwise(known) if _gained(earlier, later) > 0]


def _gained(earlier: Sample, later: Sample) -> float:
    """Return what was added; a new process counts from zero."""
    before, now = earlier.evaluations or 0.0, later.evaluations or 0.0
    return now - before if now >= before else now


def _noticed(before: Sample, after: Sequence[Sample]) -> float | None:
    for sample in after:
        gone = sample.evaluations is None
        if gone or sample.retries > before.retries or sample.actors < before.actors:
            return sample.at
    return None


def _restored(after: Sequence[Sample], strength: float) -> float | None:
    """Return the start of the last stretch at full strength; None when the end was weaker."""
    weak = [k for k, sample in enumerate(after) if sample.evaluations is None or sample.actors < strength]
    if not weak:
        return after[0].at if after else None
    return after[weak[-1] + 1].at if weak[-1] + 1 < len(after) else None


def _since(fault: float, instant: float | None) -> float | None:
    return None if instant is None else instant - fault
