from dataclasses import FrozenInstanceError, dataclass

import pytest

from genepool.frozen import maker
from genepool.market.measures import Measures, measures_from


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Checked(_Point):
    def __post_init__(self) -> None:
        raise ValueError


@dataclass(frozen=True)
class _Open:
    x: float


def test_what_is_made_equals_what_the_constructor_builds() -> None:
    values = [float(number) for number in range(len(Measures.__slots__))]

    made = measures_from(*values)

    assert type(made) is Measures
    assert made == Measures(*values)
    assert hash(made) == hash(Measures(*values))


def test_what_is_made_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        maker(_Point)(1.0, 2.0).x = 3.0  # type: ignore[misc] # the point of the test


def test_a_value_too_many_is_an_error() -> None:
    with pytest.raises(TypeError, match="argument"):
        maker(_Point)(1.0, 2.0, 3.0)


@pytest.mark.parametrize("kind", [_Checked, _Open])
def test_a_class_that_checks_its_values_or_has_no_slots_is_refused(kind: type[object]) -> None:
    with pytest.raises(TypeError, match="plain frozen dataclass"):
        maker(kind)
