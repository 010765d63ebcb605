"""One evolution through all faults, one after the other: each has a stretch of the run to itself."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from infrastructure.core.compose.stack import StackError
from tests.chaos.stack.legs import Facts, Leg
from tests.chaos.stack.recovery import Recovery, Sample, recovery
from tests.chaos.stack.trial import Trial

# What a fault is measured against, what passes quietly before the next, and when it counts as never over.
_BEFORE_SECONDS, _CALM_SECONDS, _OVER_SECONDS = 2.5, 3.0, 180.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one fault cost.

    Parameters
    ----------
    felt
        From the fault until the next one.
    returned
        Seconds from the end of the fault until all evaluation processes worked.
    facts
        What was seen meanwhile.
    """

    felt: Recovery
    returned: float
    facts: Facts


def through(trial: Trial, legs: Sequence[Leg]) -> tuple[dict[str, Stretch], str]:
    """Take a run that has started through the faults; return what they cost, and why the rest was not met."""
    stretches: dict[str, Stretch] = {}
    for leg in legs:
        try:
            if trial.state() != "running":
                return stretches, f"the run was over before: {leg.fault}"
            stretches[leg.fault] = _met(trial, leg)
        except StackError as error:
            return stretches, f"{leg.fault}: {error}"
    return stretches, ""


def _met(trial: Trial, leg: Leg) -> Stretch:
    at = time.monotonic()
    facts = leg.inject(trial.stack)
    undone = time.monotonic()
    while not over(felt := _felt(trial.samples, at), at, leg, undone, trial.samples):
        if time.monotonic() > undone + _OVER_SECONDS:
            raise StackError(f"not over {_OVER_SECONDS:g} s later: {felt}, last seen {trial.samples[-1:]}")
        time.sleep(0.25)
    return Stretch(felt, max(0.0, at + (felt.full_strength or 0.0) - undone), facts)


def over(felt: Recovery, at: float, leg: Leg, undone: float, samples: Sequence[Sample]) -> bool:
    """Tell whether a fault was noticed and made up for, and work has been accepted since."""
    if felt.full_strength is None or (leg.noticed and felt.noticed is None):
        return False
    calm_since = max(undone, at + felt.full_strength)
    later = [one for one in samples if one.at >= calm_since and one.evaluations is not None]
    gained = bool(later) and (later[-1].evaluations or 0.0) > (later[0].evaluations or 0.0)
    return gained and later[-1].at - calm_since >= _CALM_SECONDS


def _felt(samples: Sequence[Sample], at: float) -> Recovery:
    recent = [one for one in samples if one.at > at - _BEFORE_SECONDS]
    return recovery(recent, at, recent[-1].at)
